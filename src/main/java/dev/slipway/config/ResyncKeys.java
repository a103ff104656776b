package dev.slipway.config;

import dev.slipway.config.ResyncProgress.Figure;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/// The keys of a `slipway.yaml` that are about a resync.
final class ResyncKeys {
  static final String AFTER = "after-resync";
  static final String PROGRESS = "resync-progress";

  private static final String QUERY = "query";
  private static final String TARGET = "target";
  private static final String MEMBERS =
      "query: SELECT count(*) FROM orders, target: 9000000 (or a SELECT that gives a number)";

  private final Path file;
  private final Sources sources;

  ResyncKeys(Path file, Sources sources) {
    this.file = file;
    this.sources = sources;
  }

  void readAfter(Node value, String source) {
    @Nullable String text = text(quoted(AFTER), value, source);
    if (text != null) {
      sources.resync(sources.resync().withAfter(text.replaceAll("[\\p{Cntrl}&&[^\n]]", " ")));
    }
  }

  void readProgress(Node value, String source) {
    if (!(value instanceof MappingNode mapping)) {
      sources.problem(
          source, quoted(PROGRESS) + " is no mapping", "Write two lines beneath it: " + MEMBERS);
      return;
    }
    List<String> read = new ArrayList<>();
    @Nullable Figure query = null;
    @Nullable Figure target = null;
    for (NodeTuple pair : mapping.getValue()) {
      String place = at(pair.getKeyNode());
      String key = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (read.contains(key)) {
        sources.problem(place, of(key) + " is given twice", "Take one of them out.");
      }
      read.add(key);
      if (key.equals(QUERY)) {
        query = figure(QUERY, pair.getValueNode(), place);
      } else if (key.equals(TARGET)) {
        target = figure(TARGET, pair.getValueNode(), place);
      } else {
        unknown(key, place);
      }
    }
    refuseMissing(read, source);
    if (query != null && target != null) {
      sources.resync(sources.resync().withProgress(new ResyncProgress(query, target)));
    }
  }

  private void unknown(String key, String source) {
    Optional<String> nearest = Nearest.to(key, List.of(QUERY, TARGET));
    sources.problem(
        source,
        "unknown key " + of(key),
        nearest.isPresent()
            ? "Did you mean \"" + nearest.get() + "\"?"
            : "Take it out; it holds query and target.");
  }

  private void refuseMissing(List<String> read, String source) {
    for (String key : List.of(QUERY, TARGET)) {
      if (!read.contains(key)) {
        sources.problem(
            source,
            quoted(PROGRESS) + " has no " + quoted(key),
            "Write two lines beneath it: " + MEMBERS);
      }
    }
  }

  private @Nullable Figure figure(String key, Node value, String source) {
    @Nullable String text = text(of(key), value, source);
    if (text == null || !(value instanceof ScalarNode scalar)) {
      return null;
    }
    if (scalar.getTag().equals(Tag.STR)) {
      return new Figure(text, at(value));
    }
    String number = text.replace("_", "");
    if (key.equals(TARGET) && isPositive(number)) {
      return new Figure(number, at(value));
    }
    sources.problem(
        source,
        of(key) + " cannot be " + Shown.value(text),
        key.equals(TARGET)
            ? "Write a number above 0, or a SELECT that gives one."
            : "Write a SELECT that gives one number.");
    return null;
  }

  private static boolean isPositive(String text) {
    try {
      return new BigDecimal(text).signum() > 0;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private @Nullable String text(String what, Node value, String source) {
    if (!(value instanceof ScalarNode scalar)) {
      sources.problem(source, what + " cannot be a list or a mapping", "Write one text behind it.");
      return null;
    }
    String text = scalar.getValue().strip();
    if (text.isEmpty() || scalar.getTag().equals(Tag.NULL)) {
      sources.problem(source, what + " is empty", "Write a text behind it, or take it out.");
      return null;
    }
    return text;
  }

  private static String of(String key) {
    return quoted(key) + " of " + quoted(PROGRESS);
  }

  private static String quoted(String key) {
    return "\"" + key + "\"";
  }

  private String at(Node node) {
    return file + ":" + (node.getStartMark().getLine() + 1);
  }
}
