package dev.slipway.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connection string in the form of a URI, as the keys of Npgsql's: libpq's
/// `postgresql://user:password@host:port/database` (also `postgres://`) or pgjdbc's
/// `jdbc:postgresql://host:port/database?user=…`. Without a host the former means the Unix socket,
/// the latter `localhost`.
final class ConnectionUri {
  static final String PASSWORD_HINT =
      "Write it behind the user: postgres://user:password@host/database, or in a JDBC URL as"
          + " ?user=user&password=password.";

  /// Debian's folder, and that of PostgreSQL's own default.
  private static final List<String> SOCKET_FOLDERS = List.of("/var/run/postgresql", "/tmp");

  private static final String ENCODING_HINT =
      "Write a character that has a meaning in URIs by its code: %40 for @, %2F for /, %3A for :, %3F"
          + " for ?, %26 for &, %25 for %.";

  private final UriForm form;
  private final List<Written> written = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private List<String> hosts = List.of();

  /// With its question mark, or empty.
  private String query = "";

  private boolean afterPassword;

  /// One key with its value, in the order of reading; the last of a key counts.
  record Written(ConnectionKey key, String value) {
    /// Without the value, which may be a secret.
    @Override
    public String toString() {
      return key.toString();
    }
  }

  /// What was read.
  ///
  /// @param warnings what has no effect, a sentence each
  record Contents(List<Written> written, List<String> warnings) {}

  private ConnectionUri(UriForm form) {
    this.form = form;
  }

  static boolean isOne(String text) {
    String start = text.stripLeading();
    return startsWith(start, "postgres://")
        || startsWith(start, "postgresql://")
        || startsWith(start, "jdbc:");
  }

  /// @param text one that [#isOne]
  static Contents read(String text) throws MalformedConnectionException {
    String uri = text.strip();
    if (startsWith(uri, "jdbc:")) {
      return readJdbc(uri);
    }
    var reader = new ConnectionUri(UriForm.LIBPQ);
    reader.readAuthority(reader.splitQuery(uri.substring(uri.indexOf("://") + 3)));
    reader.readParameters();
    reader.addHosts(unixSocketFolder());
    return reader.contents();
  }

  private static Contents readJdbc(String uri) throws MalformedConnectionException {
    if (!startsWith(uri, "jdbc:postgresql:")) {
      throw new MalformedConnectionException(
          "is a JDBC URL of another database", "Write jdbc:postgresql://HOST:PORT/DATABASE.");
    }
    var reader = new ConnectionUri(UriForm.JDBC);
    String place = reader.splitQuery(uri.substring("jdbc:postgresql:".length()));
    if (place.indexOf('@') >= 0) {
      throw new MalformedConnectionException(
          "has a user before its host, which JDBC does not know",
          "Write them as parameters: ?user=…&password=…");
    }
    if (place.startsWith("//")) {
      reader.readAuthority(place.substring(2));
    } else {
      reader.add(ConnectionKey.DATABASE, reader.decoded(stripSlash(place)));
    }
    reader.readParameters();
    reader.addHosts("localhost");
    return reader.contents();
  }

  private Contents contents() {
    return new Contents(written, warnings);
  }

  private static boolean startsWith(String text, String prefix) {
    return text.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /// @return what stands before the query
  private String splitQuery(String text) {
    int start = text.indexOf('?');
    String place = start < 0 ? text : text.substring(0, start);
    query = text.substring(place.length());
    afterPassword = ConnectionStringReader.mentionsPassword(place);
    return place;
  }

  private static String stripSlash(String text) {
    return text.startsWith("/") ? text.substring(1) : text;
  }

  /// `user:password@host:port,host:port/database`, each part of which may be missing.
  private void readAuthority(String text) throws MalformedConnectionException {
    int slash = text.indexOf('/');
    String authority = slash < 0 ? text : text.substring(0, slash);
    String database = slash < 0 ? "" : text.substring(slash + 1);
    int at = authority.indexOf('@');
    if (authority.indexOf('@', at + 1) >= 0 || database.indexOf('@') >= 0) {
      throw new MalformedConnectionException(
          "has more than one @ or one behind a /", ENCODING_HINT);
    }
    if (at >= 0) {
      readUser(authority.substring(0, at));
    }
    String places = authority.substring(at + 1);
    if (!places.isEmpty()) {
      readPlaces(places);
    }
    if (!database.isEmpty()) {
      add(ConnectionKey.DATABASE, decoded(database));
    }
  }

  /// The folder of a Unix socket is written with `%2F`, and can have a port like any host; in
  /// Npgsql's key a colon would be a part of its name.
  private void readPlaces(String text) throws MalformedConnectionException {
    int colon = text.lastIndexOf(':');
    boolean one = text.indexOf(',') < 0;
    if (one && colon >= 0 && HostAddress.isFolder(decoded(text.substring(0, colon)))) {
      hosts = List.of(decoded(text.substring(0, colon)));
      add(ConnectionKey.PORT, text.substring(colon + 1));
    } else {
      hosts = List.of(decoded(text).split(",", -1));
    }
  }

  private void readUser(String text) throws MalformedConnectionException {
    int colon = text.indexOf(':');
    String user = decoded(colon < 0 ? text : text.substring(0, colon));
    if (!user.isEmpty()) {
      add(ConnectionKey.USERNAME, user);
    }
    if (colon >= 0 && colon + 1 < text.length()) {
      add(ConnectionKey.PASSWORD, decoded(text.substring(colon + 1)));
    }
  }

  private void readParameters() throws MalformedConnectionException {
    if (query.length() <= 1) {
      return;
    }
    boolean tls = false;
    boolean mode = false;
    boolean unchecked = false;
    for (String pair : query.substring(1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0 && pair.isEmpty()) {
        continue;
      }
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (form == UriForm.JDBC && name.equals("ssl")) {
        tls = value.isEmpty() || value.equalsIgnoreCase("true");
      } else if (form == UriForm.JDBC && name.equals("sslfactory")) {
        unchecked = readFactory(value);
      } else {
        mode = mode || name.equals("sslmode");
        readParameter(name, value);
      }
    }
    // As pgjdbc's SslMode: `ssl` alone means that all of the certificate is checked.
    if (tls && !mode) {
      add(ConnectionKey.SSL_MODE, unchecked ? "Require" : "VerifyFull");
    }
  }

  private static boolean readFactory(String value) throws MalformedConnectionException {
    if (value.endsWith(".NonValidatingFactory")) {
      return true;
    }
    if (value.isEmpty() || value.endsWith(".LibPQFactory")) {
      return false;
    }
    throw new MalformedConnectionException(
        "has a sslfactory of its own", "Take it out, and say by sslmode what is to be checked.");
  }

  private void readParameter(String name, String value) throws MalformedConnectionException {
    @Nullable ConnectionKey key = form.key(name);
    afterPassword = afterPassword || (key != null && key.isSecret());
    if (key == ConnectionKey.HOST) {
      hosts = List.of(value.split(",", -1));
    } else if (key == ConnectionKey.PORT && value.indexOf(',') >= 0) {
      addPorts(value.split(",", -1));
    } else if (key != null) {
      add(key, UriForm.translated(key, value));
    } else {
      readOther(name);
    }
  }

  private void readOther(String name) throws MalformedConnectionException {
    @Nullable String warning = form.warning(name);
    if (warning != null) {
      warnings.add("\"" + name + "\" has no effect: " + warning + ".");
    } else if (!form.isIgnored(name)) {
      throw unknown(name);
    }
  }

  /// What may be a piece of a password that should have been encoded is not shown.
  private MalformedConnectionException unknown(String name) {
    if (query.indexOf('@') >= 0) {
      return new MalformedConnectionException(
          "has an @ behind its ?, and an unknown parameter", ENCODING_HINT);
    }
    if (afterPassword) {
      return new MalformedConnectionException(
          "has an unknown parameter behind its password", ENCODING_HINT);
    }
    Optional<String> meant = form.meant(name);
    String shown = Shown.isKey(name) ? " \"" + name + "\"" : "";
    return new MalformedConnectionException(
        "has an unknown parameter" + shown,
        meant.isPresent()
            ? "Did you mean \"" + meant.get() + "\"?"
            : "Take it out; a search path is written as options=-csearch_path%3Dapp, or"
                + " currentSchema=app in a JDBC URL.");
  }

  /// A port for each of the hosts.
  private void addPorts(String[] ports) throws MalformedConnectionException {
    if (ports.length != hosts.size()) {
      throw new MalformedConnectionException(
          "has " + ports.length + " ports for " + hosts.size() + " hosts",
          "Write each port behind its host: host1:5432,host2:5433.");
    }
    List<String> both = new ArrayList<>();
    for (int i = 0; i < ports.length; i++) {
      both.add(hosts.get(i) + ":" + ports[i]);
    }
    hosts = both;
  }

  /// @param absent where no host is named
  private void addHosts(String absent) {
    String named = String.join(",", hosts);
    add(ConnectionKey.HOST, named.isEmpty() || named.equals("/") ? absent : named);
  }

  /// Where the Unix socket usually is.
  static String unixSocketFolder() {
    for (String folder : SOCKET_FOLDERS) {
      if (Files.isDirectory(Path.of(folder))) {
        return folder;
      }
    }
    return SOCKET_FOLDERS.getFirst();
  }

  private void add(ConnectionKey key, String value) {
    if (!value.isEmpty()) {
      written.add(new Written(key, value));
    }
  }

  private String decoded(String text) throws MalformedConnectionException {
    if (text.indexOf('%') < 0 && (form != UriForm.JDBC || text.indexOf('+') < 0)) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        decoded.put(code(bytes, i + 1));
        i += 2;
      } else if (bytes[i] == '+' && form == UriForm.JDBC) {
        decoded.put((byte) ' '); // As java.net.URLDecoder, which pgjdbc uses.
      } else {
        decoded.put(bytes[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedConnectionException("has codes that are no UTF-8", ENCODING_HINT);
    }
  }

  private static byte code(byte[] bytes, int at) throws MalformedConnectionException {
    int high = at + 1 < bytes.length ? Character.digit(bytes[at], 16) : -1;
    int low = at + 1 < bytes.length ? Character.digit(bytes[at + 1], 16) : -1;
    if (high < 0 || low < 0 || high + low == 0) {
      throw new MalformedConnectionException(
          "has a % without the code of a character", ENCODING_HINT);
    }
    return (byte) (high << 4 | low);
  }
}
