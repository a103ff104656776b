package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Edits;
import dev.slipway.migration.History.JournalEntry;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.Resumption;
import dev.slipway.migration.SessionState;
import dev.slipway.migration.TransactionMode;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Statement;
import dev.slipway.testing.MarkdownTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/crash-safety.md says which statements are gone on with, and shows what [RepairTest] gets.
final class RepairGuideTest {
  private static final Path GUIDE = Path.of("docs/crash-safety.md");
  private static final Path GOLDEN = Path.of("src/test/resources/dev/slipway/repair");
  private static final Pattern RESULT =
      Pattern.compile("exit (\\d+)\n--- stdout\n(.*)--- stderr\n(.*)", Pattern.DOTALL);
  private static final String ID = "20240102000000_Two";

  /// One of each kind.
  private static final List<String> STATEMENTS =
      List.of(
          "INSERT INTO orders SELECT 1",
          "ALTER TABLE orders ADD COLUMN at date",
          "DO $$ BEGIN PERFORM 1; END $$",
          "CREATE INDEX CONCURRENTLY orders_at ON orders (at)",
          "DROP INDEX CONCURRENTLY orders_at",
          "REINDEX TABLE orders",
          "REINDEX TABLE CONCURRENTLY orders",
          "VACUUM orders",
          "CLUSTER orders",
          "DISCARD ALL",
          "ALTER SYSTEM SET work_mem = '8MB'",
          "ALTER DATABASE orders SET TABLESPACE fast",
          "ALTER SUBSCRIPTION orders REFRESH PUBLICATION",
          "CALL fill()",
          "DO $$ BEGIN COMMIT; END $$",
          "ALTER TABLE orders DETACH PARTITION orders_2023 CONCURRENTLY",
          "CREATE DATABASE orders",
          "DROP DATABASE orders",
          "CREATE TABLESPACE fast LOCATION '/fast'",
          "DROP TABLESPACE fast",
          "CREATE SUBSCRIPTION orders CONNECTION '' PUBLICATION orders",
          "ALTER SUBSCRIPTION orders SET PUBLICATION orders",
          "DROP SUBSCRIPTION orders");

  private static final List<String> LEFT_IN_SESSION =
      List.of(
          "SET search_path = orders",
          "SELECT set_config('search_path', '', false)",
          "PREPARE one AS SELECT 1",
          "CREATE TEMP TABLE collected (id int)",
          "SELECT 1 AS id INTO TEMP collected",
          "DECLARE c CURSOR WITH HOLD FOR SELECT 1");

  @Test
  void the_tables_and_examples_of_the_guide_are_those_of_the_program() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("statements", statements());
    parts.put("session", session());
    parts.put("stopped", example("failed-half-way", ""));
    parts.put("in doubt", example("in-doubt", ""));
    parts.put("resume", example("resume", offered("in-doubt", 0)));
    parts.put("mark applied", example("mark-applied", offered("in-doubt", 2)));
    parts.put("mark pending", example("mark-pending", offered("in-doubt", 3)));
    parts.put("accept edited", example("accept-edited", offered("failed-half-way", 0)));
    parts.put("edited", example("edited", ""));
    parts.put("dry run", example("dry-run", "repair --resume --dry-run"));

    MarkdownTables.check(GUIDE, parts);
  }

  private static String statements() {
    List<List<String>> rows = new ArrayList<>();
    for (String sql : STATEMENTS) {
      Statement statement = Lexer.split(sql).statements().getFirst();
      // As the journal has it where the statement was sent, and nobody knows more.
      JournalEntry begun = begun(1, statement.isAtomic() ? 0 : 2);
      rows.add(
          List.of(
              MarkdownTables.code(sql),
              statement.isAtomic() ? "with its effect" : "before and after",
              outcome(
                  Resumption.of(compiled("SELECT 1;\n" + sql + ";\nSELECT 3"), begun), statement)));
    }
    return MarkdownTables.table(List.of("statement", "marked", "what the next run does"), rows);
  }

  private static String outcome(Resumption resumption, Statement statement) {
    return switch (resumption) {
      case Resumption.Anew _, Resumption.Next _ -> "runs it: it had no effect";
      case Resumption.Again _ -> again(statement);
      case Resumption.InDoubt _ -> "**stops with exit code 8**";
      case Resumption.Edited _, Resumption.SessionLost _ ->
          throw new IllegalStateException(resumption.toString());
    };
  }

  private static String again(Statement statement) {
    if (statement.concurrentIndex().isPresent()) {
      return "waits while it is being built, counts it if it is valid, else drops what is left and"
          + " builds it";
    }
    return statement.droppedIndex().isPresent()
        ? "counts it if the index is gone, else drops it"
        : "runs it again: that does no harm";
  }

  private static String session() {
    List<List<String>> rows = new ArrayList<>();
    for (String sql : LEFT_IN_SESSION) {
      CompiledMigration compiled = compiled(sql + ";\nSELECT 2");
      rows.add(
          List.of(
              MarkdownTables.code(sql),
              Resumption.of(compiled, begun(1, 0)) instanceof Resumption.SessionLost
                  ? "**stops with exit code 8**"
                  : runAgain(compiled)));
    }
    return MarkdownTables.table(List.of("statement", "what the next run does"), rows);
  }

  private static String runAgain(CompiledMigration compiled) {
    assertThat(new SessionState(compiled.statements()).settings(1)).containsExactly(0);
    return "runs it again, then what is left";
  }

  private static CompiledMigration compiled(String sql) {
    return CompiledMigration.of(
        new Migration(
            new MigrationId(ID),
            new Origin(ID + ".sql", 1),
            new Checksum(""),
            new Conduct(TransactionMode.NONE, Rerun.NEVER, Conduct.OnFailure.STOP),
            Edits.NONE,
            Optional.empty(),
            Optional.empty(),
            () -> MigrationSql.of(ID + ".sql", Lexer.split(sql))));
  }

  private static JournalEntry begun(int done, int statementBegun) {
    return new JournalEntry(ID, new Checksum(""), null, null, done, 3, statementBegun);
  }

  /// The arguments of one of the commands that a message offers.
  private static String offered(String golden, int index) {
    return Pattern.compile("slipway (repair .*)")
        .matcher(read(golden))
        .results()
        .map(found -> found.group(1))
        .toList()
        .get(index);
  }

  /// What the program answered, in the image.
  private static String example(String golden, String arguments) {
    Matcher result = RESULT.matcher(read(golden));
    assertThat(result.matches()).as(golden).isTrue();
    String shown = result.group(2) + result.group(3) + "(exit code " + result.group(1) + ")\n";
    return "```\n$ "
        + ("slipway " + arguments).strip()
        + "\n"
        + shown.replace("FOLDER/changelog", "/changelog").replace("CHECKSUM", "…")
        + "```\n";
  }

  private static String read(String golden) {
    try {
      return Files.readString(GOLDEN.resolve(golden + ".txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
