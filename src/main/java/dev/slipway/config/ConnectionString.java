package dev.slipway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection string, understood as Npgsql understands it, with what Npgsql takes from `PG*`
/// environment variables where the string is silent. It holds what was written; defaults are in the
/// accessors.
public final class ConnectionString {
  private final String name;
  private final List<HostAddress> hosts;
  private final Map<ConnectionKey, String> values;
  private final Machine machine;
  private final List<String> warnings;
  private final @Nullable Supplier<ConnectionString> reread;

  ConnectionString(
      String name,
      List<HostAddress> hosts,
      Map<ConnectionKey, String> values,
      Machine machine,
      List<String> warnings) {
    this(name, hosts, values, machine, warnings, null);
  }

  private ConnectionString(
      String name,
      List<HostAddress> hosts,
      Map<ConnectionKey, String> values,
      Machine machine,
      List<String> warnings,
      @Nullable Supplier<ConnectionString> reread) {
    this.name = name;
    this.hosts = List.copyOf(hosts);
    this.values = new TreeMap<>(values);
    this.machine = machine;
    this.warnings = List.copyOf(warnings);
    this.reread = reread;
  }

  /// The string alone, as if no environment variable were set.
  ///
  /// @throws ConfigurationException with all that is wrong with it, and no secret
  public static ConnectionString parse(String name, String text) {
    return parse(name, text, Map.of());
  }

  /// The string with its environment.
  ///
  /// @throws ConfigurationException with all that is wrong with it, and no secret
  public static ConnectionString parse(String name, String text, Map<String, String> environment) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    var given = new Given(name, text, "connection string \"" + name + "\"");
    Optional<ConnectionString> read =
        ConnectionStringReader.read(given, Optional.empty(), environment, problems);
    if (read.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return read.get();
  }

  /// The name under which it was given: `Gateway` in `ConnectionStrings__Gateway`.
  public String name() {
    return name;
  }

  /// The same, but one that files may change.
  ///
  /// @param reader how to read them again
  ConnectionString rereadBy(Supplier<ConnectionString> reader) {
    return new ConnectionString(name, hosts, values, machine, warnings, reader);
  }

  /// What the string is now: files in which it or its password stands are read again. To be called
  /// at each connect.
  ///
  /// @throws ConfigurationException if they cannot be read any more
  public ConnectionString current() {
    return reread == null ? this : reread.get();
  }

  /// What `localhost` is, where it is one of [#hosts].
  public Localhost localhost() {
    return machine.localhost();
  }

  /// Where servers are to be found, in the order of trying; at least one.
  public List<HostAddress> hosts() {
    return hosts;
  }

  /// The database's name, if not the user's own name; empty if neither is given.
  public Optional<String> database() {
    Optional<String> database = text(ConnectionKey.DATABASE);
    return database.isPresent() ? database : username();
  }

  /// The role that logs in; empty means the operating system's user.
  public Optional<String> username() {
    return text(ConnectionKey.USERNAME);
  }

  /// The password that was written, else that of `PGPASSWORD`. Passwords in files are read by
  /// [#readPassword].
  public Optional<Secret> password() {
    @Nullable String password = values.get(ConnectionKey.PASSWORD);
    return password == null ? Optional.empty() : Optional.of(new Secret(password));
  }

  /// The password to log in with now: [#password], else that of the password file. To be called at
  /// each connect, as files change.
  ///
  /// @param host one of [#hosts], as the file may have a password for each
  /// @param user who logs in, where [#username] is empty
  /// @throws ConfigurationException if the file that was named cannot be read
  public Optional<Secret> readPassword(HostAddress host, String user) {
    Optional<Secret> password = password();
    if (password.isPresent()) {
      return password;
    }
    @Nullable PasswordFile file = passwordFile();
    return file == null
        ? Optional.empty()
        : file.password(host, database().orElse(user), username().orElse(user));
  }

  /// The schemas in force, as PostgreSQL's `search_path` writes them.
  public Optional<String> searchPath() {
    return text(ConnectionKey.SEARCH_PATH);
  }

  public Optional<String> timezone() {
    return text(ConnectionKey.TIMEZONE);
  }

  public Optional<String> applicationName() {
    return text(ConnectionKey.APPLICATION_NAME);
  }

  /// Options for the start-up packet, as `-c name=value`.
  public Optional<String> options() {
    return text(ConnectionKey.OPTIONS);
  }

  /// How long connecting may take; zero means no limit.
  public Duration timeout() {
    return Duration.ofSeconds(number(ConnectionKey.TIMEOUT, 15));
  }

  /// How long a statement may take, only if it was written (Npgsql's default of 30 s would end the
  /// building of indexes); zero means no limit.
  public Optional<Duration> commandTimeout() {
    return values.containsKey(ConnectionKey.COMMAND_TIMEOUT)
        ? Optional.of(Duration.ofSeconds(number(ConnectionKey.COMMAND_TIMEOUT, 0)))
        : Optional.empty();
  }

  public SslMode sslMode() {
    Optional<String> mode = text(ConnectionKey.SSL_MODE);
    return mode.isPresent() ? SslMode.of(mode.get()) : SslMode.PREFER;
  }

  /// The file of the authorities that a certificate is checked against: the one that was named,
  /// else the user's own. Empty means those that the system trusts.
  public Optional<Path> rootCertificate() {
    Optional<String> named = text(ConnectionKey.ROOT_CERTIFICATE);
    return named.isPresent() ? Optional.of(Path.of(named.get())) : existing(".postgresql/root.crt");
  }

  public SslNegotiation sslNegotiation() {
    return "Direct".equals(values.get(ConnectionKey.SSL_NEGOTIATION))
        ? SslNegotiation.DIRECT
        : SslNegotiation.POSTGRES;
  }

  /// The certificate to show: the one that was named, else the user's own.
  public Optional<ClientCertificate> clientCertificate() {
    Optional<String> named = text(ConnectionKey.SSL_CERTIFICATE);
    Optional<Path> certificate =
        named.isPresent()
            ? Optional.of(Path.of(named.get()))
            : existing(".postgresql/postgresql.crt");
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> key = text(ConnectionKey.SSL_KEY);
    return Optional.of(
        new ClientCertificate(
            certificate.get(),
            key.isPresent()
                ? Optional.of(Path.of(key.get()))
                : existing(".postgresql/postgresql.key"),
            text(ConnectionKey.SSL_PASSWORD).map(Secret::new)));
  }

  public ChannelBinding channelBinding() {
    Optional<String> binding = text(ConnectionKey.CHANNEL_BINDING);
    return binding.isPresent()
        ? ChannelBinding.valueOf(binding.get().toUpperCase(Locale.ROOT))
        : ChannelBinding.PREFER;
  }

  /// The ways to log in that are allowed or, with a `!` each, forbidden, separated by commas:
  /// `Password`, `MD5`, `GSS`, `SSPI`, `ScramSHA256`, `None`. Empty: all are allowed.
  public Optional<String> requireAuth() {
    return text(ConnectionKey.REQUIRE_AUTH);
  }

  /// Which of [#hosts] will do.
  public TargetSession targetSession() {
    Optional<String> target = text(ConnectionKey.TARGET_SESSION_ATTRIBUTES);
    return target.isPresent() ? TargetSession.of(target.get()) : TargetSession.ANY;
  }

  /// Whether an idle connection is kept alive on the way.
  public boolean tcpKeepalive() {
    return "True".equals(values.get(ConnectionKey.TCP_KEEPALIVE))
        || number(ConnectionKey.KEEPALIVE, 0) > 0
        || number(ConnectionKey.TCP_KEEPALIVE_TIME, 0) > 0;
  }

  /// How long a connection is idle before it is kept alive; empty: as the operating system has it.
  public Optional<Duration> tcpKeepaliveTime() {
    return seconds(ConnectionKey.TCP_KEEPALIVE_TIME);
  }

  /// How often, from then on; empty: as the operating system has it.
  public Optional<Duration> tcpKeepaliveInterval() {
    Optional<Duration> interval = seconds(ConnectionKey.TCP_KEEPALIVE_INTERVAL);
    return interval.isPresent() ? interval : tcpKeepaliveTime();
  }

  /// What was accepted but has no effect, a sentence each.
  public List<String> warnings() {
    return warnings;
  }

  /// The name and where it leads.
  @Override
  public String toString() {
    return name + " (" + hosts + ")";
  }

  private @Nullable PasswordFile passwordFile() {
    Optional<String> named = text(ConnectionKey.PASSFILE);
    if (named.isPresent()) {
      return new PasswordFile(Path.of(named.get()));
    }
    Optional<Path> usual = existing(".pgpass");
    return usual.isPresent() ? new PasswordFile(usual.get()) : null;
  }

  private Optional<Path> existing(String inHome) {
    @Nullable Path home = machine.home();
    if (home == null) {
      return Optional.empty();
    }
    Path path = home.resolve(inHome);
    return path.toFile().isFile() ? Optional.of(path) : Optional.empty();
  }

  private Optional<String> text(ConnectionKey key) {
    @Nullable String value = values.get(key);
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /// Empty for 0 as well.
  private Optional<Duration> seconds(ConnectionKey key) {
    int seconds = number(key, 0);
    return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
  }

  private int number(ConnectionKey key, int absent) {
    @Nullable String value = values.get(key);
    return value == null ? absent : Integer.parseInt(value);
  }
}
