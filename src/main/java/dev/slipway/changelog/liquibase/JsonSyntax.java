package dev.slipway.changelog.liquibase;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON as a tree of nodes, of the same shape as YAML's.
final class JsonSyntax {
  private static final int DEEPEST = 200;

  private JsonSyntax() {}

  /// The document, as a node without a name; empty if there is none, with a problem that says why.
  static Optional<Node> read(String file, String text, List<ChangelogProblem> problems) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    try (JsonParser parser = factory.createParser(text)) {
      parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      var root = new Node("", 1);
      if (parser.nextToken() != null) {
        fill(root, parser);
        parser.nextToken();
      }
      return Optional.of(root);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      problems.add(
          new ChangelogProblem(
              new Origin(file, line),
              "not well-formed JSON: " + reason(e.getOriginalMessage()),
              e.getLocation() == null
                  ? "Mend it."
                  : "Mend it at column %d.".formatted(e.getLocation().getColumnNr())));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can be read", e);
    }
  }

  /// What the parser says, without the switches that a program could have set.
  private static String reason(String message) {
    return message.contains("ALLOW_COMMENTS")
        ? "a comment, which JSON does not have"
        : message.replaceFirst(" \\(for .*|, from `.*?`|: enable `.*", "");
  }

  /// Reads the value on whose first token the parser stands.
  private static void fill(Node into, JsonParser parser) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          var child = new Node(parser.currentName(), parser.currentTokenLocation().getLineNr());
          parser.nextToken();
          fill(child, parser);
          into.add(child);
        }
      }
      case START_ARRAY -> {
        for (@Nullable JsonToken token = parser.nextToken();
            token != JsonToken.END_ARRAY;
            token = parser.nextToken()) {
          fill(into, parser);
        }
      }
      case VALUE_NUMBER_FLOAT ->
          into.addValue(parser.getText(), line).readAs(Double.toString(parser.getDoubleValue()));
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_TRUE, VALUE_FALSE ->
          into.addValue(parser.getText(), line).onOneLine();
      case VALUE_NULL -> {}
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no value begins with " + parser.currentToken());
    }
  }
}
