package dev.slipway.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the image's SBOM, in CycloneDX's JSON: the libraries, which its Maven plugin found, and
/// what lies beneath them, the Java runtime and Debian's packages.
final class BillOfMaterials {
  private final JsonGenerator json;

  private BillOfMaterials(JsonGenerator json) {
    this.json = json;
  }

  /// Arguments: the bill of the libraries, the pinned packages, the architecture, the file to
  /// write.
  public static void main(String[] arguments) throws IOException {
    var factory = new JsonFactory();
    try (JsonParser libraries = factory.createParser(Path.of(arguments[0]).toFile());
        JsonGenerator json =
            factory.createGenerator(Files.newBufferedWriter(Path.of(arguments[3])))) {
      json.useDefaultPrettyPrinter();
      new BillOfMaterials(json)
          .write(libraries, DebianPackage.pins(Path.of(arguments[1]), arguments[2]));
    }
  }

  /// Copies the bill, with more at the end of its components.
  private void write(JsonParser libraries, List<DebianPackage.Pin> pins) throws IOException {
    int depth = 0;
    boolean completed = false;
    for (JsonToken token = libraries.nextToken(); token != null; token = libraries.nextToken()) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token == JsonToken.END_ARRAY
          && depth == 1
          && "components".equals(libraries.currentName())) {
        writeRuntime();
        for (DebianPackage.Pin pin : pins) {
          writePackage(pin);
        }
        completed = true;
      }
      json.copyCurrentEvent(libraries);
    }
    if (!completed) {
      throw new IOException("the bill of the libraries has no components");
    }
  }

  /// The runtime is a part of the JDK that runs this.
  private void writeRuntime() throws IOException {
    String version = Runtime.version().toString();
    start("openjdk", version, "pkg:generic/openjdk@" + escaped(version));
    json.writeStringField("publisher", System.getProperty("java.vendor"));
    json.writeEndObject();
  }

  private void writePackage(DebianPackage.Pin pin) throws IOException {
    start(
        pin.name(),
        pin.version(),
        "pkg:deb/debian/%s@%s?arch=%s&distro=debian-12"
            .formatted(pin.name(), escaped(pin.version()), pin.architecture()));
    json.writeArrayFieldStart("hashes");
    json.writeStartObject();
    json.writeStringField("alg", "SHA-256");
    json.writeStringField("content", pin.checksum());
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private void start(String name, String version, String packageUrl) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "library");
    json.writeStringField("bom-ref", packageUrl);
    json.writeStringField("name", name);
    json.writeStringField("version", version);
    json.writeStringField("purl", packageUrl);
  }

  /// As a package URL has it.
  private static String escaped(String version) {
    return version.replace("+", "%2B").replace("~", "%7E");
  }
}
