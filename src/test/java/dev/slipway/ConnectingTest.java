package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Secrets;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import dev.slipway.testing.Until;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each way in which a connection string and its password can reach the program, against a server
/// that asks for that password.
final class ConnectingTest {
  /// Each of its characters means something in one of the forms.
  private static final String PASSWORD = "ü;'\"=/@:%41 +p4ss\\w0rd";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.on(TestServer.askingForPasswords());

  @BeforeEach
  void set_a_password_and_write_a_changelog() {
    setPassword(database, PASSWORD);
    new Folder(path).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private static void setPassword(TestDatabase of, String password) {
    of.execute("ALTER ROLE %s PASSWORD '%s'".formatted(of.owner(), password.replace("'", "''")));
  }

  private Program program() {
    return Program.in(path).hiding(PASSWORD);
  }

  private String quoted() {
    return "\"" + PASSWORD.replace("\"", "\"\"") + "\"";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String write(String file, String text) throws IOException {
    Files.createDirectories(path.resolve(file).getParent());
    return Files.writeString(path.resolve(file), text).toString();
  }

  /// The password file's line for the role, whatever the host.
  private String passwordLine() {
    return "*:*:%s:%s:%s\n"
        .formatted(
            database.name(), database.owner(), PASSWORD.replace("\\", "\\\\").replace(":", "\\:"));
  }

  private void connects(Program program, String... arguments) {
    Program.Result result = program.run(arguments);

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.history()).containsExactly("20240101000000_One");
  }

  @Test
  void a_password_in_the_connection_string() {
    connects(
        program()
            .with(
                "ConnectionStrings__Gateway", database.connectionString(";Password=" + quoted())));
  }

  @Test
  void a_password_file_in_the_home_folder() throws IOException {
    write("home/.pgpass", "# passwords\n\nother:*:*:*:no\n" + passwordLine());

    connects(
        program()
            .with("ConnectionStrings__Gateway", database.connectionString(""))
            .with("HOME", path.resolve("home").toString()));
  }

  @Test
  void a_password_file_that_is_named() throws IOException {
    String file = write("passwords", passwordLine());

    connects(
        program()
            .with("ConnectionStrings__Gateway", database.connectionString(";Passfile=" + file)));
  }

  @Test
  void a_password_of_the_environment() {
    connects(
        program()
            .with("ConnectionStrings__Gateway", database.connectionString(""))
            .with("PGPASSWORD", PASSWORD));
  }

  /// Of the last ones Npgsql reads none.
  @Test
  void what_the_server_sees_comes_from_the_string_or_from_variables_that_Npgsql_reads()
      throws IOException {
    new Folder(path)
        .write(
            "changelog/20240101000000_One.sql",
            """
            CREATE TABLE seen AS
            SELECT application_name, current_setting('TimeZone') AS zone,
                current_setting('jit') AS jit, current_setting('client_encoding') AS encoding
            FROM pg_stat_activity WHERE pid = pg_backend_pid();
            """);
    String place =
        "Host=localhost;Port=%d;Database=%s".formatted(database.server().port(), database.name());
    Program variables =
        program()
            .with("ConnectionStrings__Gateway", place)
            .with("PGUSER", database.owner())
            .with("PGPASSFILE", write("passwords", passwordLine()))
            .with("PGAPPNAME", "nightly")
            .with("PGTZ", "Europe/Berlin")
            .with("PGOPTIONS", "-c jit=off")
            .with("PGCLIENTENCODING", "UTF8")
            .with("PGHOST", "nowhere.invalid")
            .with("PGPORT", "1")
            .with("PGDATABASE", "nothing")
            .with("PGSSLMODE", "require")
            .with("PGSERVICE", "nothing")
            .with("PGCONNECT_TIMEOUT", "nothing");

    connects(variables);
    assertThat(database.rows("TABLE seen"))
        .containsExactly("nightly gateway 20240101000000_One|Europe/Berlin|off|UTF8");

    database.execute("DROP TABLE seen; DELETE FROM \"__EFMigrationsHistory\"");
    String more = ";Application Name=hourly;Timezone=Asia/Tokyo;Options=-c jit=on";
    connects(variables.with("ConnectionStrings__Gateway", place + more));
    assertThat(database.rows("TABLE seen"))
        .containsExactly("hourly gateway 20240101000000_One|Asia/Tokyo|on|UTF8");
  }

  @Test
  void a_password_beneath_the_connection_string() {
    connects(
        program()
            .with("ConnectionStrings__Gateway", database.connectionString(""))
            .with("ConnectionStrings__Gateway__Password", PASSWORD));
  }

  @Test
  void a_password_in_a_file_of_its_own() throws IOException {
    connects(
        program()
            .with("ConnectionStrings__Gateway", database.connectionString(""))
            .with("ConnectionStrings__Gateway__Password_FILE", write("password", PASSWORD + "\n")));
  }

  @Test
  void a_folder_with_a_file_per_key() throws IOException {
    write(
        "secrets/ConnectionStrings__Gateway",
        database.connectionString(";Password=" + quoted()) + "\n");

    connects(program().with("Slipway__SecretsPath", path.resolve("secrets").toString()));
  }

  @Test
  void settings_with_comments_and_trailing_commas() throws IOException {
    write(
        "appsettings.json",
        """
        {
          // What the application has, too.
          "ConnectionStrings": {
            "Gateway": "%s", /* the only one */
          },
          "Slipway": { "LockTimeout": "3s", },
        }
        """
            .formatted(
                database
                    .connectionString(";Password=" + quoted())
                    .replace("\\", "\\\\")
                    .replace("\"", "\\\"")));

    connects(program());
  }

  @Test
  void a_variable_with_the_prefix_of_a_hosting_service() {
    connects(
        program()
            .with("POSTGRESQLCONNSTR_Gateway", database.connectionString(";Password=" + quoted())));
  }

  @Test
  void the_command_line_wins_over_the_environment_and_is_warned_of() {
    Program.Result result =
        program()
            .with("ConnectionStrings__Gateway", "Host=nowhere.invalid;Password=another-password")
            .run(
                "migrate",
                "--ConnectionStrings:Gateway="
                    + database.connectionString(";Password=" + quoted()));

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err())
        .contains("warning: Gateway: The password on the command line can be seen by others");
  }

  @Test
  void a_URI() {
    connects(
        program()
            .with(
                "ConnectionStrings__Gateway",
                "postgres://%s:%s@localhost:%d/%s"
                    .formatted(
                        database.owner(),
                        encoded(PASSWORD),
                        database.server().port(),
                        database.name())));
  }

  @Test
  void a_URL_of_JDBC() {
    connects(
        program()
            .with(
                "ConnectionStrings__Gateway",
                "jdbc:postgresql://localhost:%d/%s?user=%s&password=%s"
                    .formatted(
                        database.server().port(),
                        database.name(),
                        database.owner(),
                        encoded(PASSWORD))));
  }

  @Test
  void variables_of_a_database() {
    connects(
        program()
            .with("DB_CONNECTION_TYPE", "tcp")
            .with("DB_HOST", "localhost")
            .with("DB_PORT", Integer.toString(database.server().port()))
            .with("DB_NAME", database.name())
            .with("DB_USER", database.owner())
            .with("DB_PASSWORD", PASSWORD));
  }

  @Test
  void variables_of_a_database_behind_a_socket() {
    connects(
        program()
            .with("DB_CONNECTION_TYPE", "socket")
            .with("DB_HOST", "/tmp")
            .with("DB_PORT", Integer.toString(database.server().port()))
            .with("DB_NAME", database.name())
            .with("DB_USER", database.owner()));
  }

  @Test
  void a_direct_string_instead_of_that_of_a_pooler() {
    connects(
        program()
            .with("ConnectionStrings__Gateway", "Host=pooler.invalid;Database=gateway")
            .with("ConnectionStrings__Gateway__Direct", database.connectionString(""))
            .with("ConnectionStrings__Gateway__Password", PASSWORD));
  }

  /// Of two databases each is connected to twice: to be looked at, and for the work.
  @Test
  void a_password_that_changes_between_two_connects() throws Exception {
    try (var first = TestDatabase.create();
        Connection holder = first.connect();
        Statement statement = holder.createStatement()) {
      first.executeAsOwner("CREATE TABLE gate (id int)");
      statement.execute("BEGIN; LOCK TABLE gate");
      new Folder(path)
          .delete("changelog/20240101000000_One.sql")
          .write("changelog/a/20240101000000_One.sql", "SELECT * FROM gate;")
          .write("changelog/b/20240101000000_One.sql", "CREATE TABLE one (id int);");
      Path file = Path.of(write("password", PASSWORD));
      Program program =
          program()
              .hiding("an0ther-passw0rd")
              .with("ConnectionStrings__A", first.connectionString(""))
              .with("ConnectionStrings__B", database.connectionString(""))
              .with("ConnectionStrings__B__Password_FILE", file.toString())
              .with("Slipway__LockTimeout", "0");
      CompletableFuture<Program.Result> run = CompletableFuture.supplyAsync(program::run);
      Until.running(first, "%FROM gate%");

      setPassword(database, "an0ther-passw0rd");
      Files.writeString(file, "an0ther-passw0rd\n");
      statement.execute("COMMIT");

      assertThat(run.get().code()).as(run.get().toString()).isZero();
      assertThat(database.history()).hasSize(1);
    }
  }

  @Test
  void a_program_at_work_shows_no_password_in_its_threads_and_starts_nothing() throws Exception {
    new Folder(path)
        .write("changelog/20240101000000_One.sql", "SELECT * FROM gate;\nSELECT 'work';");
    database.execute("CREATE TABLE gate (id int); ALTER TABLE gate OWNER TO " + database.owner());
    var secrets = new Secrets();
    secrets.add(PASSWORD);
    try (Connection holder = database.connect();
        Statement statement = holder.createStatement()) {
      statement.execute("BEGIN; LOCK TABLE gate");
      Process process =
          program()
              .with(
                  "ConnectionStrings__Gateway", database.connectionString(";Password=" + quoted()))
              .with("Slipway__LockTimeout", "0")
              .start("migrate", "--verbose");
      Until.running(database, "%FROM gate%");

      String threads = threads(process);

      assertThat(threads).contains("\"main\"");
      secrets.assertAbsent(threads);
      assertThat(process.children()).isEmpty();
      secrets.assertAbsent(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")));
      statement.execute("COMMIT");
      Program.Result result = Program.finish(process);
      assertThat(result.code()).as(result.toString()).isZero();
      secrets.assertAbsent(result.toString());
    }
  }

  private static String threads(Process process) throws IOException {
    return Tool.run(
        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
        Long.toString(process.pid()),
        "Thread.print",
        "-l",
        "-e");
  }
}
