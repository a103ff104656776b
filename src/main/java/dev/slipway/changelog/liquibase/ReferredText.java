package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The text of a file that a change refers to, with properties.
final class ReferredText {
  private ReferredText() {}

  /// Reads the file that the `path` of a change names.
  ///
  /// @param problems receives why it cannot be read
  static Optional<WrittenText> read(
      Node change, Changeset changeset, FileFinder finder, List<ChangelogProblem> problems) {
    var origin = new Origin(changeset.file().shown(), change.line());
    String name = changeset.properties().expand(References.of(change).map(Node::text).orElse(""));
    if (name.isBlank()) {
      problems.add(
          new ChangelogProblem(
              origin, "\"%s\" without a path".formatted(change.name()), "Name the file."));
      return Optional.empty();
    }
    return finder
        .find(name, References.relativeTo(change, changeset.file()))
        .filter(Files::isRegularFile)
        .flatMap(path -> read(path, change, changeset, problems));
  }

  private static Optional<WrittenText> read(
      Path path, Node change, Changeset changeset, List<ChangelogProblem> problems) {
    String encoding = changeset.properties().expand(change.attribute("encoding"));
    try {
      Charset charset = encoding.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(encoding);
      String text =
          charset.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path))).toString();
      String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
      return Optional.of(WrittenText.ofFile(path, plain, changeset));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      problems.add(
          new ChangelogProblem(
              new Origin(changeset.file().shown(), change.line()),
              "unknown encoding \"%s\"".formatted(encoding),
              "Write UTF-8, or the file's real one."));
    } catch (CharacterCodingException e) {
      problems.add(
          new ChangelogProblem(
              new Origin(path.toString(), 1),
              "not %s".formatted(encoding.isEmpty() ? "UTF-8" : encoding),
              "Name the file's encoding beside its path."));
    } catch (IOException e) {
      problems.add(ChangelogProblem.unreadable(path, e));
    }
    return Optional.empty();
  }
}
