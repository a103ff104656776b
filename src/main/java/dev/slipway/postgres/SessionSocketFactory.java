package dev.slipway.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/// Makes the sockets of pgjdbc's connections: TCP, or a Unix-domain socket where the connection
/// string's host is a folder. pgjdbc makes an instance by its name (property `socketFactory`).
public final class SessionSocketFactory extends SocketFactory {
  /// The connection property that holds the path of a Unix-domain socket.
  static final String UNIX_SOCKET = "slipway.unixSocket";

  private final Optional<String> timezone;
  private final @Nullable String unixSocket;

  public SessionSocketFactory(Properties connectionProperties) {
    timezone = SessionStreams.timezone(connectionProperties);
    unixSocket = connectionProperties.getProperty(UNIX_SOCKET);
  }

  @Override
  public Socket createSocket() throws IOException {
    return unixSocket == null
        ? new TcpSocket(timezone)
        : new UnixSocket(Path.of(unixSocket), timezone);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("pgjdbc connects its sockets itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("pgjdbc connects its sockets itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("pgjdbc connects its sockets itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("pgjdbc connects its sockets itself");
  }

  private static final class TcpSocket extends Socket {
    private final Optional<String> timezone;
    private @Nullable SessionStreams streams;

    TcpSocket(Optional<String> timezone) {
      this.timezone = timezone;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return streams().in();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return streams().out();
    }

    private SessionStreams streams() throws IOException {
      SessionStreams made = streams;
      if (made == null) {
        made = SessionStreams.of(super.getInputStream(), super.getOutputStream(), timezone);
        streams = made;
      }
      return made;
    }
  }
}
