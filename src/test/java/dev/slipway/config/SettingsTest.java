package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @TempDir private Path folder;

  @Test
  void without_any_source_there_are_defaults() {
    Settings settings = environment(Map.of());

    assertThat(settings.changelog()).isEqualTo(folder.resolve("changelog"));
    assertThat(settings.database()).isEmpty();
    assertThat(settings.to()).isEmpty();
    assertThat(settings.dryRun()).isFalse();
    assertThat(settings.json()).isFalse();
    assertThat(settings.verbose()).isFalse();
    assertThat(settings.createSchema()).isFalse();
    assertThat(settings.startWait()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.runLockWait()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.role()).isEmpty();
    assertThat(settings.historyTable()).isEmpty();
    assertThat(settings.historySchema()).isEmpty();
    assertThat(settings.connectionNames()).isEmpty();
  }

  @Test
  void every_setting_can_come_from_the_environment() {
    Settings settings =
        environment(
            Map.ofEntries(
                Map.entry("Slipway__Changelog", "/changes"),
                Map.entry("SLIPWAY__DATABASE", "Gateway"),
                Map.entry("slipway__to", "20260101000000_A"),
                Map.entry("Slipway__DryRun", "TRUE"),
                Map.entry("Slipway__Json", "True"),
                Map.entry("Slipway__Verbose", "true"),
                Map.entry("Slipway__CreateSchema", " true "),
                Map.entry("Slipway__StartWait", "0"),
                Map.entry("Slipway__RunLockWait", "1h"),
                Map.entry("Slipway__LockTimeout", "00:00:30"),
                Map.entry("Slipway__Role", "owner"),
                Map.entry("Slipway:HistoryTable", "_Migrations"),
                Map.entry("Slipway__HistorySchema", "ops")));

    assertThat(settings.changelog()).isEqualTo(Path.of("/changes"));
    assertThat(settings.database()).contains("Gateway");
    assertThat(settings.to()).contains("20260101000000_A");
    assertThat(settings.dryRun()).isTrue();
    assertThat(settings.json()).isTrue();
    assertThat(settings.verbose()).isTrue();
    assertThat(settings.createSchema()).isTrue();
    assertThat(settings.startWait()).isZero();
    assertThat(settings.runLockWait()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.role()).contains("owner");
    assertThat(settings.historyTable()).contains("_Migrations");
    assertThat(settings.historySchema()).contains("ops");
  }

  @Test
  void later_sources_win() throws IOException {
    write("appsettings.json", "{'Slipway': {'Role': 'file', 'To': 'file', 'Database': 'file'}}");
    write("appsettings.Staging.json", "{'slipway': {'role': 'staging', 'to': 'staging'}}");
    write("appsettings.Production.json", "{'Slipway': {'HistoryTable': 'not read'}}");
    var environment =
        Map.of(
            "DOTNET_ENVIRONMENT",
            "Staging",
            "SLIPWAY__ROLE",
            "environment",
            "Slipway__Json",
            "true");

    Settings settings =
        Settings.load(
            environment,
            List.of("--Slipway:Json=false", "--slipway:verbose", "false"),
            Map.of(Setting.VERBOSE, "true"),
            folder);

    assertThat(settings.database()).contains("file");
    assertThat(settings.to()).contains("staging");
    assertThat(settings.role()).contains("environment");
    assertThat(settings.json()).isFalse();
    assertThat(settings.verbose()).isTrue();
    assertThat(settings.historyTable()).isEmpty();
  }

  @Test
  void the_environment_is_Production_if_not_named() throws IOException {
    write("appsettings.Production.json", "{'Slipway': {'Role': 'production'}}");

    assertThat(environment(Map.of()).role()).contains("production");
  }

  @Test
  void an_empty_value_returns_a_setting_to_its_default() throws IOException {
    write("appsettings.json", "{'Slipway': {'Role': 'file', 'LockTimeout': '1s', 'To': 'file'}}");
    write("appsettings.Production.json", "{'Slipway': {'To': null}}");

    Settings settings = environment(Map.of("Slipway__Role", "", "Slipway__LockTimeout", ""));

    assertThat(settings.role()).isEmpty();
    assertThat(settings.to()).isEmpty();
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void the_problems_of_all_sources_are_told_at_once() throws IOException {
    write("appsettings.json", "{'Slipway': {\n  'StartWait': 60,\n  'Rolle': 'x'}}");
    var environment = Map.of("Slipway__LockTimout", "5s", "Slipway__Json", "1");

    var failure =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                Settings.load(
                    environment,
                    List.of("--Slipway:Xyzzyx=1"),
                    Map.of(Setting.RUN_LOCK_WAIT, "soon"),
                    folder));

    Path file = folder.resolve("appsettings.json");
    String keys =
        "Changelog, Database, To, From, Pending, Plain, OutputFile, DryRun, Json, Output, Verbose, StopOnError, Parallel, SecretsPath, CreateSchema, CreateDatabase, Confirm, Terminate, StartWait,"
            + " RunLockWait, Timeout, LockTimeout, LockWait, Role, HistoryTable, HistorySchema,"
            + " SharedHistory, Contexts, Labels, MigrationId";
    String forms = "Write a duration: 500ms, 5s, 2min, 1h, hh:mm:ss, d.hh:mm:ss or 0.";
    assertThat(failure.problems())
        .containsExactly(
            new ConfigurationProblem(
                file + ":3:12",
                "unknown setting \"Slipway:Rolle\"",
                "Did you mean \"Slipway:Role\"?"),
            new ConfigurationProblem(
                "environment variable Slipway__LockTimout",
                "unknown setting \"Slipway:LockTimout\"",
                "Did you mean \"Slipway:LockTimeout\"?"),
            new ConfigurationProblem(
                "--Slipway:Xyzzyx",
                "unknown setting \"Slipway:Xyzzyx\"",
                "Take it out; the settings are " + keys + "."),
            new ConfigurationProblem(
                "environment variable Slipway__Json",
                "\"Slipway:Json\" cannot be \"1\"",
                "Write true or false."),
            new ConfigurationProblem(
                file + ":2:16", "\"Slipway:StartWait\" cannot be \"60\"", forms),
            new ConfigurationProblem(
                "--run-lock-wait", "\"Slipway:RunLockWait\" cannot be \"soon\"", forms));
    assertThat(failure.message()).isEqualTo("6 problems in the configuration");
    assertThat(failure.detail().lines())
        .hasSize(6)
        .contains("environment variable Slipway__Json: \"Slipway:Json\" cannot be \"1\"");
    assertThat(failure.hint().lines()).hasSize(5).contains("Write true or false.", forms);
  }

  @ParameterizedTest
  @CsvSource({
    "SLIPWAY_LOCKTIMEOUT, LockTimeout",
    "Slipway_LockTimeout, LockTimeout",
    "SLIPWAY_LOCK_TIMEOUT, LockTimeout",
    "SLIPWAYLOCKTIMEOUT, LockTimeout",
    "slipway_to, To",
  })
  void a_variable_that_is_a_setting_but_for_underscores_is_refused(String variable, String key) {
    var failure =
        catchThrowableOfType(
            ConfigurationException.class, () -> environment(Map.of(variable, "3s")));

    assertThat(failure.problems())
        .containsExactly(
            new ConfigurationProblem(
                "environment variable " + variable,
                "unknown setting \"" + variable + "\"",
                "Did you mean \"Slipway__" + key + "\"?"));
  }

  @Test
  void other_variables_that_begin_with_the_name_of_the_program_are_not_settings() {
    Settings settings =
        environment(
            Map.of(
                "SLIPWAY_IMAGE", "slipway:1",
                "SLIPWAY_HOME", "/opt",
                "SLIPWAY_PORT", "tcp://10.0.0.1:80",
                "SLIPWAY_LOCKTIMEOUTS", "3s",
                "SLIPWAY", ""));

    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void connection_strings_come_from_all_sources() throws IOException {
    write(
        "appsettings.json",
        "{'ConnectionStrings': {'gateway': 'Host=file', 'Miner': 'Host=file'}}");
    var environment =
        Map.of(
            "ConnectionStrings__Gateway", "Host=environment",
            "POSTGRESQLCONNSTR_Indexer", "Host=prefixed",
            "CustomConnStr_indexer", "Host=custom",
            "ConnectionStrings:Validator", "Host=environment");

    Settings settings =
        Settings.load(
            environment,
            List.of("--ConnectionStrings:VALIDATOR=Host=argument;Port=1"),
            Map.of(),
            folder);

    assertThat(settings.connectionNames())
        .containsExactly("Gateway", "Indexer", "Miner", "VALIDATOR");
    assertThat(settings.connectionStrings(settings.connectionNames()))
        .extracting(ConnectionString::hosts)
        .containsExactly(
            List.of(new HostAddress("environment", 5432)),
            List.of(new HostAddress("prefixed", 5432)),
            List.of(new HostAddress("file", 5432)),
            List.of(new HostAddress("argument", 1)));
    assertThat(settings.connectionString("gateway").name()).isEqualTo("Gateway");
  }

  @Test
  void a_plain_variable_counts_more_than_one_with_a_prefix() {
    Settings settings =
        environment(Map.of("ConnectionStrings__A", "Host=plain", "SQLCONNSTR_A", "Host=prefixed"));

    assertThat(settings.connectionString("A").hosts())
        .containsExactly(new HostAddress("plain", 5432));
  }

  @Test
  void strings_of_other_products_are_no_problem_until_they_are_used() {
    Settings settings =
        environment(
            Map.of(
                "ConnectionStrings__Cache", "redis:6379,abortConnect=false",
                "ConnectionStrings__Gateway", "Host=db",
                "ConnectionStrings__Empty", "",
                "MYSQLCONNSTR_Shop", "Server=db;Initial Catalog=shop"));

    assertThat(settings.connectionNames()).containsExactly("Cache", "Empty", "Gateway", "Shop");
    assertThat(settings.connectionString("Gateway").hosts())
        .containsExactly(new HostAddress("db", 5432));
    assertThat(problems(settings, "Cache", "Empty", "Shop"))
        .containsExactly(
            new ConfigurationProblem(
                "environment variable ConnectionStrings__Cache",
                "connection string \"Cache\" has an unknown key at index 0",
                "Take it out, or write a key that Npgsql knows, such as Host, Port, Database,"
                    + " Username."),
            new ConfigurationProblem(
                "environment variable ConnectionStrings__Cache",
                "connection string \"Cache\" names no host",
                "Add Host=…; to it."),
            new ConfigurationProblem(
                "environment variable ConnectionStrings__Empty",
                "connection string \"Empty\" is empty",
                "Give it a value such as Host=localhost;Database=app;Username=app."),
            new ConfigurationProblem(
                "environment variable MYSQLCONNSTR_Shop",
                "connection string \"Shop\" has an unknown key \"initial catalog\"",
                "Did you mean \"Database\"?"));
  }

  @Test
  void an_unknown_part_beneath_a_connection_string_is_refused_when_that_is_used() {
    Settings settings =
        environment(
            Map.of(
                "ConnectionStrings__Gateway", "Host=db",
                "ConnectionStrings__Gateway__Pasword", "secret",
                "ConnectionStrings__Gateway2", "Host=db"));

    assertThat(settings.connectionNames()).containsExactly("Gateway", "Gateway2");
    assertThat(settings.connectionString("Gateway2").password()).isEmpty();
    assertThat(problems(settings, "Gateway"))
        .containsExactly(
            new ConfigurationProblem(
                "environment variable ConnectionStrings__Gateway__Pasword",
                "connection string \"Gateway\" has an unknown part beneath it",
                "Write it into the connection string; beneath it there can be Password and Direct."));
  }

  @Test
  void sections_and_variables_of_others_are_passed_over() throws IOException {
    write("appsettings.json", "{'Logging': {'LogLevel': {'Default': 'x'}}, 'SlipwayPort': 1}");

    Settings settings =
        environment(
            Map.of("SLIPWAY_PORT", "tcp://10.0.0.1", "SlipwayX__To", "x", "Logging__A", "b"));

    assertThat(settings.to()).isEmpty();
  }

  @Test
  void variables_of_the_server_are_those_of_the_environment() {
    Settings settings = environment(Map.of("ConnectionStrings__A", "Host=db", "PGUSER", "u"));

    assertThat(settings.connectionString("A").username()).contains("u");
  }

  @Test
  void every_setting_is_fit_for_a_table() {
    for (Setting setting : Setting.values()) {
      assertThat(setting.description()).isNotBlank().doesNotEndWith(".");
      assertThat(setting.option()).matches("--[a-z-]+");
      assertThat(setting.key().toLowerCase(Locale.ROOT))
          .isEqualTo(setting.changelogKey().replace("-", ""));
      assertThat(setting.form().text()).isNotBlank();
      if (!setting.byDefault().isEmpty()) {
        assertThat(setting.objection(setting.byDefault())).isEmpty();
      }
    }
  }

  private static List<ConfigurationProblem> problems(Settings settings, String... names) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> settings.connectionStrings(List.of(names)))
        .problems();
  }

  private Settings environment(Map<String, String> environment) {
    return Settings.load(environment, List.of(), Map.of(), folder);
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json.replace('\'', '"'));
  }
}
