package dev.slipway.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// The part of the JDK that the product needs, linked from the JDK that runs this.
///
/// Uncompressed it takes more room on a disk, but less in a layer, which is compressed as a whole.
final class JavaRuntime {
  /// What `jdeps` finds in our jars, with these in addition: Liquibase starts by java.beans, which
  /// java.desktop holds, changelogs may be in any character set, and Kerberos logs in by a module
  /// of jdk.security.auth.
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.desktop",
          "java.logging",
          "java.management",
          "java.naming",
          "java.scripting",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.charsets",
          "jdk.crypto.ec",
          "jdk.net",
          "jdk.security.auth",
          "jdk.unsupported");

  private static final List<String> OPTIONS =
      List.of(
          "--add-modules",
          String.join(",", MODULES),
          "--strip-debug",
          "--no-header-files",
          "--no-man-pages",
          "--compress",
          "zip-0",
          "--exclude-files=/java.desktop/lib/**");

  private JavaRuntime() {}

  /// Links it unless the folder has it from the same JDK.
  static void link(Path folder) throws IOException {
    Path key = folder.resolveSibling(folder.getFileName() + ".key");
    String wanted = Files.readString(Path.of(System.getProperty("java.home"), "release")) + OPTIONS;
    if (Files.exists(key) && Files.readString(key).equals(wanted)) {
      return;
    }
    Folders.delete(folder);
    Files.deleteIfExists(key);
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
    List<String> arguments = new ArrayList<>(OPTIONS);
    arguments.addAll(List.of("--output", folder.toString()));
    int code = jlink.run(System.err, System.err, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IOException("jlink ended with code " + code);
    }
    for (Path file : Folders.filesBelow(folder)) {
      Folders.date(file);
    }
    Files.writeString(key, wanted);
  }
}
