package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealTest {
  private static final SortedMap<String, String> TRAINED =
      new TreeMap<>(Map.of("app/libs/a  b.jar", "11", "app/app.aot", "22", "opt/java/x", "33"));

  @TempDir private Path temporary;

  @Test
  void what_is_written_is_read() throws IOException {
    Path file = temporary.resolve("seal");

    new Seal(TRAINED).write(file);

    assertThat(Seal.read(file)).isEqualTo(new Seal(TRAINED));
    assertThat(file).hasContent("22  app/app.aot\n11  app/libs/a  b.jar\n33  opt/java/x\n");
  }

  @Test
  void the_same_files_have_no_differences() {
    assertThat(new Seal(TRAINED).differences(new TreeMap<>(TRAINED))).isEmpty();
  }

  @Test
  void every_file_that_is_another_or_missing_or_new_is_named() {
    var found = new TreeMap<>(Map.of("app/app.aot", "23", "opt/java/x", "33", "app/new.jar", "44"));

    assertThat(new Seal(TRAINED).differences(found))
        .containsExactly(
            "app/app.aot is not what was trained on",
            "app/libs/a  b.jar is missing",
            "app/new.jar was not there in training");
  }
}
