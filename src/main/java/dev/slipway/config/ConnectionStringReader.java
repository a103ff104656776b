package dev.slipway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads one connection string: its pairs, the fate of each key, what the environment adds, and
/// whether all of it together makes sense. It collects every problem and shows no secret.
final class ConnectionStringReader {
  private static final String GRAMMAR_HINT =
      "Write Key=value pairs with semicolons between them, and quote a value that holds a semicolon or"
          + " begins or ends with a quote: Password=\"a;b\".";

  private static final String POOL = "there is no connection pool.";

  private static final List<ConnectionKey> PATHS =
      List.of(
          ConnectionKey.HOST,
          ConnectionKey.PASSFILE,
          ConnectionKey.ROOT_CERTIFICATE,
          ConnectionKey.SSL_CERTIFICATE,
          ConnectionKey.SSL_KEY);

  private final Given given;
  private final Map<String, String> environment;
  private final List<ConfigurationProblem> problems;
  private final List<String> warnings = new ArrayList<>();
  // TreeMaps, as an EnumMap costs each start of the program milliseconds of reflection.
  private final Map<ConnectionKey, String> values = new TreeMap<>();
  private final Map<ConnectionKey, String> sources = new TreeMap<>();

  private ConnectionStringReader(
      Given given, Map<String, String> environment, List<ConfigurationProblem> problems) {
    this.given = given;
    this.environment = environment;
    this.problems = problems;
  }

  /// The connection string, or empty when problems were added.
  ///
  /// @param password what stands beneath the string
  static Optional<ConnectionString> read(
      Given given,
      Optional<Given> password,
      Map<String, String> environment,
      List<ConfigurationProblem> problems) {
    return new ConnectionStringReader(given, environment, problems).read(password);
  }

  private Optional<ConnectionString> read(Optional<Given> password) {
    int before = problems.size();
    if (!readPairs()) {
      return Optional.empty();
    }
    addPassword(password);
    readVariables();
    List<HostAddress> hosts = hosts();
    readTarget(hosts.size());
    if (ConnectionUri.isOne(given.text()) && areSockets(hosts)) {
      values.remove(ConnectionKey.SSL_MODE); // libpq knows no TLS there, whatever is asked for.
    }
    judge();
    checkPaths();
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(
            new ConnectionString(given.name(), hosts, values, Machine.of(environment), warnings));
  }

  /// What can be understood of it, whatever is wrong with the rest.
  ///
  /// @param password what stands beneath the string
  static ConnectionView view(
      Given given,
      Optional<Given> password,
      Map<String, String> environment,
      List<ConfigurationProblem> problems) {
    var reader = new ConnectionStringReader(given, environment, problems);
    Optional<ConnectionString> connection = reader.read(password);
    List<EffectiveValue> shown = new ArrayList<>();
    for (Map.Entry<ConnectionKey, String> entry : reader.values.entrySet()) {
      ConnectionKey key = entry.getKey();
      String value = reader.shown(key, entry.getValue(), connection.isPresent());
      shown.add(new EffectiveValue(key.text(), value, reader.source(key)));
    }
    return new ConnectionView(given.name(), shown, reader.warnings, connection);
  }

  /// A value of a string that is refused may be a piece of a password that should have been quoted.
  /// In a URI a slash that should have been encoded makes it any part.
  private String shown(ConnectionKey key, String value, boolean accepted) {
    boolean harmless = accepted || (Shown.isValue(value) && !ConnectionUri.isOne(given.text()));
    return key.isSecret() || holdsSecret(value) || !harmless ? EffectiveValue.MASK : value;
  }

  /// The pairs of a text by canonical names and values, whatever becomes of them.
  static Map<ConnectionKey, String> canonical(Given given, List<ConfigurationProblem> problems) {
    var reader = new ConnectionStringReader(given, Map.of(), problems);
    reader.readPairs();
    return reader.values;
  }

  private boolean readPairs() {
    if (given.text().isBlank()) {
      problem("%s is empty", "Give it a value such as Host=localhost;Database=app;Username=app.");
      return false;
    }
    if (ConnectionUri.isOne(given.text())) {
      return readUri();
    }
    try {
      for (ConnectionPairs.Pair pair : ConnectionPairs.read(given.text())) {
        Optional<ConnectionKey> key = ConnectionKey.spelled(pair.key());
        if (key.isPresent()) {
          set(key.get(), pair);
        } else {
          unknown(pair);
        }
      }
      return true;
    } catch (ConnectionPairs.MalformedException e) {
      problem("%s cannot be read from index " + e.index() + " on", GRAMMAR_HINT);
      return false;
    }
  }

  private boolean readUri() {
    try {
      ConnectionUri.Contents contents = ConnectionUri.read(given.text());
      for (ConnectionUri.Written written : contents.written()) {
        if (!isMisplacedSecret(written.key(), written.value(), ConnectionUri.PASSWORD_HINT)) {
          setCanonical(written.key(), written.value(), given.source());
        }
      }
      warnings.addAll(contents.warnings());
      return true;
    } catch (MalformedConnectionException e) {
      problem("%s " + e.message(), e.hint());
      return false;
    }
  }

  private void set(ConnectionKey key, ConnectionPairs.Pair pair) {
    @Nullable String value = pair.value();
    if (value == null) {
      values.remove(key);
      return;
    }
    if (!isMisplacedSecret(key, value, "Write a semicolon before the password's key.")) {
      setCanonical(key, value, given.source());
    }
  }

  private boolean isMisplacedSecret(ConnectionKey key, String value, String hint) {
    boolean misplaced = !key.isSecret() && holdsSecret(value);
    if (misplaced) {
      problem("\"" + key.text() + "\" of %s holds a password", hint);
    }
    return misplaced;
  }

  private void setCanonical(ConnectionKey key, String value, String source) {
    Optional<String> canonical = key.form().canonical(value);
    if (canonical.isPresent()) {
      values.put(key, canonical.get());
      return;
    }
    String message = "\"" + key.text() + "\" of %s cannot be " + Shown.value(value);
    problem(source, message, nearestValue(key, value) + key.form().expectation());
  }

  private static String nearestValue(ConnectionKey key, String value) {
    if (!(key.form() instanceof ValueForm.Choice choice)) {
      return "";
    }
    Optional<String> nearest = Nearest.to(value, choice.names());
    return nearest.isPresent() ? "Did you mean " + nearest.get() + "? " : "";
  }

  /// Whether the value looks as if the semicolon before a password was forgotten.
  static boolean holdsSecret(String value) {
    for (int equals = value.indexOf('='); equals > 0; equals = value.indexOf('=', equals + 1)) {
      int end = equals;
      while (end > 0 && Character.isWhitespace(value.charAt(end - 1))) {
        end--;
      }
      for (String secret : new String[] {"Password", "PSW", "PWD"}) {
        int start = end - secret.length();
        if (start >= 0 && value.regionMatches(true, start, secret, 0, secret.length())) {
          return true;
        }
      }
    }
    return false;
  }

  /// An unknown key is shown only where it cannot be a piece of a value, above all of a password
  /// that should have been quoted.
  private void unknown(ConnectionPairs.Pair pair) {
    boolean afterSecret = mentionsPassword(given.text().substring(0, pair.index()));
    boolean shown = Shown.isKey(pair.key()) && pair.value() != null && !afterSecret;
    Optional<String> meant = ConnectionKey.meant(pair.key());
    String hint =
        meant.isPresent()
            ? "Did you mean \"" + meant.get() + "\"?"
            : "Take it out, or write a key that Npgsql knows, such as Host, Port, Database, Username.";
    problem(
        "%s has an unknown key " + (shown ? "\"" + pair.key() + "\"" : "at index " + pair.index()),
        afterSecret && !shown ? hint + " A password that holds a semicolon must be quoted." : hint);
  }

  static boolean mentionsPassword(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("pass") || lower.contains("pwd") || lower.contains("psw");
  }

  private void addPassword(Optional<Given> beneath) {
    boolean seen = hasSecret() && isArgument(given);
    if (beneath.isPresent()) {
      Given password = beneath.get();
      seen = seen || isArgument(password);
      if (values.containsKey(ConnectionKey.PASSWORD)) {
        problem(
            password.source(),
            "%s has two passwords, its own and one beneath it",
            "Take one of them out.");
      } else {
        values.put(ConnectionKey.PASSWORD, password.text());
        sources.put(ConnectionKey.PASSWORD, password.source());
      }
    }
    if (seen) {
      warnings.add(
          "The password on the command line can be seen by others on this machine; a variable of the"
              + " environment or a file keeps it to yourself.");
    }
  }

  private boolean hasSecret() {
    return values.containsKey(ConnectionKey.PASSWORD)
        || values.containsKey(ConnectionKey.SSL_PASSWORD);
  }

  private static boolean isArgument(Given value) {
    return value.origin() == Given.Origin.ARGUMENT;
  }

  private void readVariables() {
    for (ServerVariable variable : ServerVariable.values()) {
      if (variable != ServerVariable.PGTARGETSESSIONATTRS) {
        fallBack(variable);
      }
    }
  }

  private void fallBack(ServerVariable variable) {
    ConnectionKey key = variable.key();
    @Nullable String value = environment.get(variable.name());
    if (value != null && !value.isEmpty() && !values.containsKey(key)) {
      sources.put(key, Sources.VARIABLE.concat(variable.name()));
      setCanonical(key, value, source(key));
    }
  }

  private String source(ConnectionKey key) {
    return sources.getOrDefault(key, given.source());
  }

  private void judge() {
    for (Map.Entry<ConnectionKey, String> entry : values.entrySet()) {
      ConnectionKey key = entry.getKey();
      if (key.fate().isRefused(entry.getValue())) {
        refuse(key, entry.getValue());
      } else if (key.fate().isWarned()) {
        warnings.add("\"" + key.text() + "\" has no effect: " + key.fate().reason() + ".");
      }
    }
    checkPool();
    checkTls();
    checkKeepalive();
  }

  private static boolean areSockets(List<HostAddress> hosts) {
    for (HostAddress host : hosts) {
      if (host.unixSocket().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// Npgsql reads the variable for several hosts only, and has no target for one.
  private void readTarget(int hosts) {
    ConnectionKey key = ConnectionKey.TARGET_SESSION_ATTRIBUTES;
    if (hosts > 1) {
      fallBack(ServerVariable.PGTARGETSESSIONATTRS);
      if (isTrue(ConnectionKey.MULTIPLEXING)) {
        problem("\"Multiplexing\" of %s is not for several hosts", "Take it out: " + POOL);
      }
    } else if (!values.getOrDefault(key, "any").equals("any")
        && !ConnectionUri.isOne(given.text())) {
      problem(
          "\"Target Session Attributes\" of %s chooses among several hosts, and there is one",
          "Take it out, or name the other hosts: Host=host1,host2.");
    }
  }

  private void refuse(ConnectionKey key, String value) {
    List<String> harmless = key.fate().harmless();
    problem(
        source(key),
        "\""
            + key.text()
            + "\" of %s "
            + (harmless.isEmpty() ? "is not supported" : "cannot be " + Shown.value(value)),
        (harmless.isEmpty()
                ? "Take it out: "
                : "Take it out, or write " + String.join(" or ", harmless) + ": ")
            + key.fate().reason()
            + ".");
  }

  /// What Npgsql refuses when it opens the pool.
  private void checkPool() {
    int min = number(ConnectionKey.MINIMUM_POOL_SIZE, 0);
    int max = number(ConnectionKey.MAXIMUM_POOL_SIZE, 100);
    if (max < min) {
      problem(
          "\"Maximum Pool Size\" of %s is less than \"Minimum Pool Size\"",
          "Take both out: " + POOL);
    }
    if (isTrue(ConnectionKey.MULTIPLEXING) && "False".equals(values.get(ConnectionKey.POOLING))) {
      problem(
          "\"Multiplexing\" of %s is not for connections without a pool", "Take it out: " + POOL);
    }
  }

  private void checkTls() {
    String mode = values.getOrDefault(ConnectionKey.SSL_MODE, "Prefer");
    if ("Direct".equals(values.get(ConnectionKey.SSL_NEGOTIATION))
        && List.of("Disable", "Allow", "Prefer").contains(mode)) {
      problem(
          source(ConnectionKey.SSL_NEGOTIATION),
          "\"SSL Negotiation\" of %s cannot be Direct with SSL Mode " + mode,
          "Write SSL Mode=Require, VerifyCA or VerifyFull, or SSL Negotiation=Postgres.");
    }
  }

  private void checkKeepalive() {
    if (number(ConnectionKey.TCP_KEEPALIVE_INTERVAL, 0) > 0
        && number(ConnectionKey.TCP_KEEPALIVE_TIME, 0) == 0
        && !ConnectionUri.isOne(given.text())) {
      problem(
          "\"TCP Keepalive Interval\" of %s needs a \"TCP Keepalive Time\"",
          "Add TCP Keepalive Time=…, in seconds.");
    }
  }

  private boolean isTrue(ConnectionKey key) {
    return "True".equals(values.get(key));
  }

  private List<HostAddress> hosts() {
    String host = values.getOrDefault(ConnectionKey.HOST, "");
    if (host.isBlank()) {
      problem(
          "%s names no host",
          environment.containsKey("PGHOST")
              ? "Add Host=…; to it: PGHOST is not read, as Npgsql does not read it."
              : "Add Host=…; to it.");
      return List.of();
    }
    try {
      return HostList.read(host, number(ConnectionKey.PORT, 5432));
    } catch (MalformedConnectionException e) {
      problem("%s " + e.message(), e.hint());
      return List.of();
    }
  }

  private void checkPaths() {
    for (ConnectionKey key : PATHS) {
      @Nullable String value = values.get(key);
      if (value != null && (key != ConnectionKey.HOST || HostAddress.isFolder(value))) {
        checkPath(key, value);
      }
    }
  }

  private void checkPath(ConnectionKey key, String value) {
    try {
      var _ = Path.of(value);
    } catch (InvalidPathException _) {
      problem(source(key), "\"" + key.text() + "\" of %s is no path", "Write the path of a file.");
    }
  }

  private int number(ConnectionKey key, int absent) {
    @Nullable String value = values.get(key);
    return value == null ? absent : Integer.parseInt(value);
  }

  private void problem(String message, String hint) {
    problem(given.source(), message, hint);
  }

  /// @param message with `%s` for the connection string
  private void problem(String source, String message, String hint) {
    String connectionString = "connection string \"" + given.name() + "\"";
    problems.add(new ConfigurationProblem(source, message.replace("%s", connectionString), hint));
  }
}
