package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalhostTest {
  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({".dockerenv, docker", "run/.containerenv, podman"})
  void a_container_is_known_by_the_file_of_its_engine(String mark, String engine) {
    new Folder(root).write(mark, "");

    Map<String, String> noted = Localhost.noted(Map.of("A", "1"), root);

    assertThat(noted).isEqualTo(Map.of("A", "1", "container", engine));
    assertThat(Localhost.of(noted)).isEqualTo(Localhost.CONTAINER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"KUBERNETES_SERVICE_HOST", "container"})
  void a_container_is_known_by_a_variable(String variable) {
    assertThat(Localhost.of(Map.of(variable, "x"))).isEqualTo(Localhost.CONTAINER);
  }

  @Test
  void all_else_is_a_machine() {
    Map<String, String> environment = Map.of("A", "1", "container", "");

    Map<String, String> noted = Localhost.noted(environment, root);

    assertThat(noted).isEqualTo(environment);
    assertThat(Localhost.of(noted)).isEqualTo(Localhost.MACHINE);
  }
}
