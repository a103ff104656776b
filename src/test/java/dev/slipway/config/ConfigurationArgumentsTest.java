package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationArgumentsTest {

  @Test
  void they_are_taken_out_of_a_command_line() {
    var separated =
        ConfigurationArguments.separate(
            List.of(
                "migrate",
                "--ConnectionStrings:A=Host=a;Port=1",
                "--to",
                "20260101000000_A",
                "--connectionstrings:B",
                "Host=b",
                "/Slipway:Json=true",
                "/slipway:DryRun",
                "true",
                "Slipway:Role=app",
                "--json"));

    assertThat(separated.configuration())
        .containsExactly(
            "--ConnectionStrings:A=Host=a;Port=1",
            "--connectionstrings:B",
            "Host=b",
            "/Slipway:Json=true",
            "/slipway:DryRun",
            "true",
            "Slipway:Role=app");
    assertThat(separated.others()).containsExactly("migrate", "--to", "20260101000000_A", "--json");
  }

  @Test
  void nothing_behind_two_dashes_is_one() {
    var separated = ConfigurationArguments.separate(List.of("show", "--", "--Slipway:To=x"));

    assertThat(separated.configuration()).isEmpty();
    assertThat(separated.others()).containsExactly("show", "--", "--Slipway:To=x");
  }

  @Test
  void options_words_and_paths_are_none() {
    for (String argument :
        List.of(
            "migrate",
            "--json",
            "--changelog=C:/x",
            "--",
            "-v",
            "/changelog",
            "/a:b/c",
            "a:b=c",
            "Slipway:To",
            "")) {
      assertThat(Settings.isConfigurationArgument(argument)).as(argument).isFalse();
    }
  }

  @Test
  void with_two_dashes_a_key_of_any_section_is_one() {
    assertThat(Settings.isConfigurationArgument("--Logging:LogLevel:Default=Debug")).isTrue();
  }

  @Test
  void a_section_of_others_is_refused_without_what_it_sets() {
    assertThat(problems("--ConnectionString:Gateway=Host=a;Password=b", "--a:b", "c"))
        .containsExactly(
            new ConfigurationProblem(
                "--ConnectionString",
                "the argument sets nothing of ours",
                "Write --ConnectionStrings:NAME=… or --Slipway:SETTING=…."),
            new ConfigurationProblem(
                "--a",
                "the argument sets nothing of ours",
                "Write --ConnectionStrings:NAME=… or --Slipway:SETTING=…."));
  }

  @Test
  void a_missing_value_is_told() {
    assertThat(problems("--Slipway:To"))
        .containsExactly(
            new ConfigurationProblem(
                "--Slipway:To", "the argument has no value", "Write --Slipway:To=VALUE."));
  }

  private static List<ConfigurationProblem> problems(String... arguments) {
    var sources = new Sources();
    ConfigurationArguments.read(List.of(arguments), sources);
    return sources.problems();
  }
}
