package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.EfClients;
import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real clients of Entity Framework Core and Slipway on one database.
@Tag("long")
final class EfClientTest {
  private static final String OURS = "20250101000000_Ours";

  @TempDir private static Path programs;
  private static EfClients clients;
  private static List<String> ids = List.of();

  @TempDir private Path folder;

  @BeforeAll
  static void unpack_the_clients() throws IOException {
    clients = EfClients.unpackInto(programs);
    ids = EfClients.bookshopIds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ef8", "ef10"})
  void what_ef_applied_is_applied(String client) {
    try (var database = databaseForBookshop()) {
      migrateByEf(client, database);
      writeChangelog();

      Program.Result result = Program.in(folder).with("Bookshop", database).run("status", "--json");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.out())
          .contains("\"state\":\"up-to-date\"")
          .contains("\"applied\":[\"%s\"]".formatted(String.join("\",\"", ids)))
          .contains("\"pending\":[]")
          .contains("\"unknown\":[]")
          .contains("\"modified\":[]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ef8", "ef10"})
  void ef_goes_on_with_a_history_that_we_have_written_to(String client) {
    try (var database = databaseForBookshop()) {
      migrateByEf(client, database);
      writeChangelog();
      new Folder(folder).write("changelog/" + OURS + ".sql", "CREATE TABLE ours (id int);");

      Program.Result result = Program.in(folder).with("Bookshop", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).hasSize(ids.size() + 1).contains(OURS);
      assertThat(byEf(client, database, "list", "bookshop").lines())
          .containsAll(ids.stream().map(id -> "applied " + id).toList())
          .contains("unknown " + OURS)
          .noneMatch(line -> line.startsWith("pending"));
      assertThat(migrateByEf(client, database)).doesNotContain(ids.getFirst());
      assertThat(database.history()).hasSize(ids.size() + 1);
    }
  }

  /// Whatever made the database, each of EF's clients finds nothing to do there and works with it.
  @ParameterizedTest
  @MethodSource("dev.slipway.EfGoldenTest#scripts")
  void ef_finds_nothing_to_do_behind_a_script_of_its_own(EfGolden golden, String name)
      throws IOException {
    Path changelog = Files.createDirectories(folder.resolve("changelog"));
    Files.copy(golden.script(name), changelog.resolve("migrations.sql"));
    for (boolean byHand : List.of(false, true)) {
      try (var database = databaseForBookshop()) {
        apply(database, byHand);

        for (String client : List.of("ef8", "ef10")) {
          assertThat(byEf(client, database, "list", golden.model(), options(name)).lines())
              .hasSize(golden.history().size())
              .allMatch(line -> line.startsWith("applied "));
          assertThat(byEf(client, database, "roundtrip", golden.model(), options(name)))
              .contains("roundtrip ok");
          assertThat(byEf(client, database, "migrate", golden.model(), options(name))).isEmpty();
        }
      }
    }
  }

  private void apply(TestDatabase database, boolean byHand) {
    if (byHand) {
      Path script = folder.resolve("ours.sql");
      Program.in(folder).run("script", "-o", script.toString());
      Psql.Result result = Psql.run(database, database.owner(), script, "--set=ON_ERROR_STOP=1");
      assertThat(result.code()).as(result.text()).isZero();
    } else {
      assertDone(Program.in(folder).with("Shop", database).run());
    }
  }

  /// Those with which the client of the same history was made.
  private static String[] options(String name) {
    if (name.startsWith("snake")) {
      return new String[] {"--snake-case"};
    }
    return name.startsWith("custom")
        ? new String[] {"--history-table", "_Migrations", "--history-schema", "ops"}
        : new String[0];
  }

  @ParameterizedTest
  @MethodSource("models")
  void each_goes_on_where_the_other_stopped(EfGolden golden) throws IOException {
    List<String> all = golden.ids();
    String half = all.get(all.size() / 2 - 1);
    Path changelog = Files.createDirectories(folder.resolve("changelog"));
    Files.copy(golden.script("idempotent"), changelog.resolve("migrations.sql"));
    for (String client : List.of("ef8", "ef10")) {
      // The machine's pg_dump cannot read the newest.
      try (var byEfFirst = TestDatabase.on(TestServer.oldest());
          var bySlipwayFirst = TestDatabase.on(TestServer.oldest())) {
        byEf(client, byEfFirst, "migrate", golden.model(), half);
        assertDone(Program.in(folder).with("Shop", byEfFirst).run());
        assertDone(Program.in(folder).with("Shop", bySlipwayFirst).run("migrate", "--to", half));
        byEf(client, bySlipwayFirst, "migrate", golden.model());

        for (TestDatabase database : List.of(byEfFirst, bySlipwayFirst)) {
          assertThat(byEf(client, database, "list", golden.model()).lines())
              .hasSize(all.size())
              .allMatch(line -> line.startsWith("applied "));
          assertThat(byEf(client, database, "roundtrip", golden.model())).contains("roundtrip ok");
          assertThat(Program.in(folder).with("Shop", database).run().out())
              .contains("nothing to do");
        }
        assertThat(EfGolden.schemaOf(byEfFirst)).isEqualTo(EfGolden.schemaOf(bySlipwayFirst));
        assertThat(EfGolden.dataOf(byEfFirst)).isEqualTo(EfGolden.dataOf(bySlipwayFirst));
      }
    }
  }

  static Stream<EfGolden> models() {
    return EfGolden.all().filter(golden -> golden.version().equals("ef9"));
  }

  private static void assertDone(Program.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
  }

  /// A trusted extension needs no more than the right to create in the database.
  private static TestDatabase databaseForBookshop() {
    return TestDatabase.on(TestServer.newest());
  }

  private void writeChangelog() {
    for (String id : ids) {
      new Folder(folder).write("changelog/" + id + ".sql", "SELECT 1;");
    }
  }

  private static String migrateByEf(String client, TestDatabase database) {
    return byEf(client, database, "migrate", "bookshop");
  }

  private static String byEf(
      String client, TestDatabase database, String command, String model, String... more) {
    List<String> arguments = clients.command(client, command, model, database.connectionString(""));
    arguments.addAll(3, List.of(more));
    return Tool.run(arguments.toArray(String[]::new));
  }
}
