package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.Ef9Replay;
import dev.slipway.testing.EfClients;
import dev.slipway.testing.EfGolden;
import dev.slipway.testing.EfMigrator;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// EF's own `Migrate()` and Slipway at once on one database, with the same migrations: ten, of
/// which the seventh builds two indexes outside of a transaction.
///
/// In each round both of them are at work before either can go on: a gate is shut in one migration
/// until both have come as far as they can. Where Slipway comes first, it has applied that one, and
/// EF goes ahead of it.
@Tag("slow")
final class EfRaceTest {
  private static final int MOST_ROUNDS = 20;
  private static final String HOLDER = "holder";

  /// What EF may fail with: objects are there or gone already, or a deadlock was ended.
  private static final String ALLOWED =
      "(?s).*\\b(42P01|42P06|42P07|42701|42703|42704|42710|42723|23505|40P01)\\b: .*"
          + "|(?s).*tuple concurrently updated.*";

  @TempDir private Path folder;

  /// How the database is found by both, and where the gate is shut, in the order of the rounds.
  /// What the gate has made, and takes back when it opens, keeps a migration from making it until
  /// then. Their number is odd, so that each is passed by either first.
  enum Start {
    EMPTY(
        0,
        relation("Publishers"),
        relation("IX_Books_Tags"),
        relation("Customers"),
        relation("IX_Books_Slug"),
        relation("Authors"),
        relation("IX_Books_Attributes"),
        relation("CatalogueOverview")),
    HALF_MIGRATED(
        2,
        relation("Customers"),
        relation("IX_Books_Tags"),
        "CREATE SCHEMA sales",
        relation("IX_Books_Attributes"),
        "LOCK TABLE \"Publishers\" IN SHARE MODE",
        relation("IX_Books_Slug"),
        relation("CatalogueOverview"));

    private final int applied;
    private final List<String> gates;

    Start(int applied, String... gates) {
      this.applied = applied;
      this.gates = List.of(gates);
    }

    private static String relation(String name) {
      return "CREATE TABLE \"%s\" ()".formatted(name);
    }

    private String gate(int round) {
      return gates.get(round % gates.size());
    }

    /// Whether Slipway comes to the gate before EF begins.
    private static boolean isSlipwayFirst(int round) {
      return round % 2 == 0;
    }
  }

  private record Made(String schema, String contents, List<String> history) {
    static Made of(TestDatabase database) {
      return new Made(
          Catalog.schema(database),
          Catalog.contents(database),
          database.rows("SELECT * FROM \"__EFMigrationsHistory\" ORDER BY 1"));
    }

    /// EF 8 takes no lock, so that both can be inside of one migration until one of them is rolled
    /// back. PostgreSQL does not give back the numbers that a sequence gave out meanwhile. And it
    /// names the sequence of an identity otherwise while there is one of that name which another
    /// session has not committed.
    Made comparedWith(String version) {
      return version.equals("ef8")
          ? new Made(
              schema.replaceAll("_Id_seq\\d+", "_Id_seq"),
              contents.replaceAll("Customers\\|\\(\\d+,", "Customers|("),
              history)
          : this;
    }
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void ef_9_and_slipway_together_make_what_either_makes(Start start) throws Exception {
    var golden = new EfGolden("bookshop", "ef9");

    race(golden, start, new Ef9Replay(golden));
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({"ef8, EMPTY", "ef8, HALF_MIGRATED", "ef10, EMPTY", "ef10, HALF_MIGRATED"})
  void a_client_of_ef_and_slipway_together_make_what_either_makes(
      String version, Start start, @TempDir Path programs) throws Exception {
    var golden = new EfGolden("bookshop", version);

    race(golden, start, EfClients.unpackInto(programs).migrator(version, golden.model()));
  }

  /// The replay stands for EF 9 only as long as it does what EF 9 does.
  @Test
  void the_replay_alone_makes_what_ef_9_makes() throws IOException {
    var golden = new EfGolden("bookshop", "ef9");
    place(golden);
    try (var replayed = TestDatabase.create()) {
      var replay = new Ef9Replay(golden);

      assertThat(replay.migrate(replayed)).isEqualTo(new EfMigrator.Outcome(golden.ids(), ""));

      assertThat(replay.migrate(replayed)).isEqualTo(new EfMigrator.Outcome(List.of(), ""));
      assertThat(Made.of(replayed)).isEqualTo(undisturbed());
    }
  }

  private void race(EfGolden golden, Start start, EfMigrator ef) throws Exception {
    place(golden);
    Made undisturbed = undisturbed();
    int rounds = Math.min(MOST_ROUNDS, 2 * Randomness.factor());
    int both = 0;
    for (int round = 0; round < rounds; round++) {
      both += runRound(golden, start, round, ef, undisturbed) ? 1 : 0;
    }
    System.out.printf(
        "race: %s, %s: %d rounds, %d both applied%n", golden.version(), start, rounds, both);
    assertThat(both).isGreaterThanOrEqualTo(Math.max(1, rounds / 4));
  }

  private void place(EfGolden golden) throws IOException {
    Path changelog = Files.createDirectories(folder.resolve("changelog"));
    Files.copy(golden.script("idempotent"), changelog.resolve("migrations.sql"));
  }

  private Made undisturbed() {
    try (var database = TestDatabase.create()) {
      Program.Result result = slipway(database);
      assertThat(result.code()).as(result.toString()).isZero();
      return Made.of(database);
    }
  }

  private Program.Result slipway(TestDatabase database, String... arguments) {
    return Program.in(folder).with("Shop", database).run(arguments);
  }

  /// @return whether both have applied something
  private boolean runRound(EfGolden golden, Start start, int round, EfMigrator ef, Made undisturbed)
      throws Exception {
    try (var database = TestDatabase.create()) {
      if (start.applied > 0) {
        slipway(database, "migrate", "--to", golden.ids().get(start.applied - 1));
      }
      Supplier<Program.Result> slipway = () -> slipway(database);
      Supplier<EfMigrator.Outcome> migrate = () -> ef.migrate(database);
      CompletableFuture<Program.Result> ours;
      CompletableFuture<EfMigrator.Outcome> theirs;
      var gate = OpenTransaction.ofOwner(database, start.gate(round));
      if (Start.isSlipwayFirst(round)) {
        CompletableFuture<OpenTransaction> next;
        try (gate) {
          ours = begin(slipway, database, asWaiting("slipway"));
          next = begin(() -> holdHistory(database), database, asWaiting(HOLDER));
        }
        try (var _ = next.get(1, TimeUnit.MINUTES)) {
          theirs = begin(migrate, database, asMeeting(golden, database));
        }
      } else {
        try (gate) {
          theirs = begin(migrate, database, asWaiting(EfMigrator.APPLICATION));
          ours = begin(slipway, database, asWaiting("slipway"));
        }
      }
      Program.Result result = ours.get(2, TimeUnit.MINUTES);
      EfMigrator.Outcome outcome = theirs.get(2, TimeUnit.MINUTES);

      String told = "round %d: EF %s; Slipway %s".formatted(round, outcome, result);
      assertThat(result.code()).as(told).isZero();
      assertThat(outcome.failure()).as(told).matches("|" + ALLOWED);
      assertThat(Made.of(database).comparedWith(golden.version()))
          .as(told)
          .isEqualTo(undisturbed.comparedWith(golden.version()));
      assertThat(ef.migrate(database)).as(told).isEqualTo(new EfMigrator.Outcome(List.of(), ""));
      assertThat(slipway(database).out()).as(told).contains("nothing to do");
      int byUs = (int) result.out().lines().filter(line -> line.startsWith("applied  ")).count();
      return byUs > 0 && start.applied + byUs < golden.ids().size();
    }
  }

  /// Keeps Slipway from the migration that comes next, but not EF 8, which takes no lock.
  private static OpenTransaction holdHistory(TestDatabase database) {
    return OpenTransaction.ofOwner(
        database,
        "SET LOCAL application_name = '%s';".formatted(HOLDER)
            + "LOCK TABLE \"__EFMigrationsHistory\" IN ROW EXCLUSIVE MODE");
  }

  /// Begins something, and lets it come as far as one of the queries gives a row, or to its end.
  private static <T> CompletableFuture<T> begin(
      Supplier<T> run, TestDatabase database, String... queries) {
    CompletableFuture<T> begun =
        CompletableFuture.supplyAsync(run, task -> Thread.ofVirtual().start(task));
    List<String> asked = new ArrayList<>(List.of("SELECT pg_sleep(0.02)"));
    asked.addAll(List.of(queries));
    while (!begun.isDone() && database.rows(asked).size() == 1) {
      Thread.onSpinWait();
    }
    return begun;
  }

  /// Gives a row once EF has come as far as it can, or ahead. EF 8, which keeps no reader out, can
  /// go ahead of Slipway; the others wait for their lock.
  private static String asMeeting(EfGolden golden, TestDatabase database) {
    return golden.version().equals("ef8")
        ? "SELECT 1 FROM \"__EFMigrationsHistory\" HAVING count(*) > " + database.history().size()
        : asWaiting(EfMigrator.APPLICATION);
  }

  /// Gives a row if the session waits for a lock, or asks until another's build has ended.
  private static String asWaiting(String application) {
    return """
        SELECT 1 FROM pg_stat_activity AS a
        WHERE datname = current_database() AND starts_with(application_name, '%s')
          AND (wait_event_type = 'Lock'
            OR query LIKE '%%pg_stat_progress_create_index%%' AND query NOT LIKE '%%pg_index%%'
              AND EXISTS (SELECT FROM pg_stat_progress_create_index AS p
                WHERE p.datname = a.datname AND p.pid <> a.pid))"""
        .formatted(application);
  }
}
