package dev.slipway.changelog.ef;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import dev.slipway.sql.Locator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Scripts that EF wrote for another database, told by how its providers quote the history's name,
/// and by the types of its columns.
enum OtherProvider {
  SQL_SERVER("SQL Server", "\\[__EFMigrationsHistory\\]"),
  MYSQL("MySQL", "`__EFMigrationsHistory`"),
  SQLITE("SQLite", "\"MigrationId\" TEXT NOT NULL"),
  ORACLE("Oracle", "\"MigrationId\" NVARCHAR2");

  /// Only at the beginning, where the history is made or asked first: its name may stand in texts.
  private static final int LOOKED_AT = 2_000;

  private final String database;
  private final Pattern sign;

  OtherProvider(String database, String sign) {
    this.database = database;
    this.sign = Pattern.compile(sign);
  }

  /// Why the script cannot be applied; empty if no sign of another database is in it.
  static Optional<ChangelogProblem> problem(String file, String text) {
    for (OtherProvider provider : values()) {
      Matcher matcher = provider.sign.matcher(text);
      if (matcher.region(0, Math.min(text.length(), LOOKED_AT)).find()) {
        int line = new Locator(text).at(matcher.start()).line();
        return Optional.of(
            new ChangelogProblem(
                new Origin(file, line),
                "EF wrote this script for " + provider.database,
                "Generate it with the provider for PostgreSQL: options.UseNpgsql(…)"));
      }
    }
    return Optional.empty();
  }
}
