package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The libraries for JSON and YAML cost time to load; a run that is configured by the environment
/// does without them.
class LazyLoadingTest {

  @Test
  void the_environment_is_read_without_any_library(@TempDir Path empty) throws Exception {
    URL ours = Settings.class.getProtectionDomain().getCodeSource().getLocation();
    try (var alone = new URLClassLoader(new URL[] {ours}, ClassLoader.getPlatformClassLoader())) {
      Class<?> settings = alone.loadClass("dev.slipway.config.Settings");
      Object loaded =
          settings
              .getMethod("load", Map.class, List.class, Map.class, Path.class)
              .invoke(null, Map.of("ConnectionStrings__A", "Host=db"), List.of(), Map.of(), empty);

      Object string = settings.getMethod("connectionString", String.class).invoke(loaded, "A");

      assertThat(string).hasToString("A ([db:5432])");
      assertThat(string.getClass().getClassLoader()).isSameAs(alone);
    }
  }
}
