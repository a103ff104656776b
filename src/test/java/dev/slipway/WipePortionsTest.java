package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.FailPoint;
import dev.slipway.testing.FailPoint.Side;
import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.ProtocolProxy;
import dev.slipway.testing.Psql;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Until;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `slipway resync --wipe` where the server's lock table is too small for one transaction, and a
/// program that is killed on the way, in one transaction or several.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WipePortionsTest {
  private static final String OLD = "20230101000000_Old";
  private static final String NEW = "20240101000000_New";

  /// Many more than what fits into one transaction there.
  private static final int TABLES = 60;

  private final EmbeddedPostgres crowded = withSmallLockTable();
  private @Nullable TestDatabase made;
  @TempDir private Path path;

  private static EmbeddedPostgres withSmallLockTable() {
    try {
      return TestServer.builder("newest")
          .setServerConfig("max_locks_per_transaction", "10")
          .setServerConfig("max_connections", "20")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  void end_the_server() throws IOException {
    crowded.close();
  }

  @BeforeEach
  void write_the_releases() {
    new Folder(path)
        .write("old/" + OLD + ".sql", "CREATE TABLE first (id int);")
        .write("new/" + NEW + ".sql", "CREATE TABLE first (id bigint);");
  }

  @AfterEach
  void drop_the_database() {
    if (made != null) {
      made.close();
      made = null;
    }
  }

  private TestDatabase database() {
    return Objects.requireNonNull(made);
  }

  private void databaseOn(TestServer server, int tables) {
    made = TestDatabase.on(server);
    ends(0, program().run("migrate", "--changelog", "old"));
    make(tables);
  }

  /// In transactions that the server has room for.
  private void make(int tables) {
    database()
        .executeAsOwner(
            """
        DO $$ BEGIN
          FOR i IN 1..%d LOOP
            EXECUTE format('CREATE TABLE t%%s (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,'
              ' name text)', i);
            IF i %% 10 = 0 THEN COMMIT; END IF;
          END LOOP;
        END $$"""
                .formatted(tables));
  }

  private Program program() {
    return Program.in(path).with("Gateway", database()).with("Slipway__Changelog", "new");
  }

  private Program.Result wipe(Program program) {
    return program.run("resync", "--wipe", "--confirm", database().name());
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private List<String> tables() {
    return database().tables();
  }

  private void assertThatItIsMigrated() {
    assertThat(tables())
        .containsExactly("public.__EFMigrationsHistory", "public.first", "public.slipway_journal");
    assertThat(database().history()).containsExactly(NEW);
    assertThat(database().rows("SELECT migration_id FROM slipway_journal")).containsExactly(NEW);
    ends(0, program().run("status"));
  }

  @Test
  void what_does_not_fit_into_one_transaction_goes_in_portions() {
    databaseOn(TestServer.at(crowded.getPort()), 2000 * Math.min(Randomness.factor(), 10));

    Program.Result wiped = ends(0, wipe(program()));

    assertThat(wiped.err()).contains("emptying: ").contains(" objects are gone");
    assertThatItIsMigrated();
  }

  /// Partitions are portions of a table that would not fit.
  @Test
  void a_table_of_many_partitions_goes_in_portions_too() {
    databaseOn(TestServer.at(crowded.getPort()), 0);
    database()
        .executeAsOwner(
            "CREATE TABLE measures (id int PRIMARY KEY, value text) PARTITION BY RANGE (id)");
    database()
        .executeAsOwner(
            """
            DO $$ BEGIN
              FOR i IN 1..60 LOOP
                EXECUTE format('CREATE TABLE measures_%1$s PARTITION OF measures'
                  ' FOR VALUES FROM (%1$s) TO (%1$s + 1)', i);
                COMMIT;
              END LOOP;
            END $$""");

    ends(0, wipe(program()));

    assertThatItIsMigrated();
  }

  /// A table that was made first and attached to a later one, which takes it along.
  @Test
  void what_an_earlier_portion_took_along_is_passed_over() {
    databaseOn(TestServer.at(crowded.getPort()), 0);
    database().executeAsOwner("CREATE TABLE child (id int NOT NULL)");
    make(TABLES);
    database().executeAsOwner("CREATE TABLE parent (id int NOT NULL) PARTITION BY LIST (id)");
    database().executeAsOwner("ALTER TABLE parent ATTACH PARTITION child FOR VALUES IN (1)");

    ends(0, wipe(program()));

    assertThatItIsMigrated();
  }

  /// Where it is killed.
  enum Point {
    BEFORE_THE_MARK("slipway resync --wipe", "INSERT INTO .*slipway_journal", Side.BEFORE),
    BEFORE_THE_MARK_IS_COMMITTED("slipway resync --wipe", "^COMMIT", Side.BEFORE),
    BEHIND_THE_MARK("slipway resync --wipe", "^COMMIT", Side.AFTER),
    WITHIN_THE_FIRST_PORTION("slipway resync --wipe", "^LOCK TABLE", Side.AFTER),
    BEFORE_THE_FIRST_PORTION_IS_COMMITTED("SET statements_done", "^COMMIT", Side.BEFORE),
    BEHIND_THE_FIRST_PORTION("SET statements_done", "^COMMIT", Side.AFTER),
    WITHIN_A_LATER_PORTION("SET statements_done = [345]\\d", "^LOCK TABLE", Side.AFTER),
    BEHIND_A_LATER_PORTION("SET statements_done = [345]\\d", "^COMMIT", Side.AFTER),
    WITHIN_THE_LAST("LOCK TABLE .*EFMigrationsHistory", "^LOCK TABLE", Side.AFTER),
    BEFORE_THE_LAST_IS_COMMITTED("DROP TABLE .*EFMigrationsHistory", "^COMMIT", Side.BEFORE),
    BEHIND_THE_LAST("DROP TABLE .*EFMigrationsHistory", "^COMMIT", Side.AFTER);

    private final FailPoint failPoint;

    Point(String anchor, String statement, Side side) {
      failPoint = new FailPoint(pattern(anchor), pattern(statement), side);
    }

    private static Pattern pattern(String text) {
      return Pattern.compile(text, Pattern.DOTALL);
    }

    boolean isBeforeAnything() {
      return compareTo(BEHIND_THE_MARK) < 0;
    }

    boolean isBehindEverything() {
      return this == BEHIND_THE_LAST;
    }
  }

  private Process startThrough(ProtocolProxy proxy) {
    return program()
        .with(
            "ConnectionStrings__Gateway",
            database().connectionString(";Host=127.0.0.1;Port=" + proxy.port()))
        .start("resync", "--wipe", "--confirm", database().name());
  }

  private void killAt(FailPoint point) throws Exception {
    try (var proxy = new ProtocolProxy(database().server().port(), point)) {
      Process process = startThrough(proxy);
      proxy.reached().get(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      process.waitFor();
    }
    Until.alone(database());
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void killed_in_portions_its_state_is_told_and_the_next_finishes(Point point) throws Exception {
    databaseOn(TestServer.at(crowded.getPort()), TABLES);

    killAt(point.failPoint);

    if (point.isBeforeAnything()) {
      assertThat(tables()).hasSize(TABLES + 3);
      ends(6, program().run());
    } else if (point.isBehindEverything()) {
      assertThat(tables()).isEmpty();
      ends(1, program().run("status"));
      ends(0, program().run("resync", "--check"));
    } else {
      assertThatItIsHalfEmptied();
    }
    ends(0, wipe(program()));
    assertThatItIsMigrated();
  }

  /// By whichever release looks.
  private void assertThatItIsHalfEmptied() throws IOException {
    String command = "slipway resync --wipe --database Gateway --confirm " + database().name();
    for (String release : List.of("old", "new")) {
      Program program = program().with("Slipway__Changelog", release);
      for (String[] arguments :
          new String[][] {
            {"status"},
            {"migrate"},
            {"migrate", "--dry-run"},
            {"baseline", "head"},
            {"repair", "--mark-pending", OLD},
            {"script", "--pending"}
          }) {
        Program.Result refused = ends(8, program.run(arguments));
        assertThat(refused.err())
            .contains("database \"" + database().name() + "\" is half emptied", command);
      }
      assertThat(program.run("status", "--json").out())
          .contains("\"state\":\"partially-applied\"", "\"kind\":\"partially-applied\"");
      assertThat(ends(1, program.run("wait", "--timeout", "1s")).out()).contains("not there");
      Program shared = program().with("Slipway__SharedHistory", "true");
      ends(8, shared.with("Slipway__Changelog", release).run());

      ends(8, program.run("status", "--history-table", "other"));
      String script = ends(0, program.run("script")).out();
      Path file = path.resolve("script.sql");
      Files.writeString(file, script);
      Psql.Result byHand = Psql.run(database(), database().owner(), file, HandRun.STOP);
      assertThat(byHand.code()).isEqualTo(3);
      assertThat(byHand.text()).contains("is half emptied");
    }
    Program.Result check = ends(1, program().run("resync", "--check"));
    assertThat(check.err()).contains("emptying it was begun, and is not finished");
  }

  @ParameterizedTest
  @EnumSource(
      value = Point.class,
      names = {"WITHIN_THE_LAST", "BEFORE_THE_LAST_IS_COMMITTED", "BEHIND_THE_LAST"})
  void killed_in_one_transaction_all_is_gone_or_nothing(Point point) throws Exception {
    databaseOn(TestServer.newest(), 3);
    List<String> before = tables();

    killAt(point.failPoint);

    if (point.isBehindEverything()) {
      assertThat(tables()).isEmpty();
    } else {
      assertThat(tables()).isEqualTo(before);
      ends(6, program().run());
    }
    ends(0, wipe(program()));
    assertThatItIsMigrated();
  }

  /// The server has committed, and nobody has heard it.
  @Test
  void a_lost_answer_to_the_last_commit_is_told() throws Exception {
    databaseOn(TestServer.newest(), 3);
    try (var proxy =
        new ProtocolProxy(database().server().port(), Point.BEHIND_THE_LAST.failPoint)) {
      Process process = startThrough(proxy);
      proxy.reached().get(60, TimeUnit.SECONDS);
      proxy.lose();

      assertThat(ends(4, Program.finish(process)).err())
          .contains(
              "the connection was lost while emptying was being committed: all is gone, or nothing",
              "Once the cause is mended: slipway resync --wipe --database Gateway --confirm");
    }
    ends(0, program().run("resync", "--check"));
    ends(0, wipe(program()));
    assertThatItIsMigrated();
  }

  @Test
  void a_signal_between_portions_says_how_far_it_came() throws Exception {
    databaseOn(TestServer.at(crowded.getPort()), TABLES);
    try (var proxy =
        new ProtocolProxy(database().server().port(), Point.BEHIND_A_LATER_PORTION.failPoint)) {
      Process process = startThrough(proxy);
      proxy.reached().get(60, TimeUnit.SECONDS);
      process.toHandle().destroy();
      proxy.cancelAsked().get(60, TimeUnit.SECONDS);
      proxy.release();

      Program.Result stopped = ends(143, Program.finish(process));

      assertThat(stopped.err())
          .containsPattern("half emptied: [3-9]\\d of \\d+ objects are gone")
          .contains("Finish it: slipway resync --wipe --database Gateway --confirm");
    }
    assertThatItIsHalfEmptied();
    try (var _ = new OpenTransaction(database(), "SELECT 1")) {
      assertThat(ends(5, wipe(program().with("Slipway__LockWait", "0"))).err())
          .containsPattern("half emptied: [3-9]\\d of \\d+ objects are gone");
    }
    ends(0, wipe(program()));
    assertThatItIsMigrated();
  }

  /// The next run may find room for all of it.
  @Test
  void what_was_begun_in_portions_may_end_in_one_transaction() {
    databaseOn(TestServer.newest(), 5);
    database()
        .executeAsOwner(
            """
        INSERT INTO slipway_journal (history_table, migration_id, statements, statements_done)
        VALUES ('__EFMigrationsHistory', 'slipway resync --wipe', 10, 2)""");
    ends(8, program().run());

    ends(0, wipe(program()));

    assertThatItIsMigrated();
  }
}
