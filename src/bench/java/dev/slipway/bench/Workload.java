package dev.slipway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// The same migrations for everybody: small schema changes as applications have them, one statement
/// each with a comment, every tenth a new table that those after it work on.
final class Workload {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
  private static final LocalDateTime FIRST = LocalDateTime.of(2020, 1, 1, 0, 0);

  private final Path folder;
  private final List<Change> changes;

  private record Change(String stamp, String name, String comment, String statement) {
    String id() {
      return stamp + "_" + name;
    }

    String text() {
      return comment + "\n" + statement + ";\n";
    }
  }

  /// Writes it in every contestant's form.
  Workload(Path folder, int count) throws IOException {
    this.folder = folder;
    this.changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(change(i));
    }
    Files.createDirectories(changelog());
    Files.createDirectories(flyway());
    var psql = new StringBuilder(CREATE_HISTORY);
    var liquibase = new StringBuilder("--liquibase formatted sql\n");
    var ef = new StringBuilder(CREATE_HISTORY.replace("TABLE", "TABLE IF NOT EXISTS"));
    for (Change change : changes) {
      String text = change.text();
      Files.writeString(changelog().resolve(change.id() + ".sql"), text);
      Files.writeString(flyway().resolve("V" + change.stamp() + "__" + change.name + ".sql"), text);
      liquibase.append("\n--changeset bench:").append(change.id()).append('\n').append(text);
      ef.append("\nSTART TRANSACTION;\n");
      ef.append(block(change, text)).append(block(change, history(change))).append("COMMIT;\n");
      psql.append("BEGIN;\n").append(text).append(history(change)).append("COMMIT;\n");
    }
    Files.writeString(liquibase(), liquibase);
    Files.writeString(psql(), psql);
    Files.createDirectories(ef().resolve("changelog"));
    Files.writeString(ef().resolve("changelog/migrations.sql"), ef);
  }

  /// A command as EF's script has it.
  private static String block(Change change, String text) {
    return """

    DO $EF$
    BEGIN
        IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '%s') THEN
    %s    END IF;
    END $EF$;
    """
        .formatted(change.id(), text.indent(4));
  }

  private static final String CREATE_HISTORY =
      """
      CREATE TABLE "__EFMigrationsHistory" (
          "MigrationId" character varying(150) NOT NULL,
          "ProductVersion" character varying(32) NOT NULL,
          CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
      );
      """;

  private static String history(Change change) {
    return """
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('%s', '9.0.0');
    """
        .formatted(change.id());
  }

  int count() {
    return changes.size();
  }

  /// The folder that holds [#changelog].
  Path folder() {
    return folder;
  }

  private Path changelog() {
    return folder.resolve("changelog");
  }

  Path flyway() {
    return folder.resolve("flyway");
  }

  Path liquibase() {
    return folder.resolve("liquibase.sql");
  }

  /// The folder in which the changelog is EF's script.
  Path ef() {
    return folder.resolve("ef");
  }

  Path psql() {
    return folder.resolve("psql.sql");
  }

  /// Adds something to one applied migration, runs the action, and takes it out again.
  void whileEdited(Runnable action) {
    Path file = changelog().resolve(changes.get(changes.size() / 2).id() + ".sql");
    try {
      String before = Files.readString(file);
      Files.writeString(file, before + "SELECT 1;\n");
      action.run();
      Files.writeString(file, before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Change change(int number) {
    int table = number / 10;
    String stamp = STAMP.format(FIRST.plusMinutes(number));
    String orders = "customer_orders_" + table;
    return switch (number % 10) {
      case 0 ->
          new Change(
              stamp,
              "CreateCustomerOrders" + table,
              """
              -- Orders of customers, as the shop of region %d receives them. Prices are in cents so
              -- that sums stay exact; the reference is the shop's own and unique among its orders.\
              """
                  .formatted(table),
              """
              CREATE TABLE %1$s (
                  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_%1$s PRIMARY KEY,
                  reference character varying(60) NOT NULL,
                  placed_at timestamp with time zone NOT NULL DEFAULT now()
              )"""
                  .formatted(orders));
      case 3, 7 ->
          new Change(
              stamp,
              "SeedCustomerOrders" + number,
              """
              -- The order that acceptance checks look for after a release. It belongs to no customer
              -- and is never invoiced; see the handbook of the shop before you change it.""",
              """
              INSERT INTO %s (reference, placed_at) VALUES
                  ('acceptance-%2$d-a', '2020-01-01 00:00:00+00'),
                  ('acceptance-%2$d-b', '2020-01-02 00:00:00+00')"""
                  .formatted(orders, number));
      case 5, 9 ->
          new Change(
              stamp,
              "IndexCustomerOrders" + number,
              """
              -- The list of a day's orders is read in this order, newest first, by reference. Without
              -- the index it sorts the whole table each time that somebody opens the page.""",
              "CREATE INDEX ix_%s_%d ON %1$s (placed_at DESC, reference)".formatted(orders, number));
      default ->
          new Change(
              stamp,
              "AddAmount%dToCustomerOrders".formatted(number),
              """
              -- What the customer pays for this order in the currency of the region, in cents. Orders
              -- from before this column have none, and reports leave them out of their sums.""",
              "ALTER TABLE %s ADD COLUMN amount_%d_cents bigint NULL".formatted(orders, number));
    };
  }
}
