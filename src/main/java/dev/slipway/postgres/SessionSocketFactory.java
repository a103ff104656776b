package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// Makes the sockets of pgjdbc's connections: TCP, or a Unix-domain socket where the connection
/// string's host is a folder. pgjdbc makes an instance by its name (property `socketFactory`).
public final class SessionSocketFactory extends SocketFactory {
  /// The connection property that holds the path of a Unix-domain socket.
  static final String UNIX_SOCKET = "slipway.unixSocket";

  private final Optional<String> timezone;
  private final @Nullable String unixSocket;
  private final Optional<Duration> keepaliveTime;
  private final Optional<Duration> keepaliveInterval;

  public SessionSocketFactory(Properties connectionProperties) {
    timezone = SessionStreams.timezone(connectionProperties);
    unixSocket = connectionProperties.getProperty(UNIX_SOCKET);
    ConnectionString to = ConnectionProperties.connectionString(connectionProperties);
    keepaliveTime = to.tcpKeepaliveTime();
    keepaliveInterval = to.tcpKeepaliveInterval();
  }

  @Override
  public Socket createSocket() throws IOException {
    if (unixSocket != null) {
      return new UnixSocket(Path.of(unixSocket), timezone);
    }
    var socket = new TcpSocket(timezone);
    if (keepaliveTime.isPresent()) {
      setSeconds(socket, ExtendedSocketOptions.TCP_KEEPIDLE, keepaliveTime.get());
    }
    if (keepaliveInterval.isPresent()) {
      setSeconds(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, keepaliveInterval.get());
    }
    return socket;
  }

  private static void setSeconds(Socket socket, SocketOption<Integer> option, Duration value)
      throws IOException {
    socket.setOption(option, Math.toIntExact(value.toSeconds()));
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
