package dev.slipway.config;

import java.nio.file.Path;
import java.util.Optional;

/// Where a server listens: a host name or IP address (without brackets) and a port, or the folder
/// of a Unix socket and the port in the socket's name.
public record HostAddress(String host, int port) {

  /// The Unix socket `{folder}/.s.PGSQL.{port}`, if the host is a folder.
  public Optional<Path> unixSocket() {
    return isFolder(host) ? Optional.of(Path.of(host, ".s.PGSQL." + port)) : Optional.empty();
  }

  /// Whether it is this machine, or this container, by the names that everybody knows.
  public boolean isLocalhost() {
    return host.equalsIgnoreCase("localhost") || host.equals("127.0.0.1") || host.equals("::1");
  }

  /// `host:port`, `[::1]:port`, or the socket's path.
  @Override
  public String toString() {
    if (isFolder(host)) {
      return host + "/.s.PGSQL." + port;
    }
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }

  static boolean isFolder(String host) {
    return host.startsWith("/");
  }
}
