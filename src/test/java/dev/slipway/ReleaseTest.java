package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.Client;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The example changelogs as releases: the program makes of an empty database exactly what psql
/// makes of it with the same files.
@Tag("slow")
class ReleaseTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  /// One after the other, each to the gateway as the one before left it.
  private static final List<String> CHANGES =
      List.of(
          "CREATE SCHEMA another",
          "CREATE TABLE another ()",
          "ALTER TABLE entities ADD COLUMN another int",
          "ALTER TABLE entities ALTER COLUMN is_global SET DEFAULT true",
          "ALTER TABLE entities ALTER COLUMN is_global DROP NOT NULL",
          "ALTER TABLE entities ALTER COLUMN id SET GENERATED ALWAYS",
          "ALTER TABLE entities ALTER COLUMN from_state_version TYPE numeric",
          "ALTER TABLE entities ALTER COLUMN address SET STORAGE plain",
          "ALTER TABLE entities ALTER COLUMN address SET STATISTICS 9",
          "ALTER TABLE entities RENAME COLUMN address TO place",
          "ALTER TABLE entities SET (fillfactor = 70)",
          "ALTER TABLE entity_balances SET UNLOGGED",
          "ALTER TABLE entities ENABLE ROW LEVEL SECURITY",
          "ALTER TABLE entities REPLICA IDENTITY FULL",
          "ALTER TABLE entities DROP CONSTRAINT ck_entities_parent",
          "ALTER TABLE entities ADD CHECK (id > 0) NOT VALID",
          "ALTER TABLE entities CLUSTER ON pk_entities",
          "ALTER TABLE ledger_transactions DISABLE TRIGGER tr_ledger_transactions_guard",
          "DROP TRIGGER tr_ledger_transactions_guard ON ledger_transactions",
          "DROP INDEX ix_entities_from_state_version",
          "CREATE INDEX another_index ON entities (id) WHERE id > 5",
          "ALTER SEQUENCE entities_id_seq INCREMENT 2",
          "ALTER TYPE entity_type ADD VALUE 'another' BEFORE 'vault'",
          "ALTER TYPE entity_type RENAME VALUE 'vault' TO 'safe'",
          "COMMENT ON TABLE entities IS 'another'",
          "COMMENT ON COLUMN entities.id IS 'another'",
          "COMMENT ON FUNCTION archive_round_updates IS 'another'",
          "ALTER FUNCTION archive_round_updates VOLATILE SECURITY DEFINER",
          "CREATE FUNCTION another() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "ALTER VIEW current_balances RENAME COLUMN amount TO balance",
          "DROP VIEW current_balances");

  private static Stream<String> changelogs() {
    return Stream.of("gateway", "miner", "validator");
  }

  @ParameterizedTest
  @MethodSource("changelogs")
  void the_oldest_server_gets_what_psql_would_have_made(String changelog) {
    try (var ours = TestDatabase.on(TestServer.oldest());
        var psqls = TestDatabase.on(TestServer.oldest())) {
      migrate(changelog, ours);
      Client.psql(psqls, files(changelog));

      assertThat(Client.dump(ours)).isEqualTo(Client.dump(psqls)).contains("CREATE TABLE");
      assertThat(Catalog.schema(ours)).isEqualTo(Catalog.schema(psqls));
      assertThat(Catalog.contents(ours)).isEqualTo(Catalog.contents(psqls));
    }
  }

  @ParameterizedTest
  @MethodSource("changelogs")
  void the_newest_server_gets_what_psql_would_have_made(String changelog) {
    try (var ours = TestDatabase.create();
        var psqls = TestDatabase.create()) {
      migrate(changelog, ours);
      Client.psql(psqls, files(changelog));

      assertThat(Catalog.schema(ours)).isEqualTo(Catalog.schema(psqls)).contains("relation|public");
      assertThat(Catalog.contents(ours)).isEqualTo(Catalog.contents(psqls));
    }
  }

  /// What pg_dump shows, our own text of the catalogs must show, too.
  @Test
  void our_text_of_the_catalogs_misses_nothing_that_pg_dump_shows() {
    try (var database = TestDatabase.on(TestServer.oldest())) {
      Client.psql(database, files("gateway"));
      String dump = Client.dump(database);
      String schema = Catalog.schema(database);
      for (String change : CHANGES) {
        database.executeAsOwner(change);

        String changedDump = Client.dump(database);
        String changedSchema = Catalog.schema(database);

        assertThat(changedDump).as(change).isNotEqualTo(dump);
        assertThat(changedSchema).as(change).isNotEqualTo(schema);
        dump = changedDump;
        schema = changedSchema;
      }
    }
  }

  /// Migrates, and a second time, which must find nothing to do.
  private static void migrate(String changelog, TestDatabase database) {
    Program program =
        Program.in(ROOT)
            .with("Slipway__Changelog", "changelog/" + changelog)
            .with("Release", database);

    Program.Result first = program.run();
    List<String> rows = database.rows("SELECT h, xmin FROM \"__EFMigrationsHistory\" AS h");
    List<String> journal = database.rows("SELECT j, xmin FROM slipway_journal AS j");
    Program.Result second = program.run();

    assertThat(first.code()).as(first.toString()).isZero();
    assertThat(second.code()).as(second.toString()).isZero();
    assertThat(second.out()).contains("nothing to do, up-to-date");
    assertThat(database.history()).containsExactlyElementsOf(ids(changelog));
    assertThat(database.rows("SELECT h, xmin FROM \"__EFMigrationsHistory\" AS h")).isEqualTo(rows);
    assertThat(database.rows("SELECT j, xmin FROM slipway_journal AS j")).isEqualTo(journal);
  }

  private static List<String> ids(String changelog) {
    return files(changelog).stream()
        .map(file -> String.valueOf(file.getFileName()).replaceFirst("\\.sql$", ""))
        .toList();
  }

  /// What psql is to run: a Liquibase file has its like in SQL among the tests' resources.
  private static List<Path> files(String changelog) {
    try (Stream<Path> files = Files.list(ROOT.resolve("changelog").resolve(changelog))) {
      return files.sorted().map(file -> sqlOf(file, changelog)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path sqlOf(Path file, String changelog) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".sql")
        ? file
        : ROOT.resolve("src/test/resources/changelog")
            .resolve(changelog)
            .resolve(name.replaceFirst("\\.[a-z]+$", ".sql"));
  }
}
