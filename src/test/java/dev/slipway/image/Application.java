package dev.slipway.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/// The product as it is shipped, in the folders that Jib gives it in the image: `classpath` has our
/// jar, `libs` the others, `class-path` names them in their order, `app.aot` is the JVM's cache of
/// them.
///
/// The cache holds the paths of the jars as the training run was given them, and the JVM looks for
/// those at start, for each class anew if they are not there (JDK 25,
/// `SystemDictionaryShared::get_shared_jar_url`). So they must be what the place has where it runs.
///
/// @param place where the cache is to be used
record Application(Path folder, Path runtime, Place place) {
  /// Where a cache is used.
  enum Place {
    /// This folder.
    HERE,
    /// The image's `/app`, from the working directory `/`.
    IMAGE
  }

  static final String CACHE = "app.aot";
  static final String CLASS_PATH = "class-path";
  static final String OPTIONS = "jvm-options";

  private static final String JAR = "classpath/slipway.jar";

  /// Copies what Maven packaged.
  ///
  /// @param jar whose manifest names the libraries
  static Application stage(Path jar, Path options, Path folder, Path runtime, Place place)
      throws IOException {
    Folders.delete(folder);
    List<String> names = new ArrayList<>(List.of(JAR));
    Folders.copy(jar, folder.resolve(JAR));
    for (String library : libraries(jar)) {
      String name = "libs/" + Path.of(library).getFileName();
      Folders.copy(jar.resolveSibling(library), folder.resolve(name));
      names.add(name);
    }
    Folders.copy(options, folder.resolve(OPTIONS));
    Files.writeString(folder.resolve(CLASS_PATH), String.join(" ", names) + "\n");
    return new Application(folder, runtime, place);
  }

  private static List<String> libraries(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return List.of(file.getManifest().getMainAttributes().getValue("Class-Path").split(" "));
    }
  }

  /// The jars of a staged application in their order, as paths within its folder.
  static List<String> classPath(Path folder) throws IOException {
    return List.of(Files.readString(folder.resolve(CLASS_PATH)).strip().split(" "));
  }

  Path cache() {
    return folder.resolve(CACHE);
  }

  /// Runs it without arguments, on what the environment says.
  ///
  /// @return what it printed
  String run(Map<String, String> variables, String... jvmOptions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
    command.addAll(List.of(jvmOptions));
    command.add("@" + folder.resolve(OPTIONS));
    command.add("-cp");
    command.add(
        classPath(folder).stream()
            .map(name -> (place == Place.HERE ? folder : folder.getFileName()).resolve(name))
            .map(Path::toString)
            .collect(Collectors.joining(":")));
    command.add("dev.slipway.Main");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.resolveSibling(".").toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("exit code %d:\n%s".formatted(code, output));
    }
    return output;
  }

  /// The checksums of the jars by their paths in an image.
  SortedMap<String, String> jarChecksums() throws IOException {
    SortedMap<String, String> checksums = new TreeMap<>();
    for (String name : classPath(folder)) {
      checksums.put("app/" + name, Checksum.of(folder.resolve(name)));
    }
    return checksums;
  }

  /// The checksums of all files that the cache stands for, and its own, by their paths in an image.
  SortedMap<String, String> checksums() throws IOException {
    SortedMap<String, String> checksums = jarChecksums();
    for (String name : List.of(OPTIONS, CACHE)) {
      checksums.put("app/" + name, Checksum.of(folder.resolve(name)));
    }
    for (Path file : Folders.filesBelow(runtime)) {
      checksums.put("opt/java/" + runtime.relativize(file), Checksum.of(file));
    }
    return checksums;
  }
}
