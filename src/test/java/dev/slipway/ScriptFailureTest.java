package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.Psql;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A script whose third of five migrations fails, by psql: what is done, what is recorded, and what
/// finishes the work.
@Tag("slow")
final class ScriptFailureTest {
  private static final String GOLDEN = "dev/slipway/script/failures/";
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";
  private static final String FOUR = "20240104000000_Four";
  private static final String FIVE = "20240105000000_Five";
  private static final String MARK = "-- slipway: no-transaction\n";
  private static final String INVALID =
      "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid";

  @TempDir private Path path;
  private HandRun hand = new HandRun(Path.of(""));

  /// A third migration that fails.
  ///
  /// @param cause what in the data lets it fail, and what mends that; empty for none
  /// @param mended its text by which it succeeds
  /// @param left what is in the database of it: unfinished row of the journal, table
  record Failing(String three, String cause, String mend, String mended, List<String> left) {
    static Failing byText(String three, String mended) {
      return new Failing(three, "", "", mended, List.of());
    }

    static Failing byData(String three, List<String> left) {
      return new Failing(
          three,
          "INSERT INTO two VALUES (1, 'again')",
          "DELETE FROM two WHERE note = 'again'",
          three,
          left);
    }
  }

  @BeforeEach
  void write_a_changelog() {
    hand =
        new HandRun(path)
            .migration(ONE, "CREATE TABLE one (id int PRIMARY KEY);")
            .migration(
                TWO, "CREATE TABLE two (id int, note text);\nINSERT INTO two VALUES (1, 'first');")
            .migration(FOUR, "CREATE TABLE four (id int);")
            .migration(FIVE, MARK + "CREATE INDEX CONCURRENTLY two_note ON two (note);");
  }

  private static Stream<Arguments> failures() {
    return Stream.of(
            arguments(
                "transactional",
                Failing.byText(
                    "CREATE TABLE three (id int);\nINSERT INTO three SELECT id / 0 FROM two;",
                    "CREATE TABLE three (id int);\nINSERT INTO three SELECT id FROM two;")),
            arguments(
                "deferred",
                Failing.byText(
                    """
                    CREATE TABLE three (id int REFERENCES one DEFERRABLE INITIALLY DEFERRED);
                    INSERT INTO three VALUES (7);
                    """,
                    """
                    CREATE TABLE three (id int REFERENCES one DEFERRABLE INITIALLY DEFERRED);
                    INSERT INTO one VALUES (7);
                    INSERT INTO three VALUES (7);
                    """)),
            arguments(
                "first-statement",
                Failing.byText(
                    MARK + "CREATE TABLE three AS SELECT 1 / 0 AS id;\nVACUUM three;",
                    MARK + "CREATE TABLE three AS SELECT 1 AS id;\nVACUUM three;")),
            arguments(
                "later-statement",
                Failing.byData(
                    MARK
                        + "CREATE TABLE three (id int);\nALTER TABLE two ADD UNIQUE (id);\n"
                        + "INSERT INTO three SELECT id FROM two;",
                    List.of(THREE + "|1", "three"))),
            arguments(
                "index",
                Failing.byData(
                    MARK + "CREATE UNIQUE INDEX CONCURRENTLY two_id ON two (id);", List.of())),
            arguments(
                "index-without-name",
                Failing.byData(MARK + "CREATE UNIQUE INDEX CONCURRENTLY ON two (id);", List.of())),
            arguments(
                "later-index",
                Failing.byData(
                    MARK
                        + "CREATE TABLE three (id int);\n"
                        + "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS two_id ON two (id);",
                    List.of(THREE + "|1", "three"))))
        .flatMap(
            failure ->
                Stream.of(ServerVersion.values())
                    .map(version -> arguments(failure.get()[0], failure.get()[1], version)));
  }

  private static TestDatabase database(ServerVersion version) {
    return TestDatabase.on(version.server());
  }

  private static List<String> tables(TestDatabase database) {
    return database.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            + " AND relname NOT IN ('__EFMigrationsHistory', 'slipway_journal') ORDER BY oid");
  }

  /// What it left of the third migration.
  private static List<String> left(TestDatabase database) {
    return Stream.concat(
            HandRun.unfinished(database).stream(),
            tables(database).stream().filter(table -> !List.of("one", "two").contains(table)))
        .toList();
  }

  private static void assertThatTwoAreApplied(TestDatabase database, List<String> left) {
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(left(database)).isEqualTo(left);
    assertThat(database.rows(INVALID)).isEmpty();
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("failures")
  void nothing_is_applied_behind_one_that_fails_until_it_is_mended(
      String name, Failing failing, ServerVersion version) {
    hand.migration(THREE, failing.three());
    try (var database = database(version);
        var other = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "Two"));
      if (!failing.cause().isEmpty()) {
        database.execute(failing.cause());
      }

      Psql.Result wentOn = hand.run(database);

      assertThatTwoAreApplied(database, failing.left());
      Golden.check(GOLDEN + name + ".txt", wentOn.toString());
      assertThat(wentOn.code()).isZero();

      Psql.Result stopped = hand.runUntilError(database);

      assertThatTwoAreApplied(database, failing.left());
      assertThat(stopped.code()).isEqualTo(3);
      assertThat(wentOn.text()).startsWith(stopped.text());

      hand.migration(THREE, failing.mended());
      if (!failing.mend().isEmpty()) {
        database.execute(failing.mend());
      }
      Psql.Result mended = hand.runUntilError(database);

      assertThat(mended.code()).as(mended.toString()).isZero();
      assertThat(mended.text()).endsWith("NOTICE:  00000: slipway: 3 applied, 2 already there\n");
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  private void three(String attributes) {
    new Folder(path)
        .write(
            "changelog/three.xml",
            """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
              <changeSet id="%s" author="ann" %s>
                <preConditions><sqlCheck expectedResult="1">SELECT count(*) FROM two</sqlCheck></preConditions>
                <sql>CREATE TABLE three (id int)</sql>
              </changeSet>
            </databaseChangeLog>
            """
                .formatted(THREE, attributes));
  }

  private static Stream<Arguments> halting() {
    return Stream.of(ServerVersion.values())
        .flatMap(
            version ->
                Stream.of(
                    arguments("precondition", "", version),
                    arguments("precondition-alone", "runInTransaction=\"false\"", version)));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("halting")
  void nothing_is_applied_behind_one_whose_precondition_halts(
      String name, String attributes, ServerVersion version) {
    three(attributes);
    try (var database = database(version);
        var other = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "Two"));
      database.execute("INSERT INTO two VALUES (2, 'again')");

      Psql.Result halted = hand.run(database);

      assertThatTwoAreApplied(database, List.of());
      Golden.check(GOLDEN + name + ".txt", halted.toString());
      database.execute("DELETE FROM two WHERE note = 'again'");
      assertThat(hand.runUntilError(database).code()).isZero();
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_was_edited_half_way_is_finished_once_somebody_said_what_took_effect(
      ServerVersion version) {
    hand.migration(THREE, MARK + "CREATE TABLE three (id int);\nINSERT INTO threee VALUES (1);");
    try (var database = database(version);
        var other = database(version)) {
      hand.run(database);
      hand.migration(THREE, MARK + "CREATE TABLE three (id int);\nINSERT INTO three VALUES (1);");

      Psql.Result refused = hand.run(database);

      Golden.check(GOLDEN + "edited-half-way.txt", refused.toString());
      assertThatTwoAreApplied(database, List.of(THREE + "|1", "three"));
      database.executeAsOwner(HandRun.offered(refused));
      assertThat(hand.runUntilError(database).code()).isZero();
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  /// As a run does, too.
  @ParameterizedTest
  @ValueSource(strings = {"ANY", "the first"})
  void an_edit_that_its_author_accepts_does_not_keep_it_from_being_gone_on_with(String accepted) {
    String first = "INSERT INTO three SELECT id FROM missing;";
    String second = "INSERT INTO three VALUES (3);";
    try (var database = TestDatabase.create()) {
      liquibase("", first).run(database);
      String checksum = database.rows("SELECT checksum FROM slipway_journal").getFirst();
      assertThat(HandRun.unfinished(database)).hasSize(1);
      String valid = accepted.equals("ANY") ? accepted : checksum;

      Psql.Result result =
          liquibase("--validCheckSum " + valid + "\n", second).runUntilError(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT id FROM three")).containsExactly("3");
    }
  }

  private HandRun liquibase(String attributes, String insert) {
    return new HandRun(path.resolve("liquibase"))
        .migration(
            "changelog",
            """
            --liquibase formatted sql
            --changeset ann:20240101000000_Three runInTransaction:false
            %sCREATE TABLE three (id int);
            %s
            """
                .formatted(attributes, insert));
  }

  @ParameterizedTest
  @EnumSource
  void what_is_offered_to_paste_does_not_depend_on_the_search_path(ServerVersion version) {
    hand.with(
            "ConnectionStrings__Gateway",
            "Host=nowhere;Database=none;Username=nobody;Search Path=app")
        .migration(
            THREE, MARK + "DO $$ BEGIN CREATE TABLE three (id int); COMMIT; RAISE 'boom'; END $$;");
    try (var database = database(version)) {
      database.executeAsOwner("CREATE SCHEMA app");
      hand.run(database);
      Psql.Result refused = hand.run(database);
      Golden.check(GOLDEN + "in-doubt.txt", refused.toString());

      database.executeAsOwner(HandRun.offered(refused));

      assertThat(hand.runUntilError(database).text())
          .endsWith("slipway: 3 applied, 2 already there\n");
    }
  }

  private void outOfOrder(TestDatabase database, String three) {
    hand.runUntilError(database);
    assertThat(database.history()).containsExactly(ONE, TWO, FOUR, FIVE);
    hand.migration(THREE, three).migration("20240106000000_Six", "CREATE TABLE six (id int);");
  }

  @ParameterizedTest
  @EnumSource
  void a_late_one_is_applied_in_front_of_recorded_ones(ServerVersion version) {
    try (var database = database(version);
        var other = database(version)) {
      outOfOrder(database, "CREATE TABLE three (id int);");

      Psql.Result result = hand.runUntilError(database);

      assertThat(result.text())
          .isEqualTo(
              """
              NOTICE:  00000: slipway: applied 20240103000000_Three
              NOTICE:  00000: slipway: applied 20240106000000_Six
              NOTICE:  00000: slipway: 2 applied, 4 already there
              """);
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_pending_is_applied_behind_a_late_one_that_fails(ServerVersion version) {
    try (var database = database(version)) {
      outOfOrder(database, "CREATE TABLE three (id int);\nSELECT 1 / 0;");

      Psql.Result result = hand.run(database);

      Golden.check(GOLDEN + "late.txt", result.toString());
      assertThat(database.history()).containsExactly(ONE, TWO, FOUR, FIVE);
      assertThat(tables(database)).containsExactly("one", "two", "four");
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_pending_is_applied_behind_a_late_one_that_fails_without_a_transaction(
      ServerVersion version) {
    try (var database = database(version)) {
      outOfOrder(database, MARK + "CREATE TABLE three (id int);\nSELECT 1 / 0;");

      Psql.Result result = hand.run(database);

      Golden.check(GOLDEN + "late-half-way.txt", result.toString());
      assertThat(database.history()).containsExactly(ONE, TWO, FOUR, FIVE);
      assertThat(tables(database)).containsExactly("one", "two", "four", "three");
    }
  }

  /// Applies two, then lets a trigger of the history take away each row.
  private void withoutRecords(TestDatabase database, String when) {
    Psql.Result two = Psql.run(database, database.owner(), hand.script("--to", TWO));
    assertThat(two.code()).as(two.toString()).isZero();
    database.executeAsOwner(
        """
        CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = new."MigrationId";
          RETURN NULL;
        END $$;
        CREATE TRIGGER forget %s INSERT ON "__EFMigrationsHistory"
          FOR EACH ROW EXECUTE FUNCTION forget()"""
            .formatted(when));
  }

  /// Its own settings do not hide that from the last block.
  @ParameterizedTest
  @EnumSource
  void one_without_a_transaction_whose_row_is_not_kept_is_not_called_applied(
      ServerVersion version) {
    hand.migration(THREE, MARK + "CREATE TABLE three (id int);\nRESET ALL;");
    try (var database = database(version)) {
      withoutRecords(database, "BEFORE");

      Psql.Result result = Psql.run(database, database.owner(), hand.script("--to", THREE));

      Golden.check(GOLDEN + "row-not-kept.txt", result.toString());
      assertThatTwoAreApplied(database, List.of(THREE + "|2", "three"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_row_that_is_taken_away_is_missed_at_the_end(ServerVersion version) {
    hand.migration(THREE, "CREATE TABLE three (id int);");
    try (var database = database(version)) {
      withoutRecords(database, "AFTER");

      Psql.Result result =
          Psql.run(database, database.owner(), hand.script("--to", THREE), HandRun.STOP);

      Golden.check(GOLDEN + "row-taken-away.txt", result.toString());
      assertThatTwoAreApplied(database, List.of("three"));
    }
  }

  /// As the program has it: what was recorded before is not looked for again.
  @ParameterizedTest
  @EnumSource
  void rows_of_before_may_be_taken_away(ServerVersion version) {
    hand.migration(
        THREE,
        "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" < '%s';".formatted(TWO));
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", TWO));

      Psql.Result result = hand.runUntilError(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).containsExactly(TWO, THREE, FOUR, FIVE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_makes_its_transactions_read_only_is_recorded(ServerVersion version) {
    hand.migration(THREE, MARK + "SET default_transaction_read_only = on;\nSELECT 1;\nSELECT 2;");
    try (var database = database(version);
        var other = database(version)) {
      Psql.Result result = hand.runUntilError(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  /// One that takes a role which may not touch the journal.
  private void inOtherRole(TestDatabase database) {
    String other = database.createRole("other");
    database.execute("GRANT %s TO %s".formatted(other, database.owner()));
    database.execute("GRANT CREATE, USAGE ON SCHEMA public TO " + other);
    hand.migration(
        THREE,
        MARK
            + "ALTER TABLE two OWNER TO %s;\nSET ROLE %s;\n".formatted(other, other)
            + "CREATE UNIQUE INDEX CONCURRENTLY two_id ON two (id);");
    Psql.run(database, database.owner(), hand.script("--to", "Two"));
  }

  private static List<String> marks(TestDatabase database) {
    return database.rows(
        "SELECT statements_done, statement_begun, finished_at IS NOT NULL FROM slipway_journal"
            + " WHERE migration_id = '"
            + THREE
            + "'");
  }

  @ParameterizedTest
  @EnumSource
  void one_that_took_another_role_goes_on_behind_its_failure(ServerVersion version) {
    try (var database = database(version)) {
      inOtherRole(database);
      database.execute("INSERT INTO two VALUES (1, 'again')");

      hand.runUntilError(database);

      assertThat(marks(database)).containsExactly("2|0|f");
      assertThat(database.rows(INVALID)).isEmpty();

      database.execute("DELETE FROM two WHERE note = 'again'");
      Psql.Result mended = hand.runUntilError(database);

      assertThat(mended.code()).as(mended.toString()).isZero();
      assertThat(marks(database)).containsExactly("3|3|t");
    }
  }

  /// The state that a client leaves which is killed behind the build and before its mark.
  @ParameterizedTest
  @EnumSource
  void an_index_that_was_built_in_another_role_counts(ServerVersion version) {
    try (var database = database(version)) {
      inOtherRole(database);
      database.execute("INSERT INTO two VALUES (1, 'again')");
      hand.runUntilError(database);
      database.execute("DELETE FROM two WHERE note = 'again'");
      database.execute("UPDATE slipway_journal SET statement_begun = 3 WHERE finished_at IS NULL");
      database.execute("CREATE UNIQUE INDEX two_id ON two (id)");

      Psql.Result result = hand.runUntilError(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(marks(database)).containsExactly("3|3|t");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_block_alone_refuses_to_run(ServerVersion version) throws IOException {
    hand.migration(THREE, MARK + "CREATE TABLE three (id int);");
    String script = Files.readString(hand.script());
    try (var database = database(version)) {
      var said = new StringBuilder();
      for (String id : List.of(TWO, THREE)) {
        int begin = script.indexOf("\n-- " + id + "\n");
        int end = script.indexOf("\n-- 2024", begin + 1);
        said.append(Psql.run(database, database.owner(), hand.write(script.substring(begin, end))));
      }
      int last = script.indexOf("\n-- The end");
      said.append(Psql.run(database, database.owner(), hand.write(script.substring(last))));

      Golden.check(GOLDEN + "block-alone.txt", said.toString());
      assertThat(database.tables()).isEmpty();
    }
  }
}
