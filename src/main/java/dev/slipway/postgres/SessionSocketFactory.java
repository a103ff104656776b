package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.UnknownHostException;
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

  /// The connection properties that hold the host's name and the port.
  static final String HOST = "slipway.host";

  static final String PORT = "slipway.port";

  private final Optional<String> timezone;
  private final Properties properties;
  private final long begin = System.nanoTime();
  private final @Nullable String unixSocket;
  private final Optional<Duration> keepaliveTime;
  private final Optional<Duration> keepaliveInterval;

  /// The address that answered. Further connections of the session, as to cancel, have to go to the
  /// same server.
  private volatile @Nullable InetAddress answering;

  public SessionSocketFactory(Properties connectionProperties) {
    properties = connectionProperties;
    timezone = SessionStreams.timezone(connectionProperties);
    unixSocket = connectionProperties.getProperty(UNIX_SOCKET);
    ConnectionString to = ConnectionProperties.connectionString(connectionProperties);
    keepaliveTime = to.tcpKeepaliveTime();
    keepaliveInterval = to.tcpKeepaliveInterval();
  }

  /// A connected socket; pgjdbc itself would try the first address of a name only.
  @Override
  public Socket createSocket() throws IOException {
    if (unixSocket != null) {
      return new UnixSocket(Path.of(unixSocket), timezone);
    }
    InetAddress known = answering;
    return connect(
        known == null
            ? InetAddress.getAllByName(properties.getProperty(HOST))
            : new InetAddress[] {known});
  }

  /// Tries one after another, as Npgsql does, each for an equal part of the time.
  Socket connect(InetAddress... addresses) throws IOException {
    int port = Integer.parseInt(properties.getProperty(PORT));
    int millis = leftMillis();
    @Nullable IOException first = null;
    for (InetAddress address : addresses) {
      Socket socket = unconnected();
      try {
        socket.connect(
            new InetSocketAddress(address, port), Math.max(1, millis / addresses.length));
        answering = address;
        return socket;
      } catch (IOException e) {
        socket.close();
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    throw first == null ? new UnknownHostException(properties.getProperty(HOST)) : first;
  }

  /// Until an address has answered, the time counts from the start, as pgjdbc connects once more,
  /// with or without TLS, where SSL mode Prefer or Allow asks for that.
  private int leftMillis() {
    long wanted = Long.parseLong(properties.getProperty("connectTimeout")) * 1_000;
    long spent = answering == null ? (System.nanoTime() - begin) / 1_000_000 : 0;
    return Math.toIntExact(Math.clamp(wanted - spent, 1, Integer.MAX_VALUE));
  }

  private Socket unconnected() throws IOException {
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
