package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What others see in `pg_stat_activity`: the migration that is being applied.
final class ApplicationNameTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String NAME = " AS SELECT current_setting('application_name') AS name";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private void write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private Program.Result run(String connection, String... arguments) {
    Program.Result result =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionString(connection))
            .run(arguments);
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  @Test
  void it_says_which_migration_is_applied_in_which_database() {
    write(ONE, "CREATE TABLE one" + NAME + ";");
    write(TWO, "-- slipway: no-transaction\nVACUUM one;\nCREATE TABLE two" + NAME + ";");

    run("");

    assertThat(database.rows("SELECT name FROM one")).containsExactly("slipway gateway " + ONE);
    assertThat(database.rows("SELECT name FROM two")).containsExactly("slipway gateway " + TWO);
  }

  @Test
  void a_large_migration_that_is_sent_in_steps_has_it_too() {
    write(ONE, "CREATE TABLE one" + NAME + ";\nSELECT 1;\n");

    run("");

    assertThat(database.rows("SELECT name FROM one")).containsExactly("slipway gateway " + ONE);
  }

  @Test
  void the_connection_strings_own_name_stands_in_front() {
    write(ONE, "CREATE TABLE one" + NAME + ";");

    run(";Application Name=Release 7");

    assertThat(database.rows("SELECT name FROM one")).containsExactly("Release 7 gateway " + ONE);
  }

  @Test
  void one_that_is_too_long_is_cut_without_a_word() {
    String id = "20240101000000_" + "Long".repeat(20);
    write(id, "CREATE TABLE one" + NAME + ";");

    assertThat(run("", "--verbose").err()).doesNotContain("truncated");

    assertThat(database.rows("SELECT name FROM one"))
        .containsExactly(("slipway gateway " + id).substring(0, 63));
  }
}
