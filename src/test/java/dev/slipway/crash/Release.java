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
  static final String TABLES = "20260101000000_Tables";
  static final String SEED = "20260102000000_Seed";
  static final String PAYMENTS = "20260103000000_Payments";
  static final String SETTLE = "20260104000000_Settle";
  private static final String LAST = "20260109000000_Last";

  private static final String NO_PAYMENT = "BEGIN; LOCK TABLE payment IN SHARE MODE";
  private static final String NOT_SETTLED = "BEGIN; LOCK TABLE settled IN SHARE MODE";

  /// Writes, as far as the building of an index is concerned.
  static final String WRITER = "BEGIN; LOCK TABLE payment IN ROW EXCLUSIVE MODE";

  static final String SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1";
  static final String WAITS = "wait_event_type = 'Lock'";

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
        CREATE TABLE ledger (id int PRIMARY KEY);
        CREATE TABLE settled (id int PRIMARY KEY);
        CREATE PROCEDURE settle() LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO ledger VALUES (1);
          COMMIT;
          INSERT INTO settled VALUES (1);
        END $$;
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
    changelog.write(
        "changelog/" + PAYMENTS + ".sql",
        """
        -- slipway: no-transaction
        CREATE TABLE payment (id int PRIMARY KEY, invoice int NOT NULL, amount int NOT NULL);
        INSERT INTO payment SELECT n, n, n FROM generate_series(1, 500) AS n;
        CREATE INDEX CONCURRENTLY payment_invoice ON payment (invoice);
        CREATE INDEX CONCURRENTLY ON payment (amount);
        CREATE UNIQUE INDEX CONCURRENTLY payment_both ON payment (id, invoice);
        UPDATE payment SET amount = amount + 1;
        VACUUM payment;
        """);
    changelog.write(
        "changelog/" + SETTLE + ".sql",
        """
        -- slipway: no-transaction
        CALL settle();
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
    statementwise(points);
    procedure(points);
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

  private static void statementwise(List<CrashPoint> points) {
    String name = "no transaction: ";
    addBegin(points, name, PAYMENTS);
    addPlain(points, name, 1, "^CREATE TABLE payment");
    addPlain(points, name, 2, "^INSERT INTO payment");
    waiting(points, name + "in statement 2", "^INSERT INTO payment", NO_PAYMENT);
    addBuild(points, name, 3, "^CREATE INDEX CONCURRENTLY payment_invoice");
    addBuild(points, name, 4, "^CREATE INDEX CONCURRENTLY ON");
    addBuild(points, name, 5, "^CREATE UNIQUE INDEX CONCURRENTLY payment_both");
    addPlain(points, name, 6, "^UPDATE payment");
    waiting(points, name + "in statement 6", "^UPDATE payment", NO_PAYMENT);
    addAlone(points, name, 7, PAYMENTS, "^VACUUM");
    waiting(points, name + "in statement 7", "^VACUUM", NO_PAYMENT);
    addEnd(points, name, PAYMENTS);
  }

  private static void procedure(List<CrashPoint> points) {
    String name = "procedure that commits: ";
    addBegin(points, name, SETTLE);
    addAlone(points, name, 1, SETTLE, "^CALL");
    waiting(points, name + "half-way in statement 1", "^CALL", NOT_SETTLED);
    addEnd(points, name, SETTLE);
  }

  private static void addBegin(List<CrashPoint> points, String name, String id) {
    String mark = "^INSERT INTO \\S*slipway_journal.*" + id;
    points.add(CrashPoint.before(name + "before the mark that it began", "", mark));
    points.add(CrashPoint.after(name + "in the mark that it began", "", mark));
    points.add(CrashPoint.after(name + "after the mark that it began", mark, "^COMMIT"));
  }

  /// One that can be sent with its mark in one transaction.
  private static void addPlain(List<CrashPoint> points, String name, int number, String statement) {
    points.add(CrashPoint.before(name + "before statement " + number, "", statement));
    points.add(CrashPoint.after(name + "after statement " + number, "", statement));
    addMark(points, name, number, PAYMENTS);
  }

  private static void addMark(List<CrashPoint> points, String name, int number, String id) {
    String mark = "^UPDATE \\S*slipway_journal\\b.*statements_done = " + number + "\\b.*" + id;
    points.add(CrashPoint.after(name + "after the mark of statement " + number, "", mark));
  }

  /// One that PostgreSQL runs outside of transactions only: it is marked before, too.
  private static void addAlone(
      List<CrashPoint> points, String name, int number, String id, String statement) {
    String begun = "^UPDATE \\S*slipway_journal\\b.*statement_begun = " + number + "\\b.*" + id;
    points.add(CrashPoint.after(name + "statement " + number + " marked as begun", "", begun));
    points.add(CrashPoint.before(name + "before statement " + number, "", statement));
    points.add(CrashPoint.after(name + "after statement " + number, "", statement));
    addMark(points, name, number, id);
  }

  private static void addBuild(List<CrashPoint> points, String name, int number, String statement) {
    addAlone(points, name, number, PAYMENTS, statement);
    String waits = name + "statement " + number + " waits for ";
    waiting(points, waits + "writers, the index is empty", statement, WRITER);
    waiting(points, waits + "snapshots, the index is built", statement, SNAPSHOT);
  }

  private static void waiting(
      List<CrashPoint> points, String name, String statement, String other) {
    points.add(
        CrashPoint.at(name, "", statement, Side.BEFORE, new Then.WaitForOther(other, WAITS)));
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
