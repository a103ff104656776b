package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.crash.CrashPoint.Then;
import dev.slipway.testing.FailPoint.Side;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// psql with the script of the same changelog.
///
/// @param folder of the changelog
record ScriptSubject(Path folder) implements Subject {
  private static final String SCRIPT = "script.sql";
  private static final Pattern OFFERED = Pattern.compile("(UPDATE .*); and run this script again");

  /// The block that begins, that of the end, and of a migration the one that claims or does it.
  private static final String FIRST = "^DO .*the search path names no schema";

  private static final String LAST = "^DO .*slipway: not complete: there is missing";
  private static final String COMPLETING = "^DO .*SET finished_at = clock_timestamp.*'";

  /// Has the script written.
  static ScriptSubject written(Path folder) {
    Program.Result written = Program.in(folder).run("script");
    assertThat(written.code()).as(written.toString()).isZero();
    new Folder(folder).write(SCRIPT, written.out());
    return new ScriptSubject(folder);
  }

  @Override
  public List<CrashPoint> points() {
    List<CrashPoint> points = new ArrayList<>();
    around(points, "first block", FIRST, "BEGIN; CREATE TABLE \"__EFMigrationsHistory\" ()");
    around(points, "one message", block(Release.TABLES), "BEGIN; CREATE TABLE invoice ()");
    around(points, "in steps", block(Release.SEED), "BEGIN; LOCK TABLE customer IN SHARE MODE");
    around(points, "claim of no transaction", block(Release.PAYMENTS), "");
    addStatements(points);
    around(points, "completion of no transaction", COMPLETING + Release.PAYMENTS, "");
    around(points, "claim of the procedure", block(Release.SETTLE), "");
    around(points, "procedure that commits", "^CALL", "BEGIN; LOCK TABLE settled IN SHARE MODE");
    points.add(
        CrashPoint.after("procedure that commits: after its mark", "", mark(1, Release.SETTLE)));
    around(points, "completion of the procedure", COMPLETING + Release.SETTLE, "");
    around(points, "last block", LAST, "");
    return points;
  }

  private static String block(String id) {
    return "^DO .*current_setting\\('slipway.next'\\) = '" + id;
  }

  private static String mark(int number, String id) {
    return "^UPDATE \\S*slipway_journal\\S* SET statements_done = " + number + "\\b.*" + id;
  }

  private static void addStatements(List<CrashPoint> points) {
    List<String> statements =
        List.of(
            "^CREATE TABLE payment",
            "^INSERT INTO payment",
            "^CREATE INDEX CONCURRENTLY payment_invoice",
            "^CREATE INDEX CONCURRENTLY ON",
            "^CREATE UNIQUE INDEX CONCURRENTLY payment_both",
            "^UPDATE payment",
            "^VACUUM");
    for (int i = 0; i < statements.size(); i++) {
      String name = "no transaction, statement " + (i + 1);
      String statement = statements.get(i);
      boolean builds = statement.contains("CONCURRENTLY");
      around(points, name, statement, builds ? Release.WRITER : "");
      if (builds) {
        points.add(within(name + ": built", statement, Release.SNAPSHOT));
      }
      points.add(CrashPoint.before(name + ": before its mark", "", mark(i + 1, Release.PAYMENTS)));
      points.add(CrashPoint.after(name + ": in its mark", "", mark(i + 1, Release.PAYMENTS)));
    }
  }

  /// @param other what another transaction does to let it wait half-way; empty for nothing
  private static void around(List<CrashPoint> points, String name, String statement, String other) {
    points.add(CrashPoint.before(name + ": before", "", statement));
    if (!other.isEmpty()) {
      points.add(within(name + ": half-way", statement, other));
    }
    points.add(CrashPoint.after(name + ": after", "", statement));
  }

  private static CrashPoint within(String name, String statement, String other) {
    return CrashPoint.at(
        name, "", statement, Side.BEFORE, new Then.WaitForOther(other, Release.WAITS));
  }

  @Override
  public Process start(TestDatabase database, int port) {
    var builder =
        new ProcessBuilder(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--host=127.0.0.1",
            "--port=" + port,
            "--username=" + database.owner(),
            "--dbname=" + database.name(),
            "--set=ON_ERROR_STOP=1",
            "--file=" + folder.resolve(SCRIPT));
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("this test needs the program psql", e);
    }
  }

  @Override
  public Program.Result run(TestDatabase database) {
    try {
      return Program.finish(start(database, database.server().port()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Only the procedure needs a person: who looks, finishes what it did not do, and says so.
  @Override
  public boolean mend(TestDatabase database, Program.Result failed) {
    Matcher offered = OFFERED.matcher(failed.err());
    if (!failed.err().contains("\"" + Release.SETTLE + "\" stopped") || !offered.find()) {
      return false;
    }
    database.executeAsOwner(
        """
        INSERT INTO ledger VALUES (1) ON CONFLICT DO NOTHING;
        INSERT INTO settled VALUES (1) ON CONFLICT DO NOTHING;
        """);
    database.executeAsOwner(offered.group(1));
    return true;
  }
}
