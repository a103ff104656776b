package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten clients query a table that an ALTER wants, while a long SELECT keeps it from that. Whoever
/// comes behind the ALTER in the queue for the lock waits as long as it does.
@Tag("slow")
final class LiveTrafficTest {
  private static final int CLIENTS = 10;
  private static final Duration HELD = Duration.ofSeconds(6);
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void write_a_changelog() {
    new Folder(path)
        .write("changelog/" + ONE + ".sql", "CREATE TABLE orders AS SELECT 1 AS id;")
        .write("changelog/" + TWO + ".sql", "ALTER TABLE orders ADD COLUMN note text;");
    assertThat(program().run("--to", "One").code()).isZero();
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  /// A client's longest wait for an answer.
  private Duration query() {
    Duration longest = Duration.ZERO;
    try (Connection connection = database.connectAsOwner();
        Statement statement = connection.createStatement()) {
      while (over.getCount() > 0) {
        long begin = System.nanoTime();
        statement.execute("SELECT id FROM orders");
        Duration waited = Duration.ofNanos(System.nanoTime() - begin);
        longest = waited.compareTo(longest) > 0 ? waited : longest;
        statement.execute("SELECT pg_sleep(0.01)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return longest;
  }

  /// What the run told, and how long its clients had to wait.
  private record Observed(Program.Result run, Duration longest) {}

  private Observed migrateWhileTheTableIsRead(String lockTimeout) throws InterruptedException {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Duration>> waits = new ArrayList<>();
      Process process;
      try (var _ = new OpenTransaction(database, "SELECT FROM orders")) {
        for (int i = 0; i < CLIENTS; i++) {
          waits.add(CompletableFuture.supplyAsync(this::query, clients));
        }
        process = program().start("--lock-timeout", lockTimeout);
        Until.row(
            database,
            """
            SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
              AND starts_with(application_name, 'slipway')""");
        database.execute("SELECT pg_sleep(%d)".formatted(HELD.toSeconds()));
      }
      Program.Result run = Program.finish(process);
      over.countDown();
      Duration longest = Duration.ZERO;
      for (CompletableFuture<Duration> wait : waits) {
        longest = wait.join().compareTo(longest) > 0 ? wait.join() : longest;
      }
      return new Observed(run, longest);
    } finally {
      over.countDown();
    }
  }

  @Test
  void nobody_waits_longer_than_the_lock_timeout_and_a_second() throws InterruptedException {
    Observed observed = migrateWhileTheTableIsRead("1200ms");

    assertThat(observed.run().code()).as(observed.run().toString()).isZero();
    assertThat(observed.longest()).isLessThan(Duration.ofMillis(2_200));
    assertThat(observed.run().err())
        .containsPattern("waiting for a lock on \"orders\": blocked by pid \\d+ \\(.*user postgres")
        .contains("trying " + TWO + " again");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void without_a_lock_timeout_all_of_them_stall() throws InterruptedException {
    Observed observed = migrateWhileTheTableIsRead("0");

    assertThat(observed.run().code()).as(observed.run().toString()).isZero();
    assertThat(observed.longest()).isGreaterThan(HELD.minusSeconds(1));
  }
}
