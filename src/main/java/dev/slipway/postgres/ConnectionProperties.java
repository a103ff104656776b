package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import dev.slipway.config.Secret;
import dev.slipway.config.SslMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// A connection string in the properties of pgjdbc.
final class ConnectionProperties {
  private ConnectionProperties() {}

  /// @param leftMillis how long the connect may take at most
  static Properties of(ConnectionString to, HostAddress address, String user, long leftMillis) {
    var properties = new Properties();
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
    set(properties, "currentSchema", to.searchPath());
    set(properties, "options", to.options());
    set(properties, SessionStreams.TIMEZONE, to.timezone());
    if (address.unixSocket().isPresent()) {
      useUnixSocket(properties, address.unixSocket().get());
    } else {
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

  private static void useUnixSocket(Properties properties, Path socket) {
    properties.setProperty(SessionSocketFactory.UNIX_SOCKET, socket.toString());
    properties.setProperty("sslmode", "disable");
  }

  private static void useTls(Properties properties, ConnectionString to) {
    properties.setProperty("sslmode", sslMode(to.sslMode()));
    properties.setProperty("sslfactory", SessionTlsFactory.class.getName());
    if (to.rootCertificate().isPresent()) {
      properties.setProperty("sslrootcert", to.rootCertificate().get().toString());
    }
  }

  private static String sslMode(SslMode mode) {
    return switch (mode) {
      case DISABLE -> "disable";
      case ALLOW -> "allow";
      case PREFER -> "prefer";
      case REQUIRE -> "require";
      case VERIFY_CA -> "verify-ca";
      case VERIFY_FULL -> "verify-full";
    };
  }

  /// No single try may take longer than what is left of the waiting; pgjdbc takes whole seconds.
  private static long connectSeconds(ConnectionString to, long leftMillis) {
    long left = Math.max(1, (leftMillis + 999) / 1000);
    long wanted = to.timeout().toSeconds();
    return wanted == 0 ? left : Math.min(wanted, left);
  }
}
