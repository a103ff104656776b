package dev.slipway.image;

import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// Programs of this machine with the libraries that they load, for images that are made where no
/// registry is in reach.
final class LocalPrograms {
  /// What ldd prints: `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f…)`.
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private static final List<Path> FOLDERS =
      Stream.of("/bin", "/usr/bin", "/usr/sbin").map(Path::of).toList();

  /// Debian has a folder of programs for each version; in `/usr/bin` there is a script before them.
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");

  private LocalPrograms() {}

  /// Adds a program to `/bin` of an image whose contents are below `root`.
  static void add(ImageFromDockerfile image, String name) throws IOException {
    Path program = find(name);
    image.withFileFromPath("root/bin/" + name, program.toRealPath());
    for (Path library : libraries(program)) {
      image.withFileFromPath("root" + library, library.toRealPath());
    }
  }

  private static Path find(String name) throws IOException {
    return Stream.concat(postgres(), FOLDERS.stream())
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("this test needs the program " + name));
  }

  private static Stream<Path> postgres() throws IOException {
    if (Files.notExists(POSTGRES)) {
      return Stream.of();
    }
    try (Stream<Path> versions = Files.list(POSTGRES)) {
      return versions
          .sorted(Comparator.reverseOrder())
          .map(version -> version.resolve("bin"))
          .toList()
          .stream();
    }
  }

  static List<Path> libraries(Path program) {
    return LIBRARY
        .matcher(Tool.run("ldd", program.toString()))
        .results()
        .map(found -> Path.of(found.group(1)).normalize())
        .toList();
  }
}
