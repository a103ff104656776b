package dev.slipway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The two forms of a URI, each with its parameters: what they are called in a connection string of
/// Npgsql's, and what is done with those that mean nothing there.
@SuppressWarnings("ImmutableEnumChecker") // Maps and sets that nobody can change.
enum UriForm {
  /// `postgresql://`; its parameters are libpq's (PostgreSQL documentation, "Parameter Key Words").
  LIBPQ(
      Map.ofEntries(
          Map.entry("host", ConnectionKey.HOST),
          Map.entry("port", ConnectionKey.PORT),
          Map.entry("dbname", ConnectionKey.DATABASE),
          Map.entry("user", ConnectionKey.USERNAME),
          Map.entry("password", ConnectionKey.PASSWORD),
          Map.entry("passfile", ConnectionKey.PASSFILE),
          Map.entry("application_name", ConnectionKey.APPLICATION_NAME),
          Map.entry("client_encoding", ConnectionKey.CLIENT_ENCODING),
          Map.entry("options", ConnectionKey.OPTIONS),
          Map.entry("connect_timeout", ConnectionKey.TIMEOUT),
          Map.entry("sslmode", ConnectionKey.SSL_MODE),
          Map.entry("sslnegotiation", ConnectionKey.SSL_NEGOTIATION),
          Map.entry("sslcert", ConnectionKey.SSL_CERTIFICATE),
          Map.entry("sslkey", ConnectionKey.SSL_KEY),
          Map.entry("sslpassword", ConnectionKey.SSL_PASSWORD),
          Map.entry("sslrootcert", ConnectionKey.ROOT_CERTIFICATE),
          Map.entry("channel_binding", ConnectionKey.CHANNEL_BINDING),
          Map.entry("require_auth", ConnectionKey.REQUIRE_AUTH),
          Map.entry("gssencmode", ConnectionKey.GSS_ENCRYPTION_MODE),
          Map.entry("krbsrvname", ConnectionKey.KERBEROS_SERVICE_NAME),
          Map.entry("target_session_attrs", ConnectionKey.TARGET_SESSION_ATTRIBUTES),
          Map.entry("load_balance_hosts", ConnectionKey.LOAD_BALANCE_HOSTS),
          Map.entry("keepalives", ConnectionKey.TCP_KEEPALIVE),
          Map.entry("keepalives_idle", ConnectionKey.TCP_KEEPALIVE_TIME),
          Map.entry("keepalives_interval", ConnectionKey.TCP_KEEPALIVE_INTERVAL)),
      Set.of("fallback_application_name", "gsslib", "gssdelegation", "sslcompression", "sslsni"),
      Map.of(
          "keepalives_count", "the operating system decides",
          "tcp_user_timeout", "the operating system decides")),
  /// `jdbc:postgresql:`; its parameters are those of pgjdbc's `PGProperty`.
  JDBC(
      Map.ofEntries(
          Map.entry("PGHOST", ConnectionKey.HOST),
          Map.entry("PGPORT", ConnectionKey.PORT),
          Map.entry("PGDBNAME", ConnectionKey.DATABASE),
          Map.entry("user", ConnectionKey.USERNAME),
          Map.entry("password", ConnectionKey.PASSWORD),
          Map.entry("ApplicationName", ConnectionKey.APPLICATION_NAME),
          Map.entry("currentSchema", ConnectionKey.SEARCH_PATH),
          Map.entry("options", ConnectionKey.OPTIONS),
          Map.entry("connectTimeout", ConnectionKey.TIMEOUT),
          Map.entry("loginTimeout", ConnectionKey.TIMEOUT),
          Map.entry("sslmode", ConnectionKey.SSL_MODE),
          Map.entry("sslNegotiation", ConnectionKey.SSL_NEGOTIATION),
          Map.entry("sslcert", ConnectionKey.SSL_CERTIFICATE),
          Map.entry("sslkey", ConnectionKey.SSL_KEY),
          Map.entry("sslpassword", ConnectionKey.SSL_PASSWORD),
          Map.entry("sslrootcert", ConnectionKey.ROOT_CERTIFICATE),
          Map.entry("channelBinding", ConnectionKey.CHANNEL_BINDING),
          Map.entry("requireAuth", ConnectionKey.REQUIRE_AUTH),
          Map.entry("gssEncMode", ConnectionKey.GSS_ENCRYPTION_MODE),
          Map.entry("kerberosServerName", ConnectionKey.KERBEROS_SERVICE_NAME),
          Map.entry("targetServerType", ConnectionKey.TARGET_SESSION_ATTRIBUTES),
          Map.entry("loadBalanceHosts", ConnectionKey.LOAD_BALANCE_HOSTS),
          Map.entry("hostRecheckSeconds", ConnectionKey.HOST_RECHECK_SECONDS),
          Map.entry("tcpKeepAlive", ConnectionKey.TCP_KEEPALIVE)),
      Set.of(
          "adaptiveFetch",
          "adaptiveFetchMaximum",
          "adaptiveFetchMinimum",
          "allowEncodingChanges",
          "assumeMinServerVersion",
          "autosave",
          "binaryTransfer",
          "binaryTransferDisable",
          "binaryTransferEnable",
          "cancelSignalTimeout",
          "cleanupSavepoints",
          "databaseMetadataCacheFields",
          "databaseMetadataCacheFieldsMiB",
          "defaultRowFetchSize",
          "disableColumnSanitiser",
          "escapeSyntaxCallMode",
          "flushCacheOnDdl",
          "hideUnprivilegedObjects",
          "loggerFile",
          "loggerLevel",
          "logServerErrorDetail",
          "logUnclosedConnections",
          "maxResultBuffer",
          "maxSendBufferSize",
          "preferQueryMode",
          "preparedStatementCacheQueries",
          "preparedStatementCacheSizeMiB",
          "prepareThreshold",
          "protocolVersion",
          "quoteReturningIdentifiers",
          "receiveBufferSize",
          "reWriteBatchedInserts",
          "reWriteBatchedInsertsSize",
          "sendBufferSize",
          "stringtype",
          "tcpNoDelay",
          "unknownLength"),
      Map.of(
          "readOnly",
          "a migration has to write",
          "socketTimeout",
          "it would end long statements; Command Timeout does that, if wanted",
          "queryTimeout",
          "it would end long statements; Command Timeout does that, if wanted"));

  private final Map<String, ConnectionKey> keys;
  private final Set<String> ignored;
  private final Map<String, String> warned;

  /// @param ignored what is accepted, as it is about the other driver's own work
  /// @param warned what is accepted and has no effect, and why: a clause each
  UriForm(Map<String, ConnectionKey> keys, Set<String> ignored, Map<String, String> warned) {
    this.keys = keys;
    this.ignored = ignored;
    this.warned = warned;
  }

  /// The key that a parameter sets.
  @Nullable ConnectionKey key(String name) {
    return keys.get(name);
  }

  /// The parameters that set a key, sorted.
  List<String> names(ConnectionKey key) {
    return keys.keySet().stream().filter(name -> keys.get(name) == key).sorted().toList();
  }

  /// Whether it is accepted and needs no word.
  boolean isIgnored(String name) {
    return ignored.contains(name);
  }

  /// Why it has no effect that somebody may expect: a clause.
  @Nullable String warning(String name) {
    return warned.get(name);
  }

  /// What was probably meant by a name that is none of these.
  Optional<String> meant(String name) {
    return Nearest.to(name, keys.keySet().stream().sorted().toList());
  }

  /// The value in the words of Npgsql.
  static String translated(ConnectionKey key, String value) {
    return switch (key) {
      case SSL_MODE -> value.replace("-", "");
      case ROOT_CERTIFICATE -> value.equals("system") ? "" : value; // libpq's word for the default.
      case REQUIRE_AUTH -> loginMethods(value);
      case TARGET_SESSION_ATTRIBUTES -> targetSession(value);
      case LOAD_BALANCE_HOSTS ->
          value.equals("random") ? "true" : value.replace("disable", "false");
      case TCP_KEEPALIVE -> value.equals("1") ? "true" : value.equals("0") ? "false" : value;
      default -> value;
    };
  }

  private static String loginMethods(String value) {
    return value
        .replace("scram-sha-256", "ScramSHA256")
        .replace("password", "Password")
        .replace("md5", "MD5")
        .replace("gss", "GSS")
        .replace("sspi", "SSPI")
        .replace("none", "None");
  }

  /// pgjdbc's names; libpq's are Npgsql's.
  private static String targetSession(String value) {
    return switch (value) {
      case "master" -> "primary";
      case "slave", "secondary" -> "standby";
      case "preferPrimary" -> "prefer-primary";
      case "preferSlave", "preferSecondary" -> "prefer-standby";
      default -> value;
    };
  }
}
