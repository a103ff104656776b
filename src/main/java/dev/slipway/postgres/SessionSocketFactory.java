package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// Makes the sockets of pgjdbc's connections, connected: TCP, or a Unix-domain socket where the
/// connection string's host is a folder. Of the addresses that a name has, the first that answers
/// counts, as with Npgsql; pgjdbc alone would try the first one only. It makes an instance for each
/// connection, by its name (property `socketFactory`).
public final class SessionSocketFactory extends SocketFactory {
  /// The connection property that holds the path of a Unix-domain socket.
  static final String UNIX_SOCKET = "slipway.unixSocket";

  /// The connection property that holds the [HostAddress].
  static final String ADDRESS = "slipway.address";

  private final Optional<String> timezone;
  private final @Nullable String unixSocket;
  private final HostAddress address;
  private final long timeoutMillis;
  private final Optional<Duration> keepaliveTime;
  private final Optional<Duration> keepaliveInterval;

  /// The one that has answered: a request to cancel has to reach the same server.
  private @Nullable InetAddress chosen;

  public SessionSocketFactory(Properties connectionProperties) {
    timezone = SessionStreams.timezone(connectionProperties);
    unixSocket = connectionProperties.getProperty(UNIX_SOCKET);
    address = (HostAddress) Objects.requireNonNull(connectionProperties.get(ADDRESS), ADDRESS);
    timeoutMillis = 1_000 * Long.parseLong(connectionProperties.getProperty("connectTimeout"));
    ConnectionString to = ConnectionProperties.connectionString(connectionProperties);
    keepaliveTime = to.tcpKeepaliveTime();
    keepaliveInterval = to.tcpKeepaliveInterval();
  }

  @Override
  public Socket createSocket() throws IOException {
    if (unixSocket != null) {
      return new UnixSocket(Path.of(unixSocket), timezone);
    }
    if (chosen != null) {
      return connected(chosen, timeoutMillis);
    }
    InetAddress[] found = InetAddress.getAllByName(address.host());
    long begin = System.nanoTime();
    @Nullable IOException failure = null;
    for (int i = 0; i < found.length; i++) {
      long left = timeoutMillis - (System.nanoTime() - begin) / 1_000_000;
      try {
        Socket socket = connected(found[i], left / (found.length - i));
        chosen = found[i];
        return socket;
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw Objects.requireNonNull(failure, "a name that is known has an address");
  }

  private Socket connected(InetAddress to, long millis) throws IOException {
    var socket = new TcpSocket(timezone);
    try {
      if (keepaliveTime.isPresent()) {
        setSeconds(socket, ExtendedSocketOptions.TCP_KEEPIDLE, keepaliveTime.get());
      }
      if (keepaliveInterval.isPresent()) {
        setSeconds(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, keepaliveInterval.get());
      }
      socket.connect(new InetSocketAddress(to, address.port()), (int) Math.max(1, millis));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void setSeconds(Socket socket, SocketOption<Integer> option, Duration value)
      throws IOException {
    socket.setOption(option, Math.toIntExact(value.toSeconds()));
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("pgjdbc takes sockets without an address");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("pgjdbc takes sockets without an address");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("pgjdbc takes sockets without an address");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("pgjdbc takes sockets without an address");
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
