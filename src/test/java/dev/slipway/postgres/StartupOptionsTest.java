package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StartupOptionsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "-c geqo=off, geqo, off",
        "-cgeqo=off, geqo, off",
        "--geqo=off, geqo, off",
        "'  --work-mem=4MB ', work_mem, 4MB",
        "-c search_path=a\\ b\\\\c, search_path, a b\\c",
        "-c app.note=x=y, app.note, x=y"
      })
  void a_setting_is_read_as_the_server_reads_it(String options, String name, String value) {
    assertThat(StartupOptions.settings(options.replace("'", ""))).contains(Map.of(name, value));
  }

  @Test
  void of_several_the_last_counts() {
    assertThat(StartupOptions.settings("-c a.b=1 --a.b=2 -c geqo=off"))
        .contains(Map.of("a.b", "2", "geqo", "off"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-B 16", "-c", "-c geqo", "geqo=off", "-c =1"})
  void whatever_else_it_is_no_setting(String options) {
    assertThat(StartupOptions.settings(options)).isEmpty();
  }
}
