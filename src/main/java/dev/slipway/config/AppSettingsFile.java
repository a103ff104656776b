package dev.slipway.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// A JSON file of settings as .NET reads it: comments and trailing commas are allowed, keys of
/// nested objects are joined with colons, elements of arrays are numbered. Nothing of a malformed
/// file is shown, as it may hold secrets.
final class AppSettingsFile {
  private final Path file;
  private final Sources sources;

  /// Those of ours that were read.
  private final Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  private AppSettingsFile(Path file, Sources sources) {
    this.file = file;
    this.sources = sources;
  }

  static void read(Path file, Sources sources) {
    if (ValueFile.isNone(file)) {
      String problem = "\"" + file + "\" is a folder, a pipe or a device";
      sources.problem(file.toString(), problem, ValueFile.READ_AGAIN);
      return;
    }
    var reader = new AppSettingsFile(file, sources);
    var factory =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    try (JsonParser parser = factory.createParser(file.toFile())) {
      reader.readFile(parser);
    } catch (StreamReadException e) {
      reader.malformed(e.getLocation());
    } catch (IOException _) {
      sources.problem(
          file.toString(), "could not read \"" + file + "\"", "Make the file readable.");
    }
  }

  private void readFile(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      malformed(parser.currentTokenLocation());
      return;
    }
    readObject(parser, "");
    if (parser.nextToken() != null) {
      malformed(parser.currentTokenLocation());
    }
  }

  /// @param prefix the key of the object, with a colon at its end
  private void readObject(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      parser.nextToken();
      readValue(parser, key);
    }
  }

  private void readArray(JsonParser parser, String prefix) throws IOException {
    for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
      readValue(parser, prefix + index);
    }
  }

  private void readValue(JsonParser parser, String key) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser, key + ":");
      case START_ARRAY -> readArray(parser, key + ":");
      case VALUE_NULL -> add(key, "", at(parser.currentTokenLocation()));
      default -> add(key, parser.getText(), at(parser.currentTokenLocation()));
    }
  }

  private void add(String key, String text, String source) {
    if (!Sources.isOurs(key)) {
      return;
    }
    if (!keys.add(key)) {
      sources.problem(
          source,
          "the file gives the value of this key twice; letter case does not count",
          "Take one of them out: .NET does not read the file either.");
    }
    sources.add(key, text, source, Given.Origin.FILE);
  }

  private void malformed(JsonLocation location) {
    sources.problem(
        at(location),
        "\"" + file.getFileName() + "\" is not well-formed JSON",
        "Mend the file there; comments and trailing commas are allowed.");
  }

  /// As `file:line:column`; in an empty file the column is 0 to Jackson.
  private String at(JsonLocation location) {
    return file + ":" + location.getLineNr() + ":" + Math.max(1, location.getColumnNr());
  }
}
