package dev.slipway.migrate;

import dev.slipway.migration.Changelog;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;

/// What an operator does who has a release that starts with an empty database, step by step, with
/// the names of the one that was found.
final class ResyncSteps {
  private ResyncSteps() {}

  static String of(Surface surface, Changelog changelog) throws SQLException {
    String database = surface.target().surroundings().database();
    var steps = new StringJoiner("\n");
    steps.add("1. Stop the application.");
    steps.add("2. See what would be lost: slipway resync --check");
    steps.add("3. Back up: pg_dump --format=custom --file=resync.dump " + argument(database));
    List<String> owners = surface.otherOwners();
    steps.add(
        "4. Empty the database%s; all that lies there is lost: %s"
            .formatted(
                owners.isEmpty() ? "" : ", as role " + String.join(", ", owners),
                emptying(surface, changelog)));
    List<String> extensions = surface.extensions();
    if (!extensions.isEmpty()) {
      steps.add("   Extensions go with it; then: " + String.join(" ", extensions));
    }
    steps.add("   Grants on the schema go with it, too: give them again.");
    steps.add("5. Run slipway again.");
    steps.add("6. Start the application, which reads its stream anew.");
    return steps.toString();
  }

  /// What the changelog makes itself must not be there when it does.
  private static String emptying(Surface surface, Changelog changelog) {
    var sql = new StringJoiner(" ");
    Identifier home = surface.target().historyTable().schema();
    for (Identifier schema : surface.schemas()) {
      sql.add("DROP SCHEMA " + schema.quoted() + " CASCADE;");
      if (schema.equals(home) && !changelog.makesHistorySchema()) {
        sql.add("CREATE SCHEMA " + schema.quoted() + ";");
      }
    }
    return sql.toString();
  }

  /// A word for a shell.
  private static String argument(String text) {
    return text.matches("[\\w.-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
