package dev.slipway.postgres;

import java.io.IOException;

/// The server hung up on TLS that began at once. It does so each time, so this is no server that is
/// only starting; what broke is told beside it and not as its cause.
final class DirectTlsException extends IOException {
  private static final long serialVersionUID = 1L;

  DirectTlsException(IOException broken) {
    super("no answer to TLS");
    addSuppressed(broken);
  }
}
