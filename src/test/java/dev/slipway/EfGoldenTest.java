package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts as EF Core 8, 9 and 10 wrote them make the database that EF's own migrator made: schema,
/// rows, texts, and the history.
final class EfGoldenTest {
  /// What a dump shows of the schema that custom histories lie in.
  private static final String OPS =
      "--\n-- Name: ops; Type: SCHEMA; Schema: -; Owner: -\n--\n\nCREATE SCHEMA ops;\n\n";

  @TempDir private Path folder;

  static Stream<Arguments> scripts() {
    return EfGolden.all()
        .flatMap(
            golden ->
                Stream.of(
                        "idempotent",
                        "dotnet-ef-tool.idempotent",
                        "snake-case.idempotent",
                        "custom-history.idempotent")
                    .filter(name -> Files.exists(golden.script(name)))
                    .map(name -> Arguments.of(golden, name)));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void a_run_makes_what_ef_makes(EfGolden golden, String name) throws IOException {
    try (var database = TestDatabase.on(TestServer.oldest())) {
      place(golden, name);

      Program.Result first = Program.in(folder).with("Shop", database).run();
      Program.Result second = Program.in(folder).with("Shop", database).run();

      assertThat(first.code()).as(first.toString()).isZero();
      assertMade(golden, name, database);
      assertThat(second.code()).isZero();
      assertThat(second.out()).contains("nothing to do");
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void our_script_of_it_does_so_too(EfGolden golden, String name) throws IOException {
    try (var database = TestDatabase.on(TestServer.oldest())) {
      place(golden, name);
      Path script = folder.resolve("ours.sql");
      Program.Result written = Program.in(folder).run("script", "-o", script.toString());
      assertThat(written.code()).as(written.toString()).isZero();

      for (int run = 0; run < 2; run++) {
        Psql.Result result = Psql.run(database, database.owner(), script, "--set=ON_ERROR_STOP=1");

        assertThat(result.code()).as(result.text()).isZero();
        assertMade(golden, name, database);
      }
    }
  }

  private void place(EfGolden golden, String name) throws IOException {
    Path changelog = Files.createDirectories(folder.resolve("changelog"));
    Files.copy(golden.script(name), changelog.resolve("migrations.sql"));
  }

  private static void assertMade(EfGolden golden, String name, TestDatabase database) {
    String schema = EfGolden.schemaOf(database);
    boolean isOpsTheHistorysOnly = name.startsWith("custom") && !golden.model().equals("cargo-b");
    assertThat(isOpsTheHistorysOnly ? schema.replace(OPS, "") : schema).isEqualTo(golden.schema());
    assertThat(EfGolden.dataOf(database)).isEqualTo(golden.data());
    assertThat(database.rows("SELECT * FROM %s ORDER BY 1".formatted(history(golden, name))))
        .isEqualTo(golden.history());
    assertThat(keys(database)).containsOnlyOnce(key(golden, name));
  }

  private static String history(EfGolden golden, String name) {
    return name.startsWith("custom") || golden.model().equals("cargo-b")
        ? "ops.\"_Migrations\""
        : "public.\"__EFMigrationsHistory\"";
  }

  /// The name of the history's primary key, and of its column.
  private static String key(EfGolden golden, String name) {
    if (name.startsWith("snake")) {
      return golden.text(name).contains("pk__migrations")
          ? "pk__migrations migration_id"
          : "pk___ef_migrations_history migration_id";
    }
    return history(golden, name).startsWith("ops")
        ? "PK__Migrations MigrationId"
        : "PK___EFMigrationsHistory MigrationId";
  }

  private static List<String> keys(TestDatabase database) {
    return database.rows(
        """
        SELECT k.conname || ' ' || a.attname FROM pg_constraint AS k
        JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'p' AND k.conname ~* 'migrations'""");
  }
}
