package dev.slipway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The most resident memory that a process has had (`VmHWM` of Linux), asked for as long as it
/// runs: when it has ended, nobody but its parent could be told, and Java does not ask.
public final class PeakMemory {
  private static final long POLL_MILLIS = 5;

  private final Thread watch;
  private volatile long kilobytes;

  private PeakMemory(Process process) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    watch = Thread.ofVirtual().start(() -> watch(process, status));
  }

  /// Watches from now on.
  public static PeakMemory of(Process process) {
    return new PeakMemory(process);
  }

  private void watch(Process process, Path status) {
    try {
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        kilobytes = Math.max(kilobytes, read(status));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (NoSuchFileException e) {
      // It has ended between the two looks.
      return;
    } catch (IOException e) {
      throw new IllegalStateException("what a process takes is told by Linux only", e);
    }
  }

  private static long read(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  /// In MB of 2²⁰ bytes, when the process has ended.
  public double megabytes() throws InterruptedException {
    watch.join();
    return kilobytes / 1024.0;
  }
}
