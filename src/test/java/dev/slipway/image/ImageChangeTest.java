package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of an image a change of the sources changes, and what `scripts/image` makes of a jar that
/// was changed behind its back. It works in a copy of the checkout.
@Tag("image")
final class ImageChangeTest {
  private static final Path BEFORE = Path.of("target/image/slipway.tar");
  private static final String NAME = "slipway-test-change";
  private static final String MAIN = "src/main/java/dev/slipway/Main.java";
  private static final String TRAINED = "dev/slipway/cli/Interruption.class";

  @TempDir private Path copy;

  @BeforeEach
  void copy_the_checkout() throws IOException {
    for (String file : Tool.run("git", "-c", "core.quotePath=off", "ls-files").lines().toList()) {
      Path to = copy.resolve(file);
      Files.createDirectories(to.resolveSibling("."));
      Files.copy(Path.of(file), to);
    }
  }

  @AfterEach
  void remove_the_image() {
    Tool.run(
        "sh",
        "-c",
        "docker image inspect %1$s >/dev/null 2>&1 || exit 0; docker rmi -f %1$s".formatted(NAME));
  }

  private void build() {
    Tool.run(copy.resolve("scripts/image").toString(), "-Dslipway.image.name=" + NAME);
  }

  /// The paths of the files in each layer of an image, by the layer's digest.
  private static Map<String, List<String>> layers(Path archive) throws IOException {
    Map<String, List<String>> layers = new HashMap<>();
    try (var image = ImageCheck.open(Files.newInputStream(archive))) {
      for (var entry = image.getNextEntry(); entry != null; entry = image.getNextEntry()) {
        if (entry.getName().endsWith(".tar.gz")) {
          layers.put(entry.getName(), files(ImageCheck.open(new GZIPInputStream(image))));
        }
      }
    }
    return layers;
  }

  private static List<String> files(TarArchiveInputStream layer) throws IOException {
    Stream.Builder<String> files = Stream.builder();
    for (TarArchiveEntry entry = layer.getNextEntry();
        entry != null;
        entry = layer.getNextEntry()) {
      if (entry.isFile()) {
        files.add(ImageCheck.path(entry));
      }
    }
    return files.build().toList();
  }

  @Test
  void a_changed_line_changes_the_layers_of_our_jar_and_its_cache_only() throws IOException {
    Path main = copy.resolve(MAIN);
    Files.writeString(main, Files.readString(main).replace("\"slipway \" +", "\"Slipway \" +"));

    build();

    Map<String, List<String>> changed = layers(copy.resolve("target/image/image.tar"));
    assertThat(changed.keySet().removeAll(layers(BEFORE).keySet())).isTrue();
    assertThat(changed.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrder("app/classpath/slipway.jar", "app/app.aot");

    replaceAClass();
    assertThatThrownBy(this::build)
        .hasMessageContaining("classpath/slipway.jar")
        .hasMessageContaining("build it anew");
  }

  private void replaceAClass() throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(copy.resolve("target/slipway.jar"))) {
      byte[] code = Files.readAllBytes(jar.getPath(TRAINED));
      Files.write(jar.getPath(TRAINED), Arrays.copyOf(code, code.length + 1));
    }
  }
}
