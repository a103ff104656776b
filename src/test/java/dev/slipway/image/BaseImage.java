package dev.slipway.image;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/// Writes the image that Jib adds the product to, as `docker load` reads it: a layer with what the
/// JVM needs of Debian, and a layer with the Java runtime. Equal input gives equal bytes.
final class BaseImage {
  private static final String BUNDLE = "etc/ssl/certs/ca-certificates.crt";
  private static final int SHARED_FOLDER_MODE = 01777;

  private final Path docker;

  private BaseImage(Path docker) {
    this.docker = docker;
  }

  /// Arguments: the architecture, the folders of Debian's packages and of the runtime, the archive.
  public static void main(String[] arguments) throws IOException {
    String architecture = arguments[0];
    var base = new BaseImage(Path.of("docker"));
    List<Layer> layers =
        List.of(
            base.debian(Path.of(arguments[1]), architecture),
            new Layer().tree("opt/java/", Path.of(arguments[2])));
    write(layers, architecture, Path.of(arguments[3]));
  }

  private Layer debian(Path packages, String architecture) throws IOException {
    var layer =
        new Layer().folder("tmp", SHARED_FOLDER_MODE).folder("changelog").tree("", docker("root"));
    SortedMap<String, byte[]> authorities = new TreeMap<>();
    Predicate<String> wanted = wanted();
    for (DebianPackage.Pin pin : DebianPackage.pins(packages.resolve("packages"), architecture)) {
      DebianPackage debian = pin.in(packages);
      debian.visitFiles(
          (path, header, content) -> {
            if (path.matches("usr/share/ca-certificates/mozilla/.+\\.crt")) {
              authorities.put(path, content);
            } else if (wanted.test(path)) {
              add(layer, path, header, content);
            }
          });
      debian.visitControl(
          (path, _, content) -> {
            if (path.equals("control")) {
              layer.file("var/lib/dpkg/status.d/" + debian.name(), content);
            }
          });
    }
    return layer.file(BUNDLE, joined(authorities.values()));
  }

  private Path docker(String name) {
    return docker.resolve(name);
  }

  private Predicate<String> wanted() throws IOException {
    return Pattern.compile(lines("files").collect(Collectors.joining("|", "(?:", ")")))
        .asMatchPredicate();
  }

  private Stream<String> lines(String name) throws IOException {
    return Files.readAllLines(docker(name)).stream().filter(line -> !line.startsWith("#"));
  }

  private static void add(Layer layer, String path, TarArchiveEntry header, byte[] content)
      throws IOException {
    if (header.isSymbolicLink()) {
      layer.link(path, header.getLinkName());
    } else if (header.isLink()) {
      throw new IOException("%s is a hard link, which no layer holds".formatted(path));
    } else if (header.isFile()) {
      layer.file(path, content, header.getMode() & 0777);
    }
  }

  private static byte[] joined(Iterable<byte[]> parts) throws IOException {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  private static void write(List<Layer> layers, String architecture, Path file) throws IOException {
    Path work = Files.createDirectories(file.resolveSibling("layers"));
    List<String> checksums = new ArrayList<>();
    var archive = new Layer();
    for (Layer layer : layers) {
      Path content = work.resolve(layers.indexOf(layer) + ".tar");
      try (var out = new BufferedOutputStream(Files.newOutputStream(content))) {
        layer.writeTo(out);
      }
      String checksum = Checksum.of(content);
      archive.file(checksum + ".tar", content);
      checksums.add(checksum);
    }
    byte[] configuration = configuration(architecture, checksums);
    String name = Checksum.of(configuration) + ".json";
    archive.file(name, configuration).file("manifest.json", manifest(name, checksums));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      archive.writeTo(out);
    }
  }

  private static byte[] configuration(String architecture, List<String> checksums) {
    return """
        {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{},\
        "rootfs":{"type":"layers","diff_ids":[%s]}}"""
        .formatted(architecture, quoted(checksums, "sha256:", ""))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] manifest(String configuration, List<String> checksums) {
    return "[{\"Config\":\"%s\",\"RepoTags\":[\"slipway-base:latest\"],\"Layers\":[%s]}]"
        .formatted(configuration, quoted(checksums, "", ".tar"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(List<String> words, String before, String after) {
    return words.stream()
        .map(word -> "\"" + before + word + after + "\"")
        .collect(Collectors.joining(","));
  }
}
