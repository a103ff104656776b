package dev.slipway.config;

/// How TLS begins.
public enum SslNegotiation {
  /// After a request in PostgreSQL's own protocol.
  POSTGRES,
  /// At once, as PostgreSQL 17 and later understand it.
  DIRECT
}
