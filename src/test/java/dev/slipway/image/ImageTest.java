package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import dev.slipway.Program;
import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;

/// The image as operators run it, against PostgreSQL in a container beside it.
@Tag("image")
final class ImageTest {
  private static final Path GATEWAY = Path.of("changelog/gateway");
  private static final String EF_TOOL = "dotnet-ef-tool.idempotent";
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String CREATE_ONE = "CREATE TABLE one (id int);";
  private static final String CREATE_TWO = "CREATE TABLE two (id int);";
  private static final String SLEEPING = "SELECT pg_sleep(600)%";
  private static final String PASSWORD = "Übung";

  @TempDir private static Path work;
  private static final Network NETWORK = Network.newNetwork();
  private static final TestImages IMAGES = new TestImages();
  private static Future<String> product;
  private static Future<String> postgresImage;
  private static PostgresContainer postgres;

  @TempDir private Path path;
  private final List<SlipwayContainer> started = new ArrayList<>();
  private TestDatabase database;

  @BeforeAll
  static void start_postgresql() throws IOException {
    product = TestImages.product();
    postgresImage = IMAGES.postgres(work);
    postgres = new PostgresContainer(postgresImage, NETWORK, "database");
    postgres.start();
  }

  @AfterAll
  static void leave_nothing() {
    postgres.stop();
    NETWORK.close();
    IMAGES.close();
  }

  @BeforeEach
  void create_a_database() {
    database = withPassword(TestDatabase.on(postgres.server()));
  }

  @AfterEach
  void drop_the_database() {
    started.forEach(SlipwayContainer::stop);
    database.close();
  }

  private static TestDatabase withPassword(TestDatabase database) {
    database.execute("ALTER ROLE %s PASSWORD '%s'".formatted(database.owner(), PASSWORD));
    return database;
  }

  private static String connectionString(TestDatabase database) {
    return "Host=database;Database=%s;Username=%s;Password=%s"
        .formatted(database.name(), database.owner(), PASSWORD);
  }

  private SlipwayContainer slipway() {
    return slipway(product, connectionString(database));
  }

  private SlipwayContainer slipway(Future<String> image, String connectionString) {
    var container =
        new SlipwayContainer(image, NETWORK)
            .withEnv("ConnectionStrings__Gateway", connectionString);
    started.add(container);
    return container;
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  /// The ids of a folder whose files are named by them.
  private static List<String> ids(Path changelog) throws IOException {
    return Folders.filesBelow(changelog).stream()
        .map(file -> changelog.relativize(file).toString().replaceFirst("\\.[a-z]+$", ""))
        .toList();
  }

  @Test
  void a_fresh_database_gets_everything_and_the_next_run_has_nothing_to_do() {
    Program.Result first =
        ends(0, slipway().migration(ONE, CREATE_ONE).migration(TWO, CREATE_TWO).run());
    Program.Result second =
        ends(0, slipway().migration(ONE, CREATE_ONE).migration(TWO, CREATE_TWO).run());

    assertThat(first.out()).contains("applied  " + ONE, "applied  " + TWO);
    assertThat(second.out())
        .isEqualTo("Gateway: nothing to do, up-to-date at %s (2 applied)\n".formatted(TWO));
    assertThat(second.err()).isEmpty();
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void only_what_is_pending_is_applied() {
    ends(0, slipway().migration(ONE, CREATE_ONE).run());

    Program.Result next =
        ends(0, slipway().migration(ONE, CREATE_ONE).migration(TWO, CREATE_TWO).run());

    assertThat(next.out()).contains("applied  " + TWO).doesNotContain("applied  " + ONE);
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void tables_and_history_go_where_the_search_path_says() {
    database.execute("CREATE SCHEMA app AUTHORIZATION " + database.owner());

    ends(
        0,
        slipway(product, connectionString(database) + ";Search Path=app")
            .migration(ONE, CREATE_ONE)
            .run());

    assertThat(database.tables())
        .containsExactly("app.__EFMigrationsHistory", "app.one", "app.slipway_journal");
  }

  /// The image's Java has what keepalive's times need, too.
  @Test
  void a_secret_of_docker_is_the_password() {
    String connection =
        "Host=database;Database=%s;Username=%s;TCP Keepalive Time=30"
            .formatted(database.name(), database.owner());

    ends(
        0,
        slipway(product, connection)
            .withCopyToContainer(
                Transferable.of(PASSWORD + "\n"),
                "/run/secrets/ConnectionStrings__Gateway__Password")
            .migration(ONE, CREATE_ONE)
            .run());

    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_database_that_starts_late_is_waited_for() {
    SlipwayContainer run =
        slipway(product, "Host=late;Database=postgres;Username=postgres")
            .migration(ONE, CREATE_ONE)
            .begin()
            .logs("waiting for the server");

    try (var late = new PostgresContainer(postgresImage, NETWORK, "late")) {
      late.start();

      ends(0, run.end());
    }
  }

  @Test
  void two_at_once_apply_each_migration_once() {
    String slowly = CREATE_ONE + "\nSELECT pg_sleep(2);";
    SlipwayContainer first = slipway().migration(ONE, slowly).begin();
    SlipwayContainer second = slipway().migration(ONE, slowly).begin();

    String output = ends(0, first.end()).out() + ends(0, second.end()).out();

    assertThat(output).containsOnlyOnce("applied  " + ONE);
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void docker_stop_cancels_rolls_back_and_says_so() {
    SlipwayContainer run = runThatSleeps();
    long begin = System.nanoTime();

    Program.Result result = ends(143, run.terminate().end());

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(result.err())
        .contains("error: Gateway: stopped by a signal\n")
        .contains("  state   rolled back; 1 of 2 applied, " + ONE + " is the last\n");
    Until.alone(database);
    assertThat(database.tables()).doesNotContain("public.two");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_run_killed_in_the_middle_of_a_transaction_is_gone_on_with() {
    ends(137, runThatSleeps().kill().end());

    Program.Result next =
        ends(0, slipway().migration(ONE, CREATE_ONE).migration(TWO, CREATE_TWO).run());

    assertThat(next.out()).contains("applied  " + TWO).doesNotContain("applied  " + ONE);
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(database.tables()).contains("public.one", "public.two");
  }

  /// The server goes on with what runs outside a transaction; the next run waits for it.
  @Test
  void a_run_killed_in_the_middle_of_building_an_index_is_gone_on_with() throws SQLException {
    String build =
        """
        -- slipway: no-transaction
        CREATE TABLE two (id int);
        CREATE INDEX CONCURRENTLY two_id ON two (id);
        """;
    SlipwayContainer next;
    try (Connection holding = database.connect()) {
      holding.setAutoCommit(false);
      holding.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (Statement snapshot = holding.createStatement()) {
        snapshot.execute("SELECT count(*) FROM pg_class");
      }
      SlipwayContainer run = slipway().migration(ONE, CREATE_ONE).migration(TWO, build).begin();
      Until.row(
          database,
          "SELECT 1 FROM pg_stat_progress_create_index WHERE phase = 'waiting for old snapshots'");
      ends(137, run.kill().end());
      next =
          slipway()
              .migration(ONE, CREATE_ONE)
              .migration(TWO, build)
              .begin()
              .logs("waiting for the migration lock");
      holding.rollback();
    }

    ends(0, next.end());

    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(
            database.rows(
                "SELECT indexrelid::regclass, indisvalid FROM pg_index"
                    + " WHERE indrelid = 'two'::regclass"))
        .containsExactly("two_id|t");
  }

  private SlipwayContainer runThatSleeps() {
    SlipwayContainer run =
        slipway()
            .migration(ONE, CREATE_ONE)
            .migration(TWO, CREATE_TWO + "\nSELECT pg_sleep(600);")
            .begin();
    Until.running(database, SLEEPING);
    return run;
  }

  /// Ways in which a cluster confines a container.
  enum Confinement {
    READ_ONLY(run -> run.host(host -> host.withReadonlyRootfs(true))),
    NO_RIGHTS(
        run ->
            run.host(
                host ->
                    host.withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withPidsLimit(64L))),
    ARBITRARY_USER(run -> run.user("1000660000:0")),
    LITTLE_MEMORY(run -> run.host(host -> host.withMemory(64L << 20).withMemorySwap(64L << 20)));

    private final UnaryOperator<SlipwayContainer> settings;

    Confinement(UnaryOperator<SlipwayContainer> settings) {
      this.settings = settings;
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_gateway_example_is_migrated_in_confinement(Confinement confinement) throws IOException {
    ends(0, confinement.settings.apply(slipway().mount(GATEWAY)).run());

    assertThat(database.history()).isEqualTo(ids(GATEWAY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"changelog/gateway", "src/test/resources/dev/slipway/image/training"})
  void a_mounted_changelog_of_any_kind_is_applied(Path changelog) throws IOException {
    ends(0, slipway().mount(changelog).run());

    assertThat(database.history()).isEqualTo(ids(changelog));
  }

  @Test
  void an_image_of_three_lines_brings_its_changelog_and_nothing_else() throws IOException {
    Future<String> release =
        IMAGES
            .make("release")
            .withFileFromString(
                "Dockerfile",
                """
                FROM slipway
                COPY changelog /changelog
                ENV Slipway__LockTimeout=3s
                """)
            .withFileFromPath("changelog", GATEWAY);

    ends(0, slipway(release, connectionString(database)).run());

    assertThat(database.history()).isEqualTo(ids(GATEWAY));
  }

  /// With its byte order mark, as EF's tool wrote it.
  @Test
  void the_script_of_efs_tool_is_a_changelog_by_itself() {
    EfGolden golden = new EfGolden("bookshop", "ef10");

    ends(0, slipway().mount(golden.script(EF_TOOL), "/changelog/migrations.sql").run());

    assertThat(database.history()).isEqualTo(golden.ids());
    assertThat(database.rows("SELECT left(prosrc, 19) FROM pg_proc WHERE proname ~ '^take_'"))
        .containsExactly("\nDECLARE\n    wanted");
  }

  @Test
  void an_image_of_two_lines_brings_the_script_of_efs_tool() {
    EfGolden golden = new EfGolden("bookshop", "ef10");
    Future<String> release =
        IMAGES
            .make("ef-release")
            .withFileFromString("Dockerfile", "FROM slipway\nCOPY migrations.sql /changelog/\n")
            .withFileFromPath("migrations.sql", golden.script(EF_TOOL));

    ends(0, slipway(release, connectionString(database)).run());

    assertThat(database.history()).isEqualTo(golden.ids());
  }

  @Test
  void several_databases_get_their_changelogs() throws IOException {
    try (var miner = withPassword(TestDatabase.on(postgres.server()));
        var validator = withPassword(TestDatabase.on(postgres.server()))) {

      ends(
          0,
          slipway()
              .withEnv("ConnectionStrings__Miner", connectionString(miner))
              .withEnv("ConnectionStrings__Validator", connectionString(validator))
              .mount(Path.of("changelog"))
              .run());

      assertThat(database.history()).isEqualTo(ids(GATEWAY));
      assertThat(miner.history()).isEqualTo(ids(Path.of("changelog/miner")));
      assertThat(validator.history()).isEqualTo(ids(Path.of("changelog/validator")));
    }
  }

  @Test
  void the_script_on_stdout_does_what_a_run_does() throws IOException {
    Program.Result result = ends(0, slipway().mount(GATEWAY).run("script"));

    Path script = Files.writeString(path.resolve("script.sql"), result.out());
    assertThat(result.err()).isEmpty();
    assertThat(Psql.run(database, "postgres", script, "--set=ON_ERROR_STOP=1").code()).isZero();
    assertThat(database.history()).isEqualTo(ids(GATEWAY));
  }

  /// What an operator sees from the refusal until the application has filled the database again.
  @Test
  void a_squashed_release_is_refused_wiped_with_consent_and_told_the_progress_of() {
    new Folder(path)
        .write("old/%s.sql".formatted(ONE), CREATE_ONE)
        .write("squashed/%s.sql".formatted(TWO), CREATE_TWO)
        .write(
            "squashed/slipway.yaml",
            """
            resync-progress:
              query: SELECT count(*) FROM two
              target: 4
            after-resync: Start the application with one replica.
            """);
    ends(0, release("old").run());
    database.execute("INSERT INTO one VALUES (1), (2)");

    Program.Result refused = ends(6, release("squashed").run());
    Program.Result check = ends(1, release("squashed").run("resync", "--check"));
    Program.Result without = ends(2, wiping().run());

    assertThat(refused.err())
        .contains("cannot go on top of database \"%s\"\n".formatted(database.name()))
        .contains("slipway resync --check --database Gateway\n")
        .contains(
            "slipway resync --wipe --database Gateway --confirm %s\n".formatted(database.name()))
        .contains("Start the application with one replica.\n");
    assertThat(check.out()).contains("table    public.one ").contains("not clean, would lose");
    assertThat(without.err()).contains("Then: Slipway__Confirm=" + database.name());
    assertThat(database.rows("SELECT id FROM one")).containsExactly("1", "2");
    assertThat(database.history()).containsExactly(ONE);

    Program.Result wiped = ends(0, wiping().withEnv("Slipway__Confirm", database.name()).run());

    assertThat(wiped.out())
        .contains("wiped    3 objects", "applied  " + TWO)
        .contains("next     Start the application with one replica.\n");
    assertThat(database.tables())
        .containsExactly("public.__EFMigrationsHistory", "public.slipway_journal", "public.two");
    assertThat(database.history()).containsExactly(TWO);

    assertThat(progress()).endsWith("\nresync    0 of 4 (0 %)\n");
    database.execute("INSERT INTO two VALUES (1), (2)");
    assertThat(progress())
        .containsPattern(
            "\nresync    2 of 4 \\(50 %\\), .+ per second since .+, done about .+ UTC\n");
    database.execute("INSERT INTO two VALUES (3), (4)");
    assertThat(progress()).endsWith("\nresync    4 of 4, complete\n");
  }

  /// The image with one of the test's own releases.
  private SlipwayContainer release(String name) {
    return slipway().mount(path.resolve(name)).host(host -> host.withReadonlyRootfs(true));
  }

  private SlipwayContainer wiping() {
    return release("squashed").withEnv("WIPE_DATABASE", "true");
  }

  private String progress() {
    return ends(0, release("squashed").run("status")).out();
  }

  @Test
  void without_a_changelog_it_says_how_to_bring_one() {
    Program.Result result = ends(3, slipway().run());

    assertThat(result.err())
        .contains("holds no migration\n")
        .contains("  next    Bring yours: docker run -v ./changelog:/changelog:ro");
  }
}
