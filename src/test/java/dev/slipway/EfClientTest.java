package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real clients of Entity Framework Core and Slipway on one database.
@Tag("long")
final class EfClientTest {
  private static final String OURS = "20250101000000_Ours";

  @TempDir private static Path programs;
  private static List<String> ids = List.of();

  @TempDir private Path folder;

  @BeforeAll
  static void unpack_the_clients() throws IOException {
    Path ef = clients();
    Tool.run(ef.resolve("unpack").toString(), programs.toString());
    ids =
        Files.readAllLines(ef.resolve("golden/bookshop/migrations-list.txt")).stream()
            .map(line -> line.replaceFirst("^(applied|pending) ", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
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
      assertThat(byEf(client, database, "list").lines())
          .containsAll(ids.stream().map(id -> "applied " + id).toList())
          .contains("unknown " + OURS)
          .noneMatch(line -> line.startsWith("pending"));
      assertThat(migrateByEf(client, database)).doesNotContain(ids.getFirst());
      assertThat(database.history()).hasSize(ids.size() + 1);
    }
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
    return byEf(client, database, "migrate");
  }

  private static String byEf(String client, TestDatabase database, String command) {
    return Tool.run(
        programs.resolve("runtime/dotnet").toString(),
        programs.resolve("efclient").resolve(client).resolve("efclient.dll").toString(),
        command,
        "--model",
        "bookshop",
        "--connection",
        database.connectionString(""));
  }

  /// The folder with the clients: `-Dslipway.test.ef=…`, else `shared/ef` beside the checkout or
  /// beside a folder above it.
  private static Path clients() {
    String named = System.getProperty("slipway.test.ef", "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path ef = at.resolve("shared/ef");
      if (Files.exists(ef.resolve("unpack"))) {
        return ef;
      }
    }
    throw new AssertionError(
        "this test needs the EF clients: a folder shared/ef with its program \"unpack\" beside the"
            + " checkout, or -Dslipway.test.ef=FOLDER");
  }
}
