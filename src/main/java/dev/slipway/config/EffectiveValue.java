package dev.slipway.config;

/// A value in force, as it may be shown to everybody.
///
/// @param key of a setting, or of a connection string by Npgsql's name
/// @param value `***` in place of a secret
/// @param source where it comes from: `environment variable PGUSER`, `appsettings.json:3:7`,
///     `default`
public record EffectiveValue(String key, String value, String source) {
  /// What a secret looks like.
  static final String MASK = "***";

  /// The source of what nobody gave.
  static final String DEFAULT = "default";
}
