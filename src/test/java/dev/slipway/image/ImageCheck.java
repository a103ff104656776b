package dev.slipway.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Says whether the image that Jib wrote has exactly what the start-up cache was trained on, and
/// how large it is: an image with other code would run the cache's code all the same.
final class ImageCheck {
  private static final String CLASS_PATH = "app/jib-classpath-file";

  private final SortedMap<String, String> checksums = new TreeMap<>();
  private String classPath = "";
  private String name = "";
  private long compressedBytes;

  private ImageCheck() {}

  /// Arguments: the image's archive, the application's folder. Prints the image's name and the sum
  /// of the bytes of its layers.
  public static void main(String[] arguments) throws IOException {
    var check = new ImageCheck();
    check.readImage(Path.of(arguments[0]));
    Path folder = Path.of(arguments[1]);
    List<String> problems = Seal.read(folder.resolve("seal")).differences(check.checksums);
    if (!check.classPath.equals(wanted(folder))) {
      problems.add(CLASS_PATH + " has another order than in training");
    }
    if (!problems.isEmpty()) {
      problems.forEach(problem -> System.err.println("slipway: " + problem));
      System.err.println(
          "slipway: the image would run the code of its start-up cache;"
              + " build both anew: rm target/.stamp && scripts/image");
      System.exit(1);
    }
    System.out.println(check.name + " " + check.compressedBytes);
  }

  /// Jib names our jar, which is alone in its folder, by an asterisk.
  private static String wanted(Path folder) throws IOException {
    String jars = "/app/" + String.join(":/app/", Application.classPath(folder));
    return jars.replace("classpath/slipway.jar", "classpath/*");
  }

  private void readImage(Path archive) throws IOException {
    try (var image = open(Files.newInputStream(archive))) {
      for (TarArchiveEntry entry = image.getNextEntry();
          entry != null;
          entry = image.getNextEntry()) {
        if (entry.getName().equals("manifest.json")) {
          name = name(image.readAllBytes());
        } else if (entry.getName().endsWith(".tar.gz")) {
          compressedBytes += entry.getSize();
          readLayer(open(new GZIPInputStream(image)));
        }
      }
    }
  }

  /// By which `docker load` will know the image.
  private static String name(byte[] manifest) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(manifest)) {
      while (json.nextToken() != null) {
        if ("RepoTags".equals(json.currentName()) && json.nextToken() == JsonToken.START_ARRAY) {
          return json.nextTextValue();
        }
      }
    }
    throw new IOException("the image's manifest names no image");
  }

  static TarArchiveInputStream open(InputStream in) {
    return new TarArchiveInputStream(new BufferedInputStream(in));
  }

  /// Of a file in a layer, as it is written here.
  static String path(TarArchiveEntry entry) {
    return entry.getName().replaceFirst("^/", "");
  }

  private void readLayer(TarArchiveInputStream layer) throws IOException {
    for (TarArchiveEntry entry = layer.getNextEntry();
        entry != null;
        entry = layer.getNextEntry()) {
      String path = path(entry);
      if (path.equals(CLASS_PATH)) {
        classPath = new String(layer.readAllBytes(), UTF_8);
      } else if (entry.isFile() && isSealed(path)) {
        checksums.put(path, Checksum.of(layer));
      }
    }
  }

  private static boolean isSealed(String path) {
    return path.startsWith("opt/java/")
        || (path.startsWith("app/") && !path.equals("app/jib-main-class-file"));
  }
}
