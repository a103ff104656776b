package dev.slipway.postgres;

import dev.slipway.config.ChannelBinding;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import dev.slipway.config.Secret;
import dev.slipway.config.SslMode;
import dev.slipway.config.SslNegotiation;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/// A connection string in the properties of pgjdbc.
final class ConnectionProperties {
  /// The connection property that holds the connection string itself, for what pgjdbc has no
  /// property for.
  private static final String CONNECTION_STRING = "slipway.connectionString";

  private ConnectionProperties() {}

  /// What properties were made of.
  static ConnectionString connectionString(Properties properties) {
    return (ConnectionString)
        Objects.requireNonNull(properties.get(CONNECTION_STRING), CONNECTION_STRING);
  }

  /// @param leftMillis how long the connect may take at most
  static Properties of(ConnectionString to, HostAddress address, String user, long leftMillis) {
    var properties = new Properties();
    properties.put(CONNECTION_STRING, to);
    properties.setProperty("user", user);
    properties.setProperty("PGDBNAME", to.database().orElse(user));
    Optional<Secret> password = to.readPassword(address, user);
    if (password.isPresent()) {
      properties.setProperty("password", password.get().reveal());
    }
    properties.setProperty("ApplicationName", to.applicationName().orElse("slipway"));
    // Else pgjdbc sends the application name in a round trip of its own.
    properties.setProperty("assumeMinServerVersion", "14");
    properties.setProperty("connectTimeout", Long.toString(connectSeconds(to, leftMillis)));
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("socketFactory", SessionSocketFactory.class.getName());
    properties.setProperty("tcpKeepAlive", Boolean.toString(to.tcpKeepalive()));
    properties.setProperty("channelBinding", channelBinding(to.channelBinding()));
    properties.setProperty("requireAuth", LoginMethods.allowed(to.requireAuth()));
    set(properties, "currentSchema", to.searchPath());
    set(properties, "options", to.options());
    set(properties, SessionStreams.TIMEZONE, to.timezone());
    if (address.unixSocket().isPresent()) {
      useUnixSocket(properties, to, address.unixSocket().get());
    } else {
      properties.setProperty(SessionSocketFactory.HOST, address.host());
      properties.setProperty(SessionSocketFactory.PORT, Integer.toString(address.port()));
      useTls(properties, to);
    }
    return properties;
  }

  /// Without a lambda: each is a class to make when the program starts.
  private static void set(Properties properties, String name, Optional<String> value) {
    if (value.isPresent()) {
      properties.setProperty(name, value.get());
    }
  }

  /// No server has TLS there, and which mode wants it the server is asked in vain, as by Npgsql.
  private static void useUnixSocket(Properties properties, ConnectionString to, Path socket) {
    properties.setProperty(SessionSocketFactory.UNIX_SOCKET, socket.toString());
    String mode = sslMode(to.sslMode());
    properties.setProperty("sslmode", mode.equals("require") ? mode : "disable");
  }

  private static void useTls(Properties properties, ConnectionString to) {
    properties.setProperty("sslmode", sslMode(to.sslMode()));
    properties.setProperty("sslfactory", SessionTlsFactory.class.getName());
    if (to.sslNegotiation() == SslNegotiation.DIRECT) {
      properties.setProperty("sslNegotiation", "direct");
    }
  }

  /// When TLS is used; what the certificate must be is decided by [ServerTrust].
  private static String sslMode(SslMode mode) {
    return switch (mode) {
      case DISABLE -> "disable";
      case ALLOW -> "allow";
      case PREFER -> "prefer";
      case REQUIRE, VERIFY_CA, VERIFY_FULL -> "require";
    };
  }

  private static String channelBinding(ChannelBinding binding) {
    return switch (binding) {
      case DISABLE -> "disable";
      case PREFER -> "prefer";
      case REQUIRE -> "require";
    };
  }

  /// No single try may take longer than what is left of the waiting; pgjdbc takes whole seconds.
  private static long connectSeconds(ConnectionString to, long leftMillis) {
    long left = Math.max(1, (leftMillis + 999) / 1000);
    long wanted = to.timeout().toSeconds();
    return wanted == 0 ? left : Math.min(wanted, left);
  }
}
