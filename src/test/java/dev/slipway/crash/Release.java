package dev.slipway.crash;

import dev.slipway.crash.CrashPoint.Then;
import dev.slipway.testing.FailPoint.Side;
import dev.slipway.testing.Folder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The changelog that is applied again and again, and the fail points on its way. Half of it, or
/// some of it twice, cannot be taken for the whole: rows have explicit keys, updates add up.
final class Release {
  private static final String TABLES = "20260101000000_Tables";
  private static final String SEED = "20260102000000_Seed";
  private static final String LAST = "20260109000000_Last";

  private Release() {}

  static void write(Path folder) {
    var changelog = new Folder(folder);
    changelog.write(
        "changelog/" + TABLES + ".sql",
        """
        CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);
        INSERT INTO customer VALUES (1, 'Ada'), (2, 'Bob'), (7, 'Cleo');
        CREATE TABLE invoice (
          id int PRIMARY KEY,
          customer int NOT NULL REFERENCES customer,
          amount int NOT NULL);
        """);
    // The rows that one statement gives make it go in steps; that statement fills a disk with WAL.
    changelog.write(
        "changelog/" + SEED + ".sql",
        """
        INSERT INTO invoice SELECT n, 1 + n % 2, n FROM generate_series(1, 500) AS n;
        UPDATE invoice SET amount = amount * 2;
        SELECT pg_logical_emit_message(true, 'seed', repeat('-', 1000000)) FROM generate_series(1, 4);
        UPDATE customer SET name = name || '!';
        """);
    // Whatever comes before, a full disk is felt here at the latest.
    changelog.write(
        "changelog/" + LAST + ".sql",
        """
        CREATE TABLE audit (id int PRIMARY KEY, event text NOT NULL);
        INSERT INTO audit SELECT n, repeat('-', 1000) FROM generate_series(1, 1000) AS n;
        """);
  }

  /// In the order in which a run comes by.
  static List<CrashPoint> points() {
    List<CrashPoint> points = new ArrayList<>();
    points.add(CrashPoint.after("migration lock taken", "", "pg_try_advisory_lock"));
    points.add(
        CrashPoint.before(
            "before history and journal are made", "", "^CREATE TABLE IF NOT EXISTS"));
    points.add(
        CrashPoint.after("history and journal made", "^CREATE TABLE IF NOT EXISTS", "^COMMIT"));
    inOneMessage(points);
    inSteps(points);
    return points;
  }

  private static void inOneMessage(List<CrashPoint> points) {
    String name = "one message: ";
    points.add(CrashPoint.after(name + "history locked", "", "^LOCK TABLE"));
    points.add(CrashPoint.before(name + "before statement 1", "", "^CREATE TABLE customer"));
    points.add(CrashPoint.after(name + "after statement 1", "", "^CREATE TABLE customer"));
    points.add(CrashPoint.after(name + "after statement 2", "", "^INSERT INTO customer"));
    points.add(CrashPoint.after(name + "after statement 3", "", "^CREATE TABLE invoice"));
    addEnd(points, name, TABLES);
  }

  private static void inSteps(List<CrashPoint> points) {
    String name = "in steps: ";
    points.add(CrashPoint.after(name + "history locked", row(TABLES), "^LOCK TABLE"));
    points.add(CrashPoint.before(name + "before statement 1", "", "^INSERT INTO invoice"));
    points.add(CrashPoint.after(name + "after statement 1", "", "^INSERT INTO invoice"));
    points.add(CrashPoint.after(name + "after statement 2", "", "^UPDATE invoice"));
    points.add(CrashPoint.before(name + "before statement 3", "", "^SELECT pg_logical_emit"));
    points.add(CrashPoint.after(name + "after statement 3", "", "^SELECT pg_logical_emit"));
    points.add(CrashPoint.after(name + "after statement 4", "", "^UPDATE customer"));
    addEnd(points, name, SEED);
  }

  private static String row(String id) {
    return "^INSERT INTO \\S*\"__EFMigrationsHistory\".*" + id;
  }

  private static void addEnd(List<CrashPoint> points, String name, String id) {
    String row = row(id);
    points.add(CrashPoint.before(name + "before the history row", "", row));
    points.add(CrashPoint.after(name + "after the history row", "", row));
    points.add(CrashPoint.before(name + "before COMMIT", row, "^COMMIT"));
    points.add(
        CrashPoint.at(name + "in COMMIT", row, "^COMMIT", Side.BEFORE, new Then.WaitInCommit()));
    points.add(CrashPoint.after(name + "after COMMIT", row, "^COMMIT"));
  }
}
