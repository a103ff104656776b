package dev.slipway.postgres;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Optional;

/// Passes on what pgjdbc sends, with the start-up packet rewritten by [StartupPacket]. Requests
/// that come before it (SSLRequest, CancelRequest) pass as they are; so does everything once the
/// first byte shows TLS, since then the start-up packet is inside of it.
///
/// Under TLS a write that finds the connection ended is no failure yet: why the server ended it,
/// above all a refused client certificate, is still to be read. As in libpq (`pqSendSome`), the
/// next read tells, or fails in its turn.
final class StartupOutputStream extends FilterOutputStream {
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int LARGEST_STARTUP_PACKET = 10_000;
  private static final int PROTOCOL_3 = 3;

  private final Optional<String> timezone;
  private final Runnable onStartup;
  private byte[] pending = new byte[0];
  private boolean passing;
  private boolean underTls;

  /// @param onStartup runs when the start-up packet has been sent
  StartupOutputStream(OutputStream out, Optional<String> timezone, Runnable onStartup) {
    super(out);
    this.timezone = timezone;
    this.onStartup = onStartup;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (underTls) {
      writeUnderTls(bytes, offset, length);
      return;
    }
    if (passing) {
      out.write(bytes, offset, length);
      return;
    }
    int before = pending.length;
    pending = Arrays.copyOf(pending, before + length);
    System.arraycopy(bytes, offset, pending, before, length);
    sendWhatIsWhole();
  }

  private void writeUnderTls(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (SocketException _) {
      // The next read tells why.
    }
  }

  private void sendWhatIsWhole() throws IOException {
    while (!passing && pending.length > 0) {
      if (pending[0] == TLS_HANDSHAKE) {
        underTls = true;
        pass();
        return;
      }
      if (pending.length < 8) {
        return;
      }
      int length = int32(0);
      if (length < 8 || length > LARGEST_STARTUP_PACKET) {
        pass();
        return;
      }
      if (pending.length < length) {
        return;
      }
      sendMessage(Arrays.copyOf(pending, length), int32(4) >> 16 == PROTOCOL_3);
    }
  }

  private void sendMessage(byte[] message, boolean startup) throws IOException {
    pending = Arrays.copyOfRange(pending, message.length, pending.length);
    if (startup) {
      onStartup.run();
      out.write(StartupPacket.rewrite(message, timezone));
      pass();
    } else {
      out.write(message);
    }
  }

  private void pass() throws IOException {
    out.write(pending);
    pending = new byte[0];
    passing = true;
  }

  private int int32(int at) {
    return (pending[at] & 0xFF) << 24
        | (pending[at + 1] & 0xFF) << 16
        | (pending[at + 2] & 0xFF) << 8
        | (pending[at + 3] & 0xFF);
  }
}
