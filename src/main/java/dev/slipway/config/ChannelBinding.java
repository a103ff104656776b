package dev.slipway.config;

/// Whether a login by password (SCRAM) is bound to the TLS session, so that nobody in between can
/// pass it on.
public enum ChannelBinding {
  DISABLE,
  /// Where TLS is used and the server offers it.
  PREFER,
  /// Always; a server that does not offer it is refused.
  REQUIRE
}
