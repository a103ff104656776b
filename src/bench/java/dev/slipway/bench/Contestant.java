package dev.slipway.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program as it is started for a race.
///
/// @param variables what it has in its environment beside the path
record Contestant(String name, List<String> command, Map<String, String> variables, Path folder) {
  private static final long POLL_MILLIS = 10;

  /// What one run of it took.
  ///
  /// @param peakKilobytes the most resident memory it had; 0 where the system does not tell
  record Run(int code, double seconds, long peakKilobytes, String output) {}

  Contestant {
    command = List.copyOf(command);
    variables = Map.copyOf(variables);
  }

  /// Runs it from its start to its end.
  ///
  /// The peak is polled, since only a parent process could ask for it afterwards, and Java does
  /// not. It grows towards the end of a run, if at all, by less than a poll matters.
  Run run() {
    try {
      File output = Files.createTempFile("slipway-bench", ".out").toFile();
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output);
      builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().putAll(variables);
      long begin = System.nanoTime();
      Process process = builder.start();
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      long peak = 0;
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peakKilobytes(status));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      String text = Files.readString(output.toPath());
      Files.delete(output.toPath());
      return new Run(process.exitValue(), seconds, peak, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Runs it where nothing but success will do.
  Run succeed() {
    Run run = run();
    if (run.code != 0) {
      throw new IllegalStateException(
          "%s ended with exit code %d:\n%s".formatted(name, run.code, tail(run.output)));
    }
    return run;
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 4000));
  }

  /// `VmHWM` of Linux: the peak since the program was loaded.
  private static long peakKilobytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      return 0;
    } catch (IOException _) {
      return 0;
    }
  }
}
