package dev.slipway.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerTest {
  @TempDir private Path temporary;

  @Test
  void a_layer_holds_its_files_in_the_order_of_their_paths_with_the_folders_above_them()
      throws IOException {
    Path tool = Files.writeString(temporary.resolve("tool"), "run");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-----"));

    Layer layer =
        new Layer()
            .file("z/last", "x".getBytes(UTF_8))
            .folder("tmp", 01777)
            .file("bin/tool", tool)
            .link("bin/other", "tool");

    assertThat(listing(layer))
        .containsExactly(
            "755 bin/ 0",
            "777 bin/other -> tool",
            "755 bin/tool 3",
            "1777 tmp/ 0",
            "755 z/ 0",
            "644 z/last 1");
  }

  @Test
  void its_bytes_depend_on_nothing_but_paths_modes_and_contents() throws IOException {
    Path one = Files.createDirectories(temporary.resolve("one"));
    Path other = Files.createDirectories(temporary.resolve("other"));
    for (String name : List.of("b", "a", "c".repeat(200))) {
      Files.writeString(one.resolve(name), name);
    }
    for (String name : List.of("c".repeat(200), "a", "b")) {
      Path file = Files.writeString(other.resolve(name), name);
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }

    assertThat(bytes(new Layer().tree("app/", one)))
        .isEqualTo(bytes(new Layer().tree("app/", other)));
  }

  private static byte[] bytes(Layer layer) throws IOException {
    var out = new ByteArrayOutputStream();
    layer.writeTo(out);
    return out.toByteArray();
  }

  private static List<String> listing(Layer layer) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes(layer)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName();
        String rest =
            entry.isSymbolicLink() ? "-> " + entry.getLinkName() : Long.toString(entry.getSize());
        lines.add(Integer.toOctalString(entry.getMode() & 07777) + " " + name + " " + rest);
        assertThat(entry.getLongUserId()).isZero();
        assertThat(entry.getLastModifiedTime().toMillis()).isEqualTo(Folders.MODIFIED_MILLISECONDS);
      }
    }
    return lines;
  }
}
