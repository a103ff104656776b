package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.LiquibaseRun;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of docs/upgrading.md as they stand there, run by a shell on a database as the other
/// tool leaves it. `dotnet` is played by a script that EF has written.
@Tag("slow")
final class UpgradingGuideTest {
  private static final Path GUIDE = Path.of("docs/upgrading.md");
  private static final Pattern PART = Pattern.compile("(?ms)^## ([^\n]+)\n(.*?)(?=^## |\\z)");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final EfGolden EF = new EfGolden("bookshop", "ef10");
  private static final int OF_EF = 10;

  @TempDir private Path path;

  /// The oldest server: pg_dump refuses those that are newer than itself.
  private final TestDatabase database = TestDatabase.on(TestServer.oldest());

  @BeforeEach
  void put_the_programs_on_the_path() throws IOException {
    new Folder(path)
        .program(
            "bin/slipway",
            Program.shellCommand()
                + """

                code=$?
                echo "$code $*" >> '%s'
                exit $code"""
                    .formatted(log()))
        .program("bin/dotnet", EF.dotnet());
    Files.createDirectories(path.resolve("changelog"));
    Files.writeString(log(), "");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Path log() {
    return path.resolve("log");
  }

  private static List<MatchResult> parts() throws IOException {
    return PART.matcher(Files.readString(GUIDE)).results().toList();
  }

  private static String commands(String title) throws IOException {
    StringBuilder commands = new StringBuilder();
    for (MatchResult part : parts()) {
      if (part.group(1).equals(title)) {
        BLOCK.matcher(part.group(2)).results().forEach(block -> commands.append(block.group(1)));
      }
    }
    assertThat(commands).as(title).isNotEmpty();
    return commands.toString();
  }

  /// What the commands of a part print. It is the shell of a person: it goes on after a failure.
  private String follow(String title) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder("sh", "-c", ofDatabase(commands(title))).directory(path.toFile());
    builder.redirectErrorStream(true).environment().clear();
    builder.environment().put("PATH", path.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("PGHOST", "localhost");
    builder.environment().put("PGPORT", Integer.toString(database.server().port()));
    builder.environment().put("PGUSER", database.owner());
    builder.environment().put("ConnectionStrings__Shop", database.connectionString(""));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private String ofDatabase(String commands) {
    return commands.replace("-d shop", "-d " + database.name());
  }

  private List<String> exits() throws IOException {
    return Files.readAllLines(log()).stream()
        .map(line -> line.replaceFirst(" --changelog changelog/shop", ""))
        .toList();
  }

  @Test
  void every_part_with_commands_is_followed_by_a_test() throws Exception {
    assertThat(
            parts().stream()
                .filter(part -> BLOCK.matcher(part.group(2)).find())
                .map(part -> part.group(1)))
        .containsExactly(
            "Entity Framework's bundle, `dotnet ef database update`, `Migrate()`",
            "Entity Framework's script, run by hand",
            "Liquibase",
            "Flyway",
            "Alembic",
            "Scripts that were run by hand");
  }

  @Test
  void what_a_bundle_has_migrated_goes_on_with_efs_script() throws Exception {
    migratedByEf();
    List<String> history = database.history();

    String output = follow("Entity Framework's bundle, `dotnet ef database update`, `Migrate()`");

    assertThat(exits()).as(output).containsExactly("0 status", "0 migrate");
    assertThat(output).contains("nothing to do, up-to-date");
    assertThat(database.history()).hasSize(OF_EF).isEqualTo(history);
  }

  @Test
  void a_script_that_was_run_by_hand_half_way_goes_on() throws Exception {
    Path half = Files.writeString(path.resolve("half.sql"), firstMigration(EF.text("idempotent")));
    assertThat(Psql.run(database, database.owner(), half).code()).isZero();
    List<String> before = database.history();
    new Folder(path)
        .write("migrations.sql", EF.text("idempotent"))
        .write("changelog/shop/.keep", "");

    String output = follow("Entity Framework's script, run by hand");

    assertThat(before).hasSize(1);
    assertThat(exits()).as(output).containsExactly("1 status", "0 migrate");
    assertThat(database.history()).hasSize(OF_EF);
  }

  private void migratedByEf() throws IOException {
    Path script = Files.writeString(path.resolve("ef.sql"), EF.text("idempotent"));
    assertThat(Psql.run(database, database.owner(), script).code()).isZero();
  }

  /// EF puts each migration into a transaction of its own.
  private static String firstMigration(String script) {
    int end = script.indexOf("COMMIT;", script.indexOf("INSERT INTO"));
    return script.substring(0, end) + "COMMIT;\n";
  }

  @Test
  void what_liquibase_has_migrated_half_way_goes_on() throws Exception {
    Path changelog = Path.of("src/test/resources/dev/slipway/adoption/changelog");
    Tool.run("cp", "-r", changelog.toString(), path.resolve("changelog/shop").toString());
    LiquibaseRun.update(database, path.resolve("changelog/shop"), "changelog.xml", 3);

    String output = follow("Liquibase");

    assertThat(exits())
        .as(output)
        .containsExactly(
            "6 status",
            "0 baseline --from-liquibase --dry-run",
            "0 baseline --from-liquibase",
            "0 migrate");
    assertThat(output).contains("Shop: 3 baselined, pending", "Shop: 4 applied, up-to-date");
  }

  @Test
  void what_flyway_has_migrated_goes_on_with_its_renamed_files() throws Exception {
    new Folder(path)
        .write("db/migration/V1__users.sql", "CREATE TABLE users (id int);")
        .write("db/migration/V2__orders.sql", "CREATE TABLE orders (id int);")
        .write("db/migration/V9.1__add_prices.sql", "CREATE TABLE prices (id int);")
        .write("db/migration/V10__tags.sql", "CREATE TABLE tags (id int);");
    migratedByFlyway("9.1");

    String output = follow("Flyway");

    assertThat(exits())
        .as(output)
        .containsExactly("6 status", "0 baseline 20240000000003_add_prices", "0 migrate");
    assertThat(output).contains("slipway baseline 20240000000003_add_prices\n");
    assertThat(output).contains("applied  20240000000004_tags");
    assertThat(files()).doesNotContain("V1__users.sql");
  }

  private void migratedByFlyway(String version) {
    String url =
        "jdbc:postgresql://localhost:%d/%s".formatted(database.server().port(), database.name());
    Flyway.configure()
        .dataSource(url, database.owner(), "")
        .locations("filesystem:" + path.resolve("db/migration"))
        .target(version)
        .load()
        .migrate();
  }

  @Test
  void what_alembic_has_migrated_goes_on_from_a_dump() throws Exception {
    database.executeAsOwner(
        """
        CREATE TABLE users (id int);
        CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
        INSERT INTO alembic_version VALUES ('ae1027a6acf5')""");
    Files.createDirectories(path.resolve("changelog/shop"));

    String output = follow("Alembic");

    String first = "20240101000000_ae1027a6acf5_initial";
    assertThat(exits())
        .as(output)
        .containsExactly("6 status", "0 baseline " + first, "0 new AddTags");
    assertThat(output).contains("slipway baseline " + first + "\n");
    assertThat(database.history()).containsExactly(first);
    assertNewDatabaseGetsTheSame();
  }

  private void assertNewDatabaseGetsTheSame() {
    try (var other = TestDatabase.on(TestServer.oldest())) {
      Program.Result result =
          Program.in(path).with("Shop", other).run("migrate", "--changelog", "changelog/shop");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(other.tables()).contains("public.users").doesNotContain("public.alembic_version");
    }
  }

  @Test
  void scripts_that_were_run_by_hand_get_names_and_go_on() throws Exception {
    new Folder(path)
        .write("sql/01_users.sql", "CREATE TABLE users (id int);")
        .write("sql/2-orders and more.sql", "CREATE TABLE orders (id int);")
        .write("sql/10 prices.sql", "CREATE TABLE prices (id int);");
    database.executeAsOwner("CREATE TABLE users (id int)");

    String output = follow("Scripts that were run by hand");

    assertThat(exits())
        .as(output)
        .containsExactly(
            "1 status",
            "0 baseline users --dry-run",
            "0 baseline users",
            "0 migrate --dry-run=execute",
            "0 migrate");
    assertThat(files())
        .contains(
            "20240000000001_users.sql",
            "20240000000002_orders_and_more.sql",
            "20240000000003_prices.sql");
    assertThat(database.tables()).contains("public.orders", "public.prices");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(path.resolve("changelog/shop"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
