package dev.slipway.changelog.liquibase;

/// Liquibase's strategy of quoting names.
final class Quoting {
  /// Names in mixed case and reserved words are quoted.
  static final String DEFAULT = "LEGACY";

  static final String ALL = "QUOTE_ALL_OBJECTS";
  static final String RESERVED_WORDS = "QUOTE_ONLY_RESERVED_WORDS";

  private Quoting() {}

  /// The strategy that is in force for a changeset.
  static String of(Changeset changeset) {
    String own = changeset.attribute("objectQuotingStrategy");
    return own.isEmpty() ? of(changeset.file()) : own;
  }

  /// The strategy that is in force in a file.
  static String of(ChangelogFile file) {
    return file.quoting().isEmpty() ? DEFAULT : file.quoting();
  }
}
