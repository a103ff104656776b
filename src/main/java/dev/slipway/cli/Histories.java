package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.history.HistoryNames;
import dev.slipway.history.HistoryNames.Spelling;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.sql.Identifier;
import java.util.Optional;

/// Where a changelog is recorded: as its own text says, else as the settings say, else under EF's
/// name.
final class Histories {
  private Histories() {}

  static HistoryDefinition definition(Settings own, Changelog changelog) {
    return definition(own, changelog.history());
  }

  private static HistoryDefinition definition(Settings own, Optional<HistoryDefinition> changelog) {
    Optional<Identifier> schema = own.historySchema().map(Identifier::new);
    Optional<Identifier> table = own.historyTable().map(Identifier::new);
    return changelog
        .map(history -> history.in(history.schema().or(() -> schema), history.table()))
        .orElseGet(
            () -> HistoryDefinition.named(schema, table.orElse(HistoryDefinition.DEFAULT_TABLE)));
  }

  static HistoryNames names(Optional<String> searchPath, Settings own, Changelog changelog) {
    return names(searchPath, own, changelog.history());
  }

  /// @param changelog what its own text says, if there is one and it does
  static HistoryNames names(
      Optional<String> searchPath, Settings own, Optional<HistoryDefinition> changelog) {
    HistoryDefinition definition = definition(own, changelog);
    boolean isExact =
        own.historyTable().isPresent()
            || !definition.table().equals(HistoryDefinition.DEFAULT_TABLE);
    return new HistoryNames(searchPath, definition, isExact ? Spelling.EXACT : Spelling.ANY);
  }

  /// A setting that names another history than the changelog's text would make the application
  /// that this text was generated from start over.
  static void refuseContradiction(Settings own, Changelog changelog) {
    changelog
        .history()
        .ifPresent(
            history -> {
              refuse(own.historyTable(), history.table(), "HistoryTable", changelog);
              history
                  .schema()
                  .ifPresent(
                      schema -> refuse(own.historySchema(), schema, "HistorySchema", changelog));
            });
  }

  private static void refuse(
      Optional<String> wanted, Identifier actual, String setting, Changelog changelog) {
    if (wanted.isPresent() && !wanted.get().equals(actual.value())) {
      throw new ChangelogException(
          new ChangelogProblem(
              changelog.migrations().getFirst().origin(),
              "the script records in \"%s\", and Slipway__%s is \"%s\""
                  .formatted(actual, setting, wanted.get()),
              "Take the setting out; or generate the script with that history:"
                  + " MigrationsHistoryTable(\"…\")"));
    }
  }
}
