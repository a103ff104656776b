package dev.slipway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The value of the key `Host`: hosts with commas between them, each a name, an IP address or the
/// folder of a Unix socket, and a port behind a colon where it is not that of the key `Port`.
final class HostList {
  private final int port;

  private HostList(int port) {
    this.port = port;
  }

  /// @param port of those that name none
  /// @return at least one
  static List<HostAddress> read(String value, int port) throws MalformedConnectionException {
    var list = new HostList(port);
    if (value.indexOf(',') < 0) {
      return List.of(list.address(value.strip()));
    }
    List<HostAddress> addresses = new ArrayList<>();
    for (String host : value.split(",", -1)) {
      addresses.add(list.address(host.strip()));
    }
    return addresses;
  }

  private HostAddress address(String host) throws MalformedConnectionException {
    if (HostAddress.isFolder(host)) {
      return new HostAddress(host, port);
    }
    if (host.startsWith("@")) {
      throw new MalformedConnectionException(
          "names an abstract Unix socket, which Java does not know",
          "Name the folder of a Unix socket, or a host.");
    }
    int colon = portColon(host);
    if (colon < 0) {
      return plainAddress(host, port);
    }
    Optional<String> written = ConnectionKey.PORT.form().canonical(host.substring(colon + 1));
    if (written.isEmpty()) {
      throw new MalformedConnectionException(
          "has a port behind a host that cannot be read", ConnectionKey.PORT.form().expectation());
    }
    return plainAddress(host.substring(0, colon), Integer.parseInt(written.get()));
  }

  /// The colon before a port; -1 if there is none, or only those of an IPv6 address.
  private static int portColon(String host) {
    int last = host.lastIndexOf(':');
    boolean only = host.indexOf(':') == last;
    boolean behindBracket = host.startsWith("[") && host.lastIndexOf(']') == last - 1;
    return only || behindBracket ? last : -1;
  }

  private static HostAddress plainAddress(String host, int port)
      throws MalformedConnectionException {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (Character.isWhitespace(c)
          || Character.isISOControl(c)
          || "=;/?#@[]\"'\\".indexOf(c) >= 0) {
        throw new MalformedConnectionException(
            "has a \"Host\" that cannot be the name of one",
            "Write a name, an IP address or the folder of a Unix socket, then a semicolon.");
      }
    }
    if (bare.isEmpty()) {
      throw new MalformedConnectionException(
          "names an empty host", "Write a host before each port and between two commas.");
    }
    return new HostAddress(bare, port);
  }
}
