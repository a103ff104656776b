package dev.slipway.config;

import dev.slipway.config.Fate.Ignored;
import dev.slipway.config.Fate.Mapped;
import dev.slipway.config.Fate.Refused;
import dev.slipway.config.Fate.Warned;
import dev.slipway.config.ValueForm.Choice;
import dev.slipway.config.ValueForm.Flag;
import dev.slipway.config.ValueForm.LoginMethods;
import dev.slipway.config.ValueForm.Text;
import dev.slipway.config.ValueForm.Whole;
import java.util.List;
import java.util.Optional;

/// The keys of an Npgsql connection string, as Npgsql 10 knows them and versions 6 and 7 knew
/// them: their spellings (letter case does not count), what a value looks like, and what becomes
/// of it here. The text and the first spelling of each are Npgsql's canonical name.
@SuppressWarnings("ImmutableEnumChecker") // Records and lists that nobody can change.
enum ConnectionKey {
  HOST("Host", new Text(), new Mapped("where the server is"), "Server"),
  PORT("Port", new Whole(1, 65_535), new Mapped("the server's port, 5432 by default")),
  DATABASE("Database", new Text(), new Mapped("the target; the user's name by default"), "DB"),
  USERNAME(
      "Username",
      new Text(),
      new Mapped("the role that logs in"),
      "User Name",
      "UserId",
      "User Id",
      "UID"),
  PASSWORD("Password", new Text(), new Mapped("its password"), "PSW", "PWD"),
  PASSFILE("Passfile", new Text(), new Mapped("a file with passwords, ~/.pgpass by default")),
  APPLICATION_NAME(
      "Application Name", new Text(), new Mapped("application_name"), "ApplicationName"),
  ENLIST("Enlist", new Flag(), new Ignored("distributed transactions of .NET")),
  SEARCH_PATH(
      "Search Path", new Text(), new Mapped("search_path, as PostgreSQL reads it"), "SearchPath"),
  CLIENT_ENCODING("Client Encoding", new Text(), Shared.UTF8_ONLY, "ClientEncoding"),
  ENCODING("Encoding", new Text(), Shared.UTF8_ONLY),
  TIMEZONE("Timezone", new Text(), new Mapped("TimeZone")),
  SSL_MODE(
      "SSL Mode",
      new Choice("Disable", "Allow", "Prefer", "Require", "VerifyCA", "VerifyFull"),
      new Mapped("TLS, Prefer by default"),
      "SslMode"),
  SSL_NEGOTIATION(
      "SSL Negotiation",
      new Choice("Postgres", "Direct"),
      new Mapped("how TLS begins; Direct only with SSL Mode Require or higher"),
      "SslNegotiation"),
  GSS_ENCRYPTION_MODE(
      "GSS Encryption Mode",
      new Choice("Disable", "Prefer", "Require"),
      new Refused("connections are encrypted with TLS, not with Kerberos", "Disable", "Prefer"),
      "GssEncryptionMode"),
  SSL_CERTIFICATE(
      "SSL Certificate",
      new Text(),
      new Mapped(
          "the client's certificate, PEM or PKCS#12 (.pfx); ~/.postgresql/postgresql.crt by default"),
      "SslCertificate"),
  SSL_KEY(
      "SSL Key",
      new Text(),
      new Mapped(
          "the client's key, PEM; ~/.postgresql/postgresql.key by default, else in the certificate's"
              + " file"),
      "SslKey"),
  SSL_PASSWORD("SSL Password", new Text(), new Mapped("the password of that key"), "SslPassword"),
  ROOT_CERTIFICATE(
      "Root Certificate",
      new Text(),
      new Mapped(
          "the authorities that VerifyCA and VerifyFull trust; ~/.postgresql/root.crt by default, else"
              + " the system's"),
      "RootCertificate"),
  CHECK_CERTIFICATE_REVOCATION(
      "Check Certificate Revocation",
      new Flag(),
      new Refused("it would ask other servers, and only the database is connected to", "False"),
      "CheckCertificateRevocation"),
  KERBEROS_SERVICE_NAME(
      "Kerberos Service Name",
      new Text(),
      new Refused("there is no Kerberos login", "postgres"),
      "KerberosServiceName",
      "Krbsrvname"),
  INCLUDE_REALM(
      "Include Realm",
      new Flag(),
      new Refused("there is no Kerberos login", "True"),
      "IncludeRealm"),
  PERSIST_SECURITY_INFO(
      "Persist Security Info",
      new Flag(),
      new Ignored("passwords are never shown"),
      "PersistSecurityInfo"),
  LOG_PARAMETERS(
      "Log Parameters", new Flag(), new Ignored("parameters are never logged"), "LogParameters"),
  INCLUDE_ERROR_DETAIL(
      "Include Error Detail",
      new Flag(),
      new Ignored("the rows in question are never shown"),
      "IncludeErrorDetail"),
  INCLUDE_FAILED_BATCHED_COMMAND(
      "Include Failed Batched Command",
      new Flag(),
      new Ignored("the failed statement is always shown"),
      "IncludeFailedBatchedCommand"),
  CHANNEL_BINDING(
      "Channel Binding",
      new Choice("Disable", "Prefer", "Require"),
      new Mapped("whether a login by password is bound to the TLS session"),
      "ChannelBinding"),
  REQUIRE_AUTH(
      "Require Auth",
      new LoginMethods(),
      new Mapped("the ways to log in that the server may ask for"),
      "RequireAuth"),
  POOLING("Pooling", new Flag(), Shared.POOL),
  MINIMUM_POOL_SIZE("Minimum Pool Size", Whole.NATURAL, Shared.POOL, "MinPoolSize"),
  MAXIMUM_POOL_SIZE("Maximum Pool Size", Whole.NATURAL, Shared.POOL, "MaxPoolSize"),
  CONNECTION_IDLE_LIFETIME(
      "Connection Idle Lifetime", Whole.ANY, Shared.POOL, "ConnectionIdleLifetime"),
  CONNECTION_PRUNING_INTERVAL(
      "Connection Pruning Interval", Whole.ANY, Shared.POOL, "ConnectionPruningInterval"),
  CONNECTION_LIFETIME(
      "Connection Lifetime", Whole.ANY, Shared.POOL, "ConnectionLifetime", "Load Balance Timeout"),
  TIMEOUT(
      "Timeout", new Whole(0, 1_024), new Mapped("seconds to connect, 15 by default; 0: no limit")),
  COMMAND_TIMEOUT(
      "Command Timeout",
      Whole.NATURAL,
      new Mapped("seconds that a statement may take, no limit by default"),
      "CommandTimeout"),
  CANCELLATION_TIMEOUT(
      "Cancellation Timeout",
      new Whole(-1, Integer.MAX_VALUE),
      new Ignored("statements are not cancelled in this way"),
      "CancellationTimeout"),
  TARGET_SESSION_ATTRIBUTES(
      "Target Session Attributes",
      new Choice(
          "any",
          "primary",
          "standby",
          "prefer-primary",
          "prefer-standby",
          "read-write",
          "read-only"),
      new Mapped("which of several hosts will do"),
      "TargetSessionAttributes"),
  LOAD_BALANCE_HOSTS(
      "Load Balance Hosts",
      new Flag(),
      new Ignored("a run connects once, and Npgsql's turns begin with the first host"),
      "LoadBalanceHosts"),
  HOST_RECHECK_SECONDS(
      "Host Recheck Seconds",
      Whole.NATURAL,
      new Ignored("all hosts are tried at each connect"),
      "HostRecheckSeconds"),
  KEEPALIVE(
      "Keepalive", Whole.NATURAL, new Mapped("TCP keepalive, if more than 0; the system's times")),
  TCP_KEEPALIVE("TCP Keepalive", new Flag(), new Mapped("TCP keepalive"), "TcpKeepAlive"),
  TCP_KEEPALIVE_TIME(
      "TCP Keepalive Time",
      Whole.NATURAL,
      new Mapped("TCP keepalive, if more than 0; seconds until the first packet"),
      "TcpKeepAliveTime"),
  TCP_KEEPALIVE_INTERVAL(
      "TCP Keepalive Interval",
      Whole.NATURAL,
      new Mapped("seconds between such packets; TCP Keepalive Time by default"),
      "TcpKeepAliveInterval"),
  READ_BUFFER_SIZE("Read Buffer Size", Whole.ANY, Shared.BUFFERS, "ReadBufferSize"),
  WRITE_BUFFER_SIZE("Write Buffer Size", Whole.ANY, Shared.BUFFERS, "WriteBufferSize"),
  SOCKET_RECEIVE_BUFFER_SIZE(
      "Socket Receive Buffer Size", Whole.ANY, Shared.BUFFERS, "SocketReceiveBufferSize"),
  SOCKET_SEND_BUFFER_SIZE(
      "Socket Send Buffer Size", Whole.ANY, Shared.BUFFERS, "SocketSendBufferSize"),
  MAX_AUTO_PREPARE("Max Auto Prepare", Whole.NATURAL, Shared.PREPARING, "MaxAutoPrepare"),
  AUTO_PREPARE_MIN_USAGES(
      "Auto Prepare Min Usages", Whole.NATURAL, Shared.PREPARING, "AutoPrepareMinUsages"),
  NO_RESET_ON_CLOSE("No Reset On Close", new Flag(), Shared.POOL, "NoResetOnClose"),
  REPLICATION_MODE(
      "Replication Mode",
      new Choice("Off", "Physical", "Logical"),
      new Refused("a replication connection runs no migrations", "Off"),
      "ReplicationMode"),
  OPTIONS(
      "Options", new Text(), new Mapped("options of the start-up packet, such as -c name=value")),
  ARRAY_NULLABILITY_MODE(
      "Array Nullability Mode",
      new Choice("Never", "Always", "PerInstance"),
      Shared.DOT_NET_TYPES,
      "ArrayNullabilityMode"),
  MULTIPLEXING("Multiplexing", new Flag(), Shared.POOL),
  WRITE_COALESCING_BUFFER_THRESHOLD_BYTES(
      "Write Coalescing Buffer Threshold Bytes",
      Whole.ANY,
      Shared.BUFFERS,
      "WriteCoalescingBufferThresholdBytes"),
  LOAD_TABLE_COMPOSITES(
      "Load Table Composites", new Flag(), Shared.DOT_NET_TYPES, "LoadTableComposites"),
  SERVER_COMPATIBILITY_MODE(
      "Server Compatibility Mode",
      new Choice("None", "Redshift", "NoTypeLoading"),
      new Refused("the server has to be a PostgreSQL", "None", "NoTypeLoading"),
      "ServerCompatibilityMode"),
  TRUST_SERVER_CERTIFICATE(
      "Trust Server Certificate",
      new Flag(),
      new Warned("Npgsql ignores it since version 8; SSL Mode alone decides what is checked"),
      "TrustServerCertificate"),
  INTERNAL_COMMAND_TIMEOUT(
      "Internal Command Timeout",
      Whole.ANY,
      new Warned("Npgsql ignores it since version 8"),
      "InternalCommandTimeout"),

  BACKEND_TIMEOUTS("Backend Timeouts", new Text(), Shared.REMOVED, "BackendTimeouts"),
  CLIENT_CERTIFICATE(
      "Client Certificate",
      new Text(),
      new Refused("Npgsql calls it SSL Certificate since version 8"),
      "ClientCertificate"),
  CLIENT_CERTIFICATE_KEY(
      "Client Certificate Key",
      new Text(),
      new Refused("Npgsql calls it SSL Key since version 8"),
      "ClientCertificateKey"),
  CONTINUOUS_PROCESSING(
      "Continuous Processing", new Text(), Shared.REMOVED, "ContinuousProcessing"),
  CONVERT_INFINITY_DATETIME(
      "Convert Infinity DateTime", new Text(), Shared.REMOVED, "ConvertInfinityDateTime"),
  EF_ADMIN_DATABASE("EF Admin Database", new Text(), Shared.REMOVED, "EntityAdminDatabase"),
  EF_TEMPLATE_DATABASE(
      "EF Template Database", new Text(), Shared.REMOVED, "EntityTemplateDatabase"),
  INCLUDE_ERROR_DETAILS("Include Error Details", new Text(), Shared.REMOVED, "IncludeErrorDetails"),
  INTEGRATED_SECURITY(
      "Integrated Security",
      new Flag(),
      new Refused("there is no Kerberos login", "False"),
      "IntegratedSecurity"),
  PRELOAD_READER("Preload Reader", new Text(), Shared.REMOVED, "PreloadReader"),
  USE_EXTENDED_TYPES("Use Extended Types", new Text(), Shared.REMOVED, "UseExtendedTypes"),
  USE_PERF_COUNTERS("Use Perf Counters", new Text(), Shared.REMOVED, "UsePerfCounters"),
  USE_SSL_STREAM("Use SSL Stream", new Text(), Shared.REMOVED, "UseSslStream");

  private static final ConnectionKey[] ALL = values();

  private final String text;
  private final ValueForm form;
  private final Fate fate;
  private final List<String> synonyms;

  ConnectionKey(String text, ValueForm form, Fate fate, String... synonyms) {
    this.text = text;
    this.form = form;
    this.fate = fate;
    this.synonyms = List.of(synonyms);
  }

  /// Npgsql's canonical name.
  public String text() {
    return text;
  }

  public ValueForm form() {
    return form;
  }

  public Fate fate() {
    return fate;
  }

  /// The other names of the same key.
  public List<String> synonyms() {
    return synonyms;
  }

  /// Whether the value is to be kept from every eye.
  public boolean isSecret() {
    return this == PASSWORD || this == SSL_PASSWORD;
  }

  /// The key that is spelled so. Letter case does not count, blanks do, as in Npgsql.
  static Optional<ConnectionKey> spelled(String spelling) {
    for (ConnectionKey key : ALL) {
      if (key.text.equalsIgnoreCase(spelling)) {
        return Optional.of(key);
      }
      for (String synonym : key.synonyms) {
        if (synonym.equalsIgnoreCase(spelling)) {
          return Optional.of(key);
        }
      }
    }
    return Optional.empty();
  }

  /// The key that was probably meant by an unknown spelling: that of another product, or a slip.
  static Optional<String> meant(String spelling) {
    Optional<String> foreign =
        switch (Nearest.plain(spelling)) {
          case "addr", "address", "datasource", "hostname", "networkaddress" -> of(HOST);
          case "initialcatalog", "dbname", "databasename" -> of(DATABASE);
          case "user" -> of(USERNAME);
          case "pass" -> of(PASSWORD);
          case "schema", "currentschema" -> of(SEARCH_PATH);
          case "ssl", "encrypt" -> of(SSL_MODE);
          case "sslrootcert" -> of(ROOT_CERTIFICATE);
          case "sslcert" -> of(SSL_CERTIFICATE);
          case "connecttimeout", "connectiontimeout" -> of(TIMEOUT);
          case "requiressl" -> of(SSL_MODE);
          case "maxpoolsize" -> of(MAXIMUM_POOL_SIZE);
          case "minpoolsize" -> of(MINIMUM_POOL_SIZE);
          default -> Optional.empty();
        };
    return foreign.isPresent() ? foreign : Nearest.to(spelling, texts());
  }

  private static Optional<String> of(ConnectionKey key) {
    return Optional.of(key.text);
  }

  private static List<String> texts() {
    String[] texts = new String[ALL.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = ALL[i].text;
    }
    return List.of(texts);
  }

  /// Fates that several keys have.
  private static final class Shared {
    static final Fate UTF8_ONLY = new Refused("text travels as UTF-8 only", "UTF8", "UTF-8");
    static final Fate POOL = new Ignored("there is no connection pool");
    static final Fate BUFFERS = new Ignored("buffers are sized by the driver");
    static final Fate PREPARING = new Ignored("migrations are not prepared");
    static final Fate DOT_NET_TYPES = new Ignored("it is about types of .NET");
    static final Fate REMOVED = new Warned("newer versions of Npgsql refuse it");
  }
}
