package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The places that a value may come from, beside appsettings.json and plain variables.
final class ConfigurationSourcesTest {
  private static final String GATEWAY = "ConnectionStrings__Gateway";

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void a_folder_of_secrets_has_a_file_per_key() throws IOException {
    secret(GATEWAY, "Host=db;Password=p\n");
    secret("slipway__locktimeout", "7s\r\n");
    secret("OTHER", "not ours");
    secret("ignore.ConnectionStrings__Ignored", "Host=db");
    Files.createDirectories(folder.resolve("secrets/ConnectionStrings__Folder"));
    environment.put("Slipway__SecretsPath", "secrets");

    Settings settings = load();

    assertThat(settings.connectionNames()).containsExactly("Gateway");
    assertThat(settings.connectionString("gateway").password()).contains(new Secret("p"));
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void the_folder_of_secrets_can_be_named_by_each_source() throws IOException {
    secret(GATEWAY, "Host=db");
    write("appsettings.json", "{\"Slipway\": {\"SecretsPath\": \"secrets\"}}");

    assertThat(load().connectionNames()).containsExactly("Gateway");
    assertThat(load("--Slipway:SecretsPath=secrets").connectionNames()).containsExactly("Gateway");
    environment.put("Slipway__SecretsPath", "missing");
    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                folder.resolve("missing").toString(),
                "could not read the folder of secrets",
                "Make it a folder that the user of this program can read, or name another one:"
                    + " Slipway__SecretsPath."));
  }

  @Test
  void an_empty_path_of_secrets_is_that_of_the_default() throws IOException {
    write("ConnectionStrings__Stray", "Host=stray");
    environment.put(GATEWAY, "Host=db");
    environment.put("Slipway__SecretsPath", "");

    assertThat(load().connectionNames()).containsExactly("Gateway");
  }

  @Test
  void a_byte_order_mark_at_the_start_of_a_secret_is_dropped() throws IOException {
    environment.put(GATEWAY, "Host=db");
    environment.put(GATEWAY + "__Password_FILE", write("password", "\uFEFFp\n").toString());

    assertThat(load().connectionString("Gateway").password()).contains(new Secret("p"));
  }

  @Test
  void only_one_newline_at_the_end_of_a_secret_is_dropped() throws IOException {
    environment.put(GATEWAY, "Host=db");
    environment.put(GATEWAY + "__Password_FILE", write("password", "  a\n\n").toString());

    assertThat(load().connectionString("Gateway").password()).contains(new Secret("  a\n"));
  }

  @Test
  void a_variable_names_the_file_of_a_connection_string() throws IOException {
    environment.put("ConnectionStrings__Gateway_FILE", "gateway.txt");
    write("gateway.txt", "Host=db;Password=ü");

    assertThat(load().connectionString("Gateway").password()).contains(new Secret("ü"));
  }

  @Test
  void a_value_and_its_file_are_one_too_many() throws IOException {
    environment.put(GATEWAY, "Host=db");
    environment.put("ConnectionStrings__Gateway_FILE", write("gateway.txt", "Host=h").toString());

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "environment variable ConnectionStrings__Gateway_FILE",
                "a value is given twice: here by a file, and by environment variable " + GATEWAY,
                "Take one of them out."));
  }

  @Test
  void files_that_cannot_be_values_are_refused_without_their_content() throws IOException {
    Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 's', 'e', 'c', 'r', 'e', 't'});
    Files.writeString(folder.resolve("large"), "secret".repeat(20_000));
    environment.put("ConnectionStrings__A_FILE", "binary");
    environment.put("ConnectionStrings__B_FILE", "large");
    environment.put("ConnectionStrings__C_FILE", "missing");
    environment.put("ConnectionStrings__D_FILE", "no\0path");
    environment.put("ConnectionStrings__E_FILE", "/dev/zero");

    assertThat(problems())
        .extracting(ConfigurationProblem::message)
        .containsExactly(
            "the file is no text of UTF-8",
            "the file holds more than a value can have",
            "could not read the file",
            "the value is no path",
            "it is a folder, a pipe or a device");
    assertThat(problems().toString()).doesNotContain("secret");
  }

  @Test
  void a_file_of_settings_can_be_named() throws IOException {
    write("appsettings.json", "{\"ConnectionStrings\": {\"A\": \"Host=a\", \"B\": \"Host=a\"}}");
    write("own.json", "{\"ConnectionStrings\": {\"B\": \"Host=own\", \"C\": \"Host=own\"}, }");
    environment.put("CUSTOMJsonConfigurationFilePath", "own.json");
    environment.put("ConnectionStrings__C", "Host=environment");

    Settings settings = load();

    assertThat(host(settings, "A")).isEqualTo("a");
    assertThat(host(settings, "B")).isEqualTo("own");
    assertThat(host(settings, "C")).isEqualTo("environment");
  }

  @Test
  void a_named_file_of_settings_has_to_be_there() {
    environment.put("CustomJsonConfigurationFilePath", "missing.json");

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "environment variable CustomJsonConfigurationFilePath",
                "there is no such file",
                "Write the path of a JSON file like appsettings.json, or take the variable out."));
  }

  @Test
  void each_source_wins_over_the_ones_before() throws IOException {
    write("appsettings.json", "{\"ConnectionStrings\": {\"X\": \"Host=1\"}}");
    assertThat(host(load(), "X")).isEqualTo("1");
    write("appsettings.Production.json", "{\"ConnectionStrings\": {\"X\": \"Host=2\"}}");
    assertThat(host(load(), "X")).isEqualTo("2");
    write("own.json", "{\"connectionstrings\": {\"x\": \"Host=3\"}}");
    environment.put("CustomJsonConfigurationFilePath", "own.json");
    assertThat(host(load(), "X")).isEqualTo("3");
    secret("ConnectionStrings__X", "Host=4");
    environment.put("Slipway__SecretsPath", "secrets");
    assertThat(host(load(), "X")).isEqualTo("4");
    environment.put("CUSTOMCONNSTR_X", "Host=5");
    assertThat(host(load(), "X")).isEqualTo("5");
    environment.put("ConnectionStrings__X", "Host=6");
    assertThat(host(load(), "X")).isEqualTo("6");
    assertThat(host(load("--ConnectionStrings:X=Host=7"), "X")).isEqualTo("7");
  }

  @Test
  void a_password_can_stand_beneath_its_connection_string() {
    environment.put(GATEWAY, "Host=db;Username=u");
    environment.put(GATEWAY + "__Password", "p;\"q'");

    ConnectionString string = load().connectionString("Gateway");

    assertThat(string.username()).contains("u");
    assertThat(string.password()).contains(new Secret("p;\"q'"));
    environment.put(GATEWAY + "__Password", "");
    assertThat(load().connectionString("Gateway").password()).isEmpty();
  }

  @Test
  void two_passwords_are_one_too_many() {
    environment.put(GATEWAY, "postgres://u:p@h/d");
    environment.put(GATEWAY + "__Password", "q");

    Settings settings = load();

    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class, () -> settings.connectionString("Gateway"))
                .problems())
        .containsExactly(
            new ConfigurationProblem(
                "environment variable ConnectionStrings__Gateway__Password",
                "connection string \"Gateway\" has two passwords, its own and one beneath it",
                "Take one of them out."));
  }

  @Test
  void a_direct_string_is_used_where_there_is_one() {
    environment.put(GATEWAY, "Host=pooler;Password=p");
    environment.put(GATEWAY + "__Direct", "Host=server;Username=u");
    environment.put(GATEWAY + "__Direct__Password", "direct");

    ConnectionString string = load().connectionString("Gateway");

    assertThat(string.name()).isEqualTo("Gateway");
    assertThat(string.hosts()).containsExactly(new HostAddress("server", 5432));
    assertThat(string.password()).contains(new Secret("direct"));
  }

  @Test
  void a_direct_string_shares_the_password_beneath() {
    environment.put(GATEWAY, "Host=pooler");
    environment.put(GATEWAY + "__Password", "p");
    environment.put(GATEWAY + "__Direct", "Host=server");

    assertThat(load().connectionString("Gateway").password()).contains(new Secret("p"));
  }

  @Test
  void files_are_read_again_when_a_string_is_asked_for_what_it_is_now() throws IOException {
    environment.put(GATEWAY, "Host=db");
    Path file = write("password", "first");
    environment.put(GATEWAY + "__Password_FILE", file.toString());
    ConnectionString string = load().connectionString("Gateway");

    Files.writeString(file, "second");

    assertThat(string.password()).contains(new Secret("first"));
    assertThat(string.current().password()).contains(new Secret("second"));
    Files.delete(file);
    assertThat(catchThrowableOfType(ConfigurationException.class, string::current)).isNotNull();
  }

  @Test
  void a_string_whose_file_has_gone_is_told() throws IOException {
    secret(GATEWAY, "Host=db");
    environment.put("Slipway__SecretsPath", "secrets");
    ConnectionString string = load().connectionString("Gateway");
    Path file = folder.resolve("secrets/" + GATEWAY);

    Files.delete(file);

    assertThat(catchThrowableOfType(ConfigurationException.class, string::current).problems())
        .containsExactly(
            new ConfigurationProblem(
                "file " + file,
                "connection string \"Gateway\" is not there any more",
                "Put it back, then run slipway again."));
  }

  @Test
  void a_string_of_variables_stays_as_it_is() {
    environment.put(GATEWAY, "Host=db");
    ConnectionString string = load().connectionString("Gateway");

    assertThat(string.current()).isSameAs(string);
  }

  @Test
  void a_password_on_the_command_line_is_warned_of() {
    environment.put(GATEWAY, "Host=db;Password=p");
    String warning =
        "The password on the command line can be seen by others on this machine; a variable of the"
            + " environment or a file keeps it to yourself.";

    assertThat(load().connectionString("Gateway").warnings()).isEmpty();
    assertThat(warnings("--ConnectionStrings:Gateway=Host=db;Password=p")).containsExactly(warning);
    assertThat(warnings("--ConnectionStrings:Gateway=postgres://u:p@h/d")).containsExactly(warning);
    assertThat(warnings("--ConnectionStrings:Gateway=Host=db")).isEmpty();
    environment.put(GATEWAY, "Host=db");
    assertThat(warnings("--ConnectionStrings:Gateway:Password=p")).containsExactly(warning);
  }

  @Test
  void variables_of_a_database_are_a_connection_string_of_its_name() {
    environment.put("DB_NAME", "validator_db");
    environment.put("DB_HOST", "db");
    environment.put("DB_PORT", "6000");
    environment.put("DB_USER", "u");
    environment.put("DB_PASSWORD", "p\";'=");

    ConnectionString string = load().connectionString("validator_db");

    assertThat(string.hosts()).containsExactly(new HostAddress("db", 6000));
    assertThat(string.database()).contains("validator_db");
    assertThat(string.username()).contains("u");
    assertThat(string.password()).contains(new Secret("p\";'="));
  }

  @Test
  void variables_of_a_database_can_mean_its_socket() {
    environment.put("DB_NAME", "validator_db");
    environment.put("DB_CONNECTION_TYPE", "socket");
    environment.put("DB_HOST", "localhost");

    assertThat(load().connectionString("validator_db").hosts())
        .singleElement()
        .matches(host -> host.unixSocket().isPresent());
    environment.put("DB_HOST", "/run/pg");
    assertThat(load().connectionString("validator_db").hosts())
        .containsExactly(new HostAddress("/run/pg", 5432));
  }

  @Test
  void variables_of_a_database_do_not_count_beside_a_connection_string_or_without_a_place() {
    environment.put("DB_NAME", "other");
    assertThat(load().connectionNames()).isEmpty();

    environment.put("DB_HOST", "db");
    environment.put(GATEWAY, "Host=db");

    assertThat(load().connectionNames()).containsExactly("Gateway");
  }

  @Test
  void an_unknown_type_of_connection_is_refused() {
    environment.put("DB_NAME", "other");
    environment.put("DB_HOST", "db");
    environment.put("DB_CONNECTION_TYPE", "proxy");

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "environment variable DB_CONNECTION_TYPE",
                "\"DB_CONNECTION_TYPE\" cannot be \"proxy\"",
                "Write socket or tcp."));
  }

  private Settings load(String... arguments) {
    return Settings.load(environment, List.of(arguments), Map.of(), folder);
  }

  private List<ConfigurationProblem> problems() {
    return catchThrowableOfType(ConfigurationException.class, this::load).problems();
  }

  private List<String> warnings(String argument) {
    return load(argument).connectionString("Gateway").warnings();
  }

  private static String host(Settings settings, String name) {
    return settings.connectionString(name).hosts().getFirst().host();
  }

  private void secret(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve("secrets"));
    write("secrets/" + name, text);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
