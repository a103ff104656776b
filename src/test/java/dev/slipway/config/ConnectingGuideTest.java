package dev.slipway.config;

import static dev.slipway.testing.MarkdownTables.code;

import dev.slipway.config.Fate.Ignored;
import dev.slipway.config.Fate.Mapped;
import dev.slipway.config.Fate.Refused;
import dev.slipway.config.Fate.Warned;
import dev.slipway.testing.MarkdownTables;
import dev.slipway.testing.NpgsqlStrings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/connecting.md says what becomes of each key.
final class ConnectingGuideTest {
  @Test
  void the_tables_of_the_guide_are_those_of_the_program() {
    MarkdownTables.check(
        Path.of("docs/connecting.md"),
        Map.of(
            "keys", keys(),
            "variables", variables(),
            "uris", uris(),
            "differences", differences()));
  }

  private static String keys() {
    return MarkdownTables.table(
        List.of("key", "also", "value", "what becomes of it"),
        Arrays.stream(ConnectionKey.values())
            .map(
                key ->
                    List.of(
                        code(key.text()),
                        codes(key.synonyms()),
                        form(key.form()),
                        fate(key.fate())))
            .toList());
  }

  private static String form(ValueForm form) {
    if (form instanceof ValueForm.Choice choice) {
      return codes(choice.names());
    }
    String expectation = form.expectation();
    return expectation.substring("Write ".length(), expectation.length() - 1);
  }

  private static String fate(Fate fate) {
    return switch (fate) {
      case Mapped(var reason) -> reason;
      case Ignored(var reason) -> "accepted: " + reason;
      case Warned(var reason) -> "accepted with a warning: " + reason;
      case Refused(var reason, var harmless) ->
          "refused" + (harmless.isEmpty() ? "" : ", but for " + codes(harmless)) + ": " + reason;
    };
  }

  private static String variables() {
    return MarkdownTables.table(
        List.of("variable", "key"),
        Arrays.stream(ServerVariable.values())
            .map(
                variable ->
                    List.of(
                        code(variable.name()),
                        code(variable.key().text())
                            + (variable == ServerVariable.PGTARGETSESSIONATTRS
                                ? ", for several hosts"
                                : "")))
            .toList());
  }

  private static String uris() {
    return MarkdownTables.table(
        List.of("key", "`postgresql://`", "`jdbc:postgresql:`"),
        Arrays.stream(ConnectionKey.values())
            .filter(
                key ->
                    !parameters(UriForm.LIBPQ, key).isEmpty()
                        || !parameters(UriForm.JDBC, key).isEmpty())
            .map(
                key ->
                    List.of(
                        code(key.text()),
                        parameters(UriForm.LIBPQ, key),
                        parameters(UriForm.JDBC, key)))
            .toList());
  }

  private static String parameters(UriForm form, ConnectionKey key) {
    return codes(form.names(key));
  }

  private static String differences() {
    return MarkdownTables.table(
        List.of("connection strings", "why"),
        NpgsqlStrings.DIFFERENCES.stream()
            .map(
                difference ->
                    List.of(
                        codes(
                            difference.texts().stream()
                                .map(text -> text.replace("\t", "⇥"))
                                .toList()),
                        difference.reason()))
            .toList());
  }

  private static String codes(List<String> texts) {
    return texts.stream().map(MarkdownTables::code).collect(Collectors.joining(", "));
  }
}
