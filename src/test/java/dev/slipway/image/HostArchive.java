package dev.slipway.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.GZIPOutputStream;

/// Writes the product for hosts without Docker: `bin/slipway`, the Java runtime, the jars and their
/// start-up cache, in one folder that may be unpacked anywhere.
final class HostArchive {
  private HostArchive() {}

  /// Arguments: the architecture, the build's folder, the folder to write to.
  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    String version = version(target.resolve("slipway.jar"));
    String root = "slipway-" + version;
    Layer layer =
        new Layer()
            .file(root + "/bin/slipway", Path.of("scripts/launch"))
            .file(root + "/LICENSE", Path.of("LICENSE"))
            .file(root + "/README.md", Path.of("README.md"))
            .tree(root + "/app/", target.resolve("app"))
            .tree(root + "/runtime/", target.resolve("runtime"));
    Path archive =
        Path.of(arguments[2]).resolve("%s-linux-%s.tar.gz".formatted(root, arguments[0]));
    try (var out = new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)))) {
      layer.writeTo(out);
    }
    System.err.println("slipway: " + archive);
  }

  private static String version(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.getManifest()
          .getMainAttributes()
          .getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    }
  }
}
