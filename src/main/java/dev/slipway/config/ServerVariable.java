package dev.slipway.config;

/// The environment variables of PostgreSQL's that Npgsql reads where the connection string is
/// silent. It reads none of the others, such as `PGHOST`, `PGPORT`, `PGDATABASE`, `PGSSLMODE` and
/// `PGSERVICE` (`PostgresEnvironment.cs`).
enum ServerVariable {
  PGUSER(ConnectionKey.USERNAME),
  PGPASSWORD(ConnectionKey.PASSWORD),
  PGPASSFILE(ConnectionKey.PASSFILE),
  PGAPPNAME(ConnectionKey.APPLICATION_NAME),
  PGTZ(ConnectionKey.TIMEZONE),
  PGOPTIONS(ConnectionKey.OPTIONS),
  PGCLIENTENCODING(ConnectionKey.CLIENT_ENCODING),
  PGSSLROOTCERT(ConnectionKey.ROOT_CERTIFICATE),
  PGSSLCERT(ConnectionKey.SSL_CERTIFICATE),
  PGSSLKEY(ConnectionKey.SSL_KEY),
  PGSSLNEGOTIATION(ConnectionKey.SSL_NEGOTIATION),
  PGGSSENCMODE(ConnectionKey.GSS_ENCRYPTION_MODE),
  PGREQUIREAUTH(ConnectionKey.REQUIRE_AUTH),
  /// Read for several hosts only.
  PGTARGETSESSIONATTRS(ConnectionKey.TARGET_SESSION_ATTRIBUTES);

  private final ConnectionKey key;

  ServerVariable(ConnectionKey key) {
    this.key = key;
  }

  ConnectionKey key() {
    return key;
  }
}
