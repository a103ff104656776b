package dev.slipway.changelog.ef;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import dev.slipway.sql.Locator;
import dev.slipway.sql.Tokens;
import dev.slipway.sql.Tokens.Kind;
import java.util.Optional;

/// Scripts that EF wrote for another database, told by how its providers quote the history's name,
/// and by the types of its columns.
final class OtherProvider {
  /// Only at the beginning, where the history is made or asked first: its name may stand in texts.
  private static final int LOOKED_AT = 2_000;

  private OtherProvider() {}

  /// Why the script cannot be applied; empty if no sign of another database is in it.
  static Optional<ChangelogProblem> problem(String file, String text) {
    String beginning = text.substring(0, Math.min(text.length(), LOOKED_AT));
    var tokens = new Tokens(beginning);
    String before = "";
    while (tokens.next() != Kind.END) {
      String token = tokens.string();
      String database = database(before, token);
      if (!database.isEmpty()) {
        int line = new Locator(text).at(tokens.start()).line();
        return Optional.of(
            new ChangelogProblem(
                new Origin(file, line),
                "EF wrote this script for " + database,
                "Generate it with the provider for PostgreSQL: options.UseNpgsql(…)"));
      }
      before = token;
    }
    return Optional.empty();
  }

  private static String database(String before, String token) {
    boolean isHistory = token.equals("__EFMigrationsHistory");
    return switch (before) {
      case "[" -> isHistory ? "SQL Server" : "";
      case "`" -> isHistory ? "MySQL" : "";
      case "\"MigrationId\"" ->
          switch (token) {
            case "TEXT" -> "SQLite";
            case "NVARCHAR2" -> "Oracle";
            default -> "";
          };
      default -> token.contains("[__EFMigrationsHistory]") ? "SQL Server" : "";
    };
  }
}
