package dev.slipway.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// The `slipway.yaml` of a changelog: a mapping of the settings that its author may give.
final class ChangelogSettingsFile {
  /// What only an author can know, and is therefore no setting.
  private static final String NEEDS_CLEAN_DATABASE = "needs-clean-database";

  private final Path file;
  private final Sources sources;
  private final ResyncKeys resync;

  private ChangelogSettingsFile(Path file, Sources sources) {
    this.file = file;
    this.sources = sources;
    this.resync = new ResyncKeys(file, sources);
  }

  static void read(Path file, Sources sources) {
    var reader = new ChangelogSettingsFile(file, sources);
    try (Reader text = Files.newBufferedReader(file)) {
      reader.readDocument(new Yaml(new SafeConstructor(new LoaderOptions())).compose(text));
    } catch (MarkedYAMLException e) {
      reader.malformed(e.getProblemMark());
    } catch (YAMLException | IOException _) {
      sources.problem(
          file.toString(), "could not read \"" + file + "\"", "Make it a readable file of UTF-8.");
    }
  }

  private void readDocument(@Nullable Node document) {
    if (document == null) {
      return; // Nothing but comments.
    }
    if (!(document instanceof MappingNode mapping)) {
      malformed(document.getStartMark());
      return;
    }
    List<String> read = new ArrayList<>();
    for (NodeTuple pair : mapping.getValue()) {
      String source = at(pair.getKeyNode().getStartMark());
      String key = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (read.contains(key)) {
        sources.problem(source, "\"" + key + "\" is given twice", "Take one of them out.");
      }
      read.add(key);
      readPair(key, pair.getValueNode(), source);
    }
  }

  private void readPair(String key, Node value, String source) {
    if (key.equals(NEEDS_CLEAN_DATABASE)) {
      readCleanMarks(value);
    } else if (key.equals(ResyncKeys.AFTER)) {
      resync.readAfter(value, source);
    } else if (key.equals(ResyncKeys.PROGRESS)) {
      resync.readProgress(value, source);
    } else {
      readSetting(key, value, source);
    }
  }

  private void readSetting(String key, Node value, String source) {
    List<String> known = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      if (!setting.isForChangelogs()) {
        continue;
      }
      if (setting.changelogKey().equals(key)) {
        readValue(setting, value, source);
        return;
      }
      known.add(setting.changelogKey());
    }
    known.add(NEEDS_CLEAN_DATABASE);
    known.add(ResyncKeys.AFTER);
    known.add(ResyncKeys.PROGRESS);
    Optional<String> nearest = Nearest.to(key, known);
    sources.problem(
        source,
        "unknown setting \"" + key + "\"",
        nearest.isPresent()
            ? "Did you mean \"" + nearest.get() + "\"?"
            : "Take it out; a changelog can set " + String.join(", ", known) + ".");
  }

  private void readValue(Setting setting, Node value, String source) {
    if (value instanceof ScalarNode scalar) {
      boolean isNull = scalar.getTag().equals(Tag.NULL);
      sources.add(setting, isNull ? "" : scalar.getValue(), source, Given.Origin.FILE);
    } else {
      sources.problem(
          source,
          "\"" + setting.changelogKey() + "\" cannot be a list or a mapping",
          "Write one value behind it.");
    }
  }

  private void readCleanMarks(Node value) {
    if (value instanceof SequenceNode list) {
      for (Node item : list.getValue()) {
        readCleanMark(item);
      }
    } else {
      readCleanMark(value);
    }
  }

  private void readCleanMark(Node value) {
    if (!(value instanceof ScalarNode scalar)) {
      sources.problem(
          at(value.getStartMark()),
          "\"" + NEEDS_CLEAN_DATABASE + "\" cannot hold this",
          "Write true, the id of a migration, or a list of ids.");
      return;
    }
    String text = scalar.getValue().strip();
    boolean isFlag = scalar.getTag().equals(Tag.BOOL);
    boolean isTrue = isFlag && text.equalsIgnoreCase("true");
    if (isTrue || (!isFlag && !scalar.getTag().equals(Tag.NULL))) {
      int line = value.getStartMark().getLine() + 1;
      sources.cleanMarks().add(new CleanMarkGiven(isTrue ? "true" : text, file.toString(), line));
    }
  }

  private void malformed(@Nullable Mark mark) {
    sources.problem(
        mark == null ? file.toString() : at(mark) + ":" + (mark.getColumn() + 1),
        "\"" + file.getFileName() + "\" is not a well-formed YAML mapping",
        "Write a setting and its value on each line, such as lock-timeout: 5s.");
  }

  private String at(Mark mark) {
    return file + ":" + (mark.getLine() + 1);
  }
}
