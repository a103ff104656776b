package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.config.Setting;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.NpgsqlStrings;
import dev.slipway.testing.RandomSecrets;
import dev.slipway.testing.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `slipway config` without a server: what is in force, where it comes from, what is wrong.
final class ConfigCommandTest {
  private static final String GATEWAY = "ConnectionStrings__Gateway";
  private static final String SQL = "20240101000000_One.sql";

  /// As many connection strings as are tried in one run.
  private static final int TOGETHER = 20;

  private static final int RANDOM_STRINGS = 10_000 * Randomness.factor();

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));

  @BeforeEach
  void enter_the_folder() {
    folder = new Folder(path);
  }

  private Program program() {
    return Program.in(path);
  }

  private static void checked(String golden, int code, Program.Result result) {
    Golden.check("dev/slipway/config/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  @Test
  void every_value_is_shown_with_its_source() {
    folder
        .write("changelog/gateway/" + SQL, "SELECT 1;")
        .write("changelog/gateway/slipway.yaml", "# ours\nlock-timeout: 30s\n")
        .write(
            "appsettings.json",
            """
            {
              "ConnectionStrings": {"Validator": "Server=v;PWD=verysecret;Trust Server Certificate=true"},
              "Slipway": {"StartWait": "1min", "Role": "owner"}
            }
            """);

    checked(
        "everything",
        0,
        program()
            .with(
                GATEWAY, "Server=h;DB=gateway;Pwd=verysecret;SSL Password=verysecret;pooling=false")
            .with("PGUSER", "app")
            .with("PGTZ", "Europe/Berlin")
            .with("Slipway__Role", "deployer")
            .run("config", "--Slipway:RunLockWait=3s", "--start-wait", "2s"));
  }

  @Test
  void a_password_of_the_environment_is_masked_and_its_variable_is_named() {
    Program.Result result =
        program()
            .with(GATEWAY, "Host=h;Passfile=/run/pass")
            .with("PGPASSWORD", "verysecret")
            .run("config", "--json");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(members(result.out()))
        .containsEntry("databases[0].connection.Password", "***")
        .containsEntry("databases[0].sources.Password", "environment variable PGPASSWORD")
        .containsEntry("databases[0].connection.Passfile", "/run/pass")
        .containsEntry("databases[0].sources.Passfile", "environment variable " + GATEWAY);
    assertThat(result.toString()).doesNotContain("verysecret");
  }

  @Test
  void the_document_begins_with_databases_and_settings() {
    folder
        .write("changelog/" + SQL, "SELECT 1;")
        .write("changelog/slipway.yaml", "history-table: done\n");

    Program.Result result =
        program()
            .with(GATEWAY, "Host=h;Trust Server Certificate=true;Password=verysecret")
            .with("Slipway__LockTimeout", "30s")
            .run("config", "--json");

    assertThat(result.out()).startsWith("{\"databases\":[{\"name\":\"Gateway\",\"connection\":{");
    checked("json", 0, result);
  }

  @Test
  void every_setting_can_come_from_every_source() {
    Set<Setting> all = EnumSet.allOf(Setting.class);
    Program variables = program();
    List<String> arguments = new ArrayList<>(List.of("config"));
    var json = new StringJoiner(",\n", "{\"Slipway\": {\n", "}}");
    for (Setting setting : all) {
      variables.with("Slipway__" + setting.key(), example(setting));
      arguments.add("--Slipway:%s=%s".formatted(setting.key(), example(setting)));
      json.add("\"%s\": \"%s\"".formatted(setting.key(), example(setting)));
      folder.write("secrets/Slipway__" + setting.key(), example(setting));
    }
    folder
        .write("x/README", "")
        .write("a.json", json.toString())
        .write("appsettings.Staging.json", json.toString());

    assertGiven(all, "environment variable Slipway__", variables, "config");
    assertGiven(all, "--Slipway:", program(), arguments.toArray(String[]::new));
    Program custom = program().with("CustomJsonConfigurationFilePath", "a.json");
    assertGiven(all, path + "/a.json:", custom, "config");
    Program staging = program().with("DOTNET_ENVIRONMENT", "Staging");
    assertGiven(all, path + "/appsettings.Staging.json:", staging, "config");
    folder.write("appsettings.json", json.toString());
    assertGiven(all, path + "/appsettings.json:", program(), "config");
    Program secrets = program().with("Slipway__SecretsPath", "secrets");
    all.remove(Setting.SECRETS_PATH);
    assertGiven(all, "file " + path + "/secrets/Slipway__", secrets, "config");
  }

  @Test
  void every_option_wins_over_the_environment() {
    folder.write("x/README", "");
    String help = program().run("config", "--help").out();
    Set<Setting> options = EnumSet.allOf(Setting.class);
    options.removeIf(setting -> !help.contains("[" + setting.option()));
    Program variables = program();
    List<String> arguments = new ArrayList<>(List.of("config"));
    for (Setting option : options) {
      variables.with("Slipway__" + option.key(), option.byDefault());
      arguments.add(option.option());
      arguments.addAll(option.form() == Setting.Form.FLAG ? List.of() : List.of(example(option)));
    }

    assertThat(options).contains(Setting.LABELS, Setting.SECRETS_PATH).doesNotContain(Setting.TO);
    assertGiven(options, "--", variables, arguments.toArray(String[]::new));
  }

  /// A value that is no default.
  private static String example(Setting setting) {
    return switch (setting.form()) {
      case TEXT, NAME, PATH, EXPRESSION -> "x";
      case FLAG -> "true";
      case DRY_RUN -> "execute";
      case COUNT -> "2";
      case OUTPUT -> "json";
      case TEMPLATE -> "x{id}";
      case DURATION -> "7s";
    };
  }

  private static void assertGiven(
      Set<Setting> settings, String source, Program program, String... arguments) {
    Program.Result result = program.with("ConnectionStrings__x", "Host=h").run(arguments);

    assertThat(result.code()).as(result.toString()).isZero();
    Map<String, String> members = members(result.out());
    for (Setting setting : settings) {
      assertThat(members).containsEntry("settings." + setting.key(), example(setting));
      assertThat(members.get("sources." + setting.key())).startsWith(source);
    }
  }

  /// The prefixes are those of .NET's `EnvironmentVariablesConfigurationProvider`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "MYSQL",
        "SQLAZURE",
        "SQL",
        "POSTGRESQL",
        "APIHUB",
        "DOCDB",
        "EVENTHUB",
        "NOTIFICATIONHUB",
        "REDISCACHE",
        "SERVICEBUS",
        "CUSTOM"
      })
  void a_connection_string_can_have_the_prefix_of_each_hosting_service(String prefix) {
    String variable = prefix.toLowerCase(Locale.ROOT) + "connstr_Gateway";

    Program.Result result = program().with(variable, "Host=h").run("config", "--json");

    assertThat(members(result.out()))
        .containsEntry("databases[0].name", "Gateway")
        .containsEntry("databases[0].sources.Host", "environment variable " + variable);
  }

  @Test
  void all_problems_of_all_sources_are_told_and_what_is_right_is_shown() {
    folder
        .write("changelog/gateway/" + SQL, "SELECT 1;")
        .write("changelog/gateway/slipway.yaml", "lock-timeuot: 30s\nrole: deployer\n")
        .write("appsettings.json", "{\"Slipway\": {\"LockTimeout\": \"soon\"}}")
        .write("appsettings.Production.json", "{\"Slipway\": ");

    checked("problems", 3, wrong().run("config", "--Slipway:StartWait=never"));
    checked("problems-json", 3, wrong().run("config", "--json"));
  }

  private Program wrong() {
    return program()
        .with(GATEWAY, "Host=h;Prt=6000;Pooling=maybe;Password=verysecret;Database=app")
        .with("ConnectionStrings__Cache", "redis:6379,password=verysecret")
        .with("ConnectionStrings__Fine", "Host=fine")
        .with("Slipway__LokTimeout", "5s");
  }

  @Test
  void a_database_that_is_named_is_shown_alone() {
    Program program =
        program().with(GATEWAY, "Host=h").with("ConnectionStrings__Cache", "redis:6379");

    Program.Result result = program.run("config", "--database", "gateway", "--json");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(members(result.out()))
        .containsEntry("databases[0].name", "Gateway")
        .doesNotContainKey("databases[1].name");
  }

  @Test
  void a_database_that_there_is_not_is_a_problem() {
    checked(
        "unknown-database",
        3,
        program().with(GATEWAY, "Host=h").run("config", "--database", "Gatway"));
  }

  @Test
  void two_folders_for_one_database_are_a_problem() {
    folder
        .write("changelog/gateway/" + SQL, "SELECT 1;")
        .write("changelog/GATEWAY/" + SQL, "SELECT 1;");

    checked("ambiguous-changelog", 3, program().with(GATEWAY, "Host=h").run("config"));
  }

  @Test
  void without_a_connection_string_the_settings_are_shown() {
    checked("nothing", 0, program().run("config"));
  }

  @Test
  void several_connection_strings_do_not_share_a_changelog() {
    folder.write("changelog/" + SQL, "SELECT 1;");

    Program.Result result =
        program().with(GATEWAY, "Host=h").with("ConnectionStrings__Other", "Host=o").run("config");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.out()).containsSubsequence("none: it is skipped", "none: it is skipped");
    assertThat(result.err())
        .isEqualTo(
            "warning: several connection strings and one changelog: name one with --database\n");
  }

  @Test
  void a_secret_that_slipped_into_a_setting_is_not_shown() {
    Program.Result result =
        program()
            .with("Slipway__To", "Host=h;Password=verysecret")
            .run("config", "--Slipway:Database=Pwd=verysecret");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.toString()).doesNotContain("verysecret").contains("***");
  }

  /// A string that is wrong may be so because a password was not quoted.
  @Test
  void what_may_be_a_piece_of_a_password_is_not_shown_of_a_string_that_is_wrong() {
    Program.Result result =
        program()
            .with(GATEWAY, "Host=h;Password=very;Options=sec ret$1;Database=d;Tail=1")
            .run("config", "--json");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(members(result.out()))
        .containsEntry("databases[0].connection.Options", "***")
        .containsEntry("databases[0].connection.Database", "d");
    assertThat(result.toString()).doesNotContain("sec ret");
  }

  /// Without its host, `user:password` is read as one.
  @Test
  void no_part_of_a_URI_that_is_wrong_is_shown() {
    Program.Result result =
        program().with(GATEWAY, "postgres://user:very/secret").run("config", "--json");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(members(result.out()))
        .containsEntry("databases[0].connection.Host", "***")
        .containsEntry("databases[0].connection.Database", "***");
  }

  @Test
  void each_string_has_the_properties_of_Npgsql_or_is_refused_with_it() {
    var ours = new TreeMap<String, String>();
    var npgsql = new TreeMap<String, String>();
    for (NpgsqlStrings.Row row : NpgsqlStrings.rows()) {
      if (!NpgsqlStrings.differing().contains(row.text())) {
        npgsql.put(row.text(), row.isAccepted() ? masked(row.properties()).toString() : "refused");
        Program.Result result = program().with(GATEWAY, row.text()).run("config", "--json");
        ours.put(row.text(), shown(result));
      }
    }

    assertThat(ours).hasSizeGreaterThan(270).isEqualTo(npgsql);
  }

  @Test
  void a_string_on_which_we_differ_from_Npgsql_has_the_other_outcome() {
    for (NpgsqlStrings.Row row : NpgsqlStrings.rows()) {
      if (NpgsqlStrings.differing().contains(row.text())) {
        Program.Result result = program().with(GATEWAY, row.text()).run("config", "--json");

        assertThat(result.code()).as(row.text()).isEqualTo(row.isAccepted() ? 3 : 0);
      }
    }
  }

  private static Map<String, String> masked(Map<String, String> properties) {
    var masked = new TreeMap<>(properties);
    masked.replaceAll((key, value) -> key.endsWith("Password") ? "***" : value);
    return masked;
  }

  private static String shown(Program.Result result) {
    if (result.code() == 3) {
      assertThat(members(result.out())).containsEntry("error.kind", "configuration");
      return "refused";
    }
    assertThat(result.code()).as(result.toString()).isZero();
    String prefix = "databases[0].connection.";
    var properties = new TreeMap<String, String>();
    members(result.out())
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                properties.put(key.substring(prefix.length()), value);
              }
            });
    return properties.toString();
  }

  @Test
  void random_strings_never_crash_and_never_leak() {
    long seed = Randomness.seed();
    for (int tried = 0; tried < RANDOM_STRINGS; tried += TOGETHER, seed++) {
      Random random = Randomness.of(seed);
      Program program = program().givenRandomText();
      List<String> secrets = new ArrayList<>();
      List<String> arguments = new ArrayList<>(List.of("config"));
      for (int i = 0; i < TOGETHER; i++) {
        String secret = RandomSecrets.secret(random);
        secrets.add(secret);
        String text = RandomSecrets.connectionString(secret, random);
        if (random.nextInt(4) == 0) {
          arguments.add("--ConnectionStrings:Db" + i + "=" + text);
        } else {
          program.with("ConnectionStrings__Db" + i, text);
        }
      }
      if (random.nextBoolean()) {
        arguments.add("--json");
      }

      Program.Result result = program.run(arguments.toArray(String[]::new));

      assertThat(result.code()).as("seed %d: %s", seed, result).isIn(0, 3);
      RandomSecrets.assertHidden(secrets, result.out() + result.err(), seed);
    }
  }

  @Test
  void a_random_string_alone_never_leaks() {
    long seed = Randomness.seed();
    for (int tried = 0; tried < RANDOM_STRINGS / TOGETHER; tried++, seed++) {
      Random random = Randomness.of(seed);
      String secret = RandomSecrets.secret(random);
      String text = RandomSecrets.connectionString(secret, random);

      Program.Result result = program().givenRandomText().with(GATEWAY, text).run("config");

      assertThat(result.code()).as("seed %d: %s%n%s", seed, text, result).isIn(0, 3);
      RandomSecrets.assertHidden(List.of(secret), result.out() + result.err(), seed);
    }
  }

  /// The values of a document by their places, as `databases[0].name`.
  static Map<String, String> members(String json) {
    assertThat(json).hasLineCount(1).endsWith("}\n");
    var members = new TreeMap<String, String>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          String place = parser.getParsingContext().pathAsPointer().toString();
          members.put(place(place), parser.getText());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
    return members;
  }

  private static String place(String pointer) {
    return pointer.substring(1).replaceAll("/(\\d+)(?=/|$)", "[$1]").replace('/', '.');
  }
}
