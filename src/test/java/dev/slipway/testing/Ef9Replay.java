package dev.slipway.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// EF Core 9's `Migrate()`, replayed with its statements. The history is made where it is missing,
/// and locked so that nobody can read it. One transaction holds all migrations, but for what has to
/// run outside: that is committed around, and the row of such a migration is written outside as
/// well, behind its last command.
///
/// @param golden a script of EF 9
public record Ef9Replay(EfGolden golden) implements EfMigrator {
  private static final Pattern ROW =
      Pattern.compile(
          "INSERT INTO \"__EFMigrationsHistory\" .*\nVALUES \\('([^']+)'", Pattern.DOTALL);
  private static final Set<String> MADE_BY_OTHERS = Set.of("23505", "42P07", "42710");

  /// @param commands the last of them records it
  private record Migration(String id, List<String> commands) {
    private boolean isRecordedOutside() {
      return commands.stream().anyMatch(Ef9Replay::isSuppressed);
    }
  }

  @Override
  public Outcome migrate(TestDatabase database) {
    List<String> applied = new ArrayList<>();
    String url =
        "jdbc:postgresql://localhost:%d/%s?user=%s&ApplicationName=%s&preferQueryMode=simple"
            .formatted(database.server().port(), database.name(), database.owner(), APPLICATION);
    try (Connection connection = DriverManager.getConnection(url);
        Statement session = connection.createStatement()) {
      migrate(session, applied);
      return new Outcome(applied, "");
    } catch (SQLException e) {
      return new Outcome(applied, e.getSQLState() + ": " + e.getMessage());
    }
  }

  private void migrate(Statement session, List<String> applied) throws SQLException {
    makeHistory(session);
    begin(session);
    Set<String> there = history(session);
    boolean open = true;
    for (Migration migration : migrations()) {
      if (there.contains(migration.id())) {
        continue;
      }
      for (String command : migration.commands()) {
        boolean outside =
            isSuppressed(command)
                || (migration.isRecordedOutside() && ROW.matcher(command).lookingAt());
        if (outside && open) {
          session.execute("COMMIT");
        } else if (!outside && !open) {
          begin(session);
        }
        open = !outside;
        session.execute(command);
      }
      applied.add(migration.id());
    }
    if (open) {
      session.execute("COMMIT");
    }
  }

  private void makeHistory(Statement session) throws SQLException {
    try {
      session.execute(pieces().getFirst());
    } catch (SQLException e) {
      if (!MADE_BY_OTHERS.contains(e.getSQLState())) {
        throw e;
      }
    }
  }

  private static void begin(Statement session) throws SQLException {
    session.execute("BEGIN");
    session.execute("LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE");
  }

  private static Set<String> history(Statement session) throws SQLException {
    Set<String> ids = new HashSet<>();
    try (ResultSet rows =
        session.executeQuery(
            """
            SELECT "MigrationId", "ProductVersion"
            FROM "__EFMigrationsHistory"
            ORDER BY "MigrationId\"""")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  private List<Migration> migrations() {
    List<Migration> migrations = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    for (String piece : pieces().subList(1, pieces().size())) {
      commands.add(piece);
      Matcher row = ROW.matcher(piece);
      if (row.lookingAt()) {
        migrations.add(new Migration(row.group(1), List.copyOf(commands)));
        commands.clear();
      }
    }
    return migrations;
  }

  /// The commands of the script, which ends each with an empty line.
  private List<String> pieces() {
    return Arrays.stream(golden.text("plain").split(";\n\n"))
        .map(piece -> piece.replaceFirst("^START TRANSACTION;\n", "").strip())
        .filter(piece -> !piece.isEmpty() && !piece.equals("COMMIT"))
        .toList();
  }

  private static boolean isSuppressed(String command) {
    return command.contains(" CONCURRENTLY ");
  }
}
