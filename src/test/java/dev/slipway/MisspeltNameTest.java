package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connection strings and databases whose names are wrong by a slip. What is proposed must never be
/// another product's.
final class MisspeltNameTest {
  private static final String CONNECTION = "Host=localhost;Port=1;Database=d;Username=u";

  @TempDir private Path path;

  @BeforeEach
  void write_three_changelogs() {
    var folder = new Folder(path);
    for (String name : new String[] {"gateway", "miner", "warehouse"}) {
      folder.write("changelog/" + name + "/20240101000000_One.sql", "SELECT 1;\n");
    }
  }

  private Program program(String variable) {
    return Program.in(path).with(variable, CONNECTION);
  }

  private static String refused(String golden, Program.Result result) {
    Golden.check("dev/slipway/misspelt/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    return result.err();
  }

  @Test
  void the_nearest_folder_is_proposed_for_a_connection_string() {
    refused("connection-string", program("ConnectionStrings__Warehuose").run());
  }

  @Test
  void no_folder_is_proposed_where_none_is_near() {
    String told = refused("connection-string-unlike", program("ConnectionStrings__Cache").run());

    assertThat(told).doesNotContain("ConnectionStrings__");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "show head", "script"})
  void the_nearest_name_is_proposed_for_a_database(String command) {
    Program.Result result =
        program("ConnectionStrings__Warehouse").run((command + " --database Warehuose").split(" "));

    assertThat(result.code()).as(result.toString()).isBetween(2, 3);
    assertThat(result.err())
        .containsPattern("(?i)next {4}Did you mean --database warehouse\\?")
        .doesNotContain("--database gateway");
  }

  @Test
  void no_name_is_proposed_for_a_database_where_none_is_near() {
    Program.Result result =
        program("ConnectionStrings__Warehouse").run("script", "--database", "Cache");

    assertThat(result.code()).as(result.toString()).isEqualTo(2);
    assertThat(result.err())
        .contains("there are: gateway, miner, warehouse.")
        .endsWith("next    Name one of them with --database.\n");
  }

  @Test
  void one_underscore_is_one_too_few() {
    refused("one-underscore", program("ConnectionStrings_Warehouse").run());
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTIONSTRING__Warehouse, Warehouse",
    "ConnectionString_Warehouse, Warehouse",
    "CONNECTION_STRINGS__WAREHOUSE, WAREHOUSE",
    "ConnectionStrings.Warehouse, Warehouse",
    "ConnectionString:Warehouse, Warehouse",
  })
  void what_looks_like_a_connection_string_is_named(String variable, String name) {
    Program.Result result = program(variable).run();

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .contains("error: no connection string\n")
        .endsWith("next    Rename %s to ConnectionStrings__%s.\n".formatted(variable, name));
  }

  @Test
  void what_looks_like_a_connection_string_is_named_beside_those_of_others() {
    Program.Result result =
        program("ConnectionStrings__Cache").with("ConnectionStrings_Warehouse", CONNECTION).run();

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .endsWith("next    Rename ConnectionStrings_Warehouse to ConnectionStrings__Warehouse.\n");
  }

  private Program.Result withSecrets(String... names) {
    return secrets(names).run();
  }

  private Program secrets(String... names) {
    var folder = new Folder(path).write("secrets/folder/x", "");
    for (String name : names) {
      folder.write("secrets/" + name, CONNECTION);
    }
    return Program.in(path).with("Slipway__SecretsPath", "secrets");
  }

  @Test
  void files_of_the_folder_of_secrets_are_named() {
    Program.Result result = withSecrets("connection-string.txt", "api-key");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .contains("/secrets holds api-key, connection-string.txt.\n")
        .contains("  next    Set one: ConnectionStrings__Name=")
        .doesNotContain("Host=localhost");
  }

  @Test
  void a_folder_of_secrets_without_files_is_told() {
    assertThat(withSecrets().err()).contains("/secrets holds no file.\n");
  }

  @Test
  void of_many_secrets_ten_are_named() {
    Program.Result result = withSecrets("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");

    assertThat(result.err()).contains("holds a, b, c, d, e, f, g, h, i, j and 2 more files.\n");
  }

  @Test
  void a_secret_that_looks_like_a_connection_string_is_to_be_renamed() {
    assertThat(withSecrets("ConnectionString__Shop").err())
        .contains("/secrets holds ConnectionString__Shop.\n")
        .endsWith("  next    Rename ConnectionString__Shop to ConnectionStrings__Shop.\n");
    assertThat(secrets("ConnectionString__Shop").run("config").toString())
        .contains("; rename ConnectionString__Shop to ConnectionStrings__Shop\n");
  }

  @Test
  void config_names_what_looks_like_a_connection_string() {
    Program.Result result = program("ConnectionStrings_Warehouse").run("config");

    assertThat(result.toString())
        .contains(
            "warning: no connection string is set; rename ConnectionStrings_Warehouse to"
                + " ConnectionStrings__Warehouse\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECTION_STRING",
        "CONNECTION_STRING_FILE",
        "ConnectionStrings_",
        "MyConnectionString_A"
      })
  void variables_of_others_are_left_alone(String variable) {
    Program.Result result = program(variable).run();

    assertThat(result.err()).contains("next    Set one: ConnectionStrings__Name=");
  }
}
