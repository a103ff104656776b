package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// YAML as a tree of nodes, of the shape that Liquibase gives to it: each key is a child, also
/// those of mappings in a list.
final class YamlSyntax {
  /// Aliases can make a small file mean a large tree. No changelog comes near it.
  private static final int MOST_NODES = 1_000_000;

  private static final int DEEPEST = 200;

  private final String file;
  private final List<ChangelogProblem> problems;
  private final Typed typed = new Typed();
  private int nodes;
  private int depth;

  /// What a scalar is to a program: `0x10` is 16, `yes` is true.
  private static final class Typed extends SafeConstructor {
    Typed() {
      super(new LoaderOptions());
    }

    String text(ScalarNode scalar) {
      return String.valueOf(constructObject(scalar));
    }
  }

  /// The file means too much, or nothing that ends.
  private static final class Bomb extends YAMLException {
    private static final long serialVersionUID = 1L;

    private final int line;

    Bomb(String message, Mark mark) {
      super(message);
      this.line = mark.getLine() + 1;
    }
  }

  private YamlSyntax(String file, List<ChangelogProblem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /// The document, as a node without a name; empty if there is none, with a problem that says why.
  static Optional<Node> read(String file, String text, List<ChangelogProblem> problems) {
    return new YamlSyntax(file, problems).read(text);
  }

  private Optional<Node> read(String text) {
    var options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    options.setNestingDepthLimit(DEEPEST);
    try {
      org.yaml.snakeyaml.nodes.@Nullable Node document =
          new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      var root = new Node("", 1);
      if (document != null) {
        fill(root, document);
      }
      return Optional.of(root);
    } catch (Bomb e) {
      problem(e.line, String.valueOf(e.getMessage()), "Write it without aliases.");
    } catch (MarkedYAMLException e) {
      @Nullable Mark mark = e.getProblemMark();
      problem(
          mark == null ? 1 : mark.getLine() + 1,
          "not well-formed YAML: " + e.getProblem(),
          mark == null ? "Mend it." : "Mend it at column %d.".formatted(mark.getColumn() + 1));
    } catch (YAMLException e) {
      problem(1, "not well-formed YAML: " + e.getMessage(), "Write one document of UTF-8.");
    }
    return Optional.empty();
  }

  private void fill(Node into, org.yaml.snakeyaml.nodes.Node value) {
    if (++nodes > MOST_NODES) {
      throw new Bomb("aliases that multiply", value.getStartMark());
    }
    if (++depth > DEEPEST) {
      throw new Bomb("nested too deep, or an alias inside of what it names", value.getStartMark());
    }
    switch (value) {
      case MappingNode mapping -> fillFromMapping(into, mapping);
      case SequenceNode sequence -> sequence.getValue().forEach(item -> fill(into, item));
      case ScalarNode scalar -> fillFromScalar(into, scalar);
      default -> throw new Bomb("an alias that names nothing", value.getStartMark());
    }
    depth--;
  }

  private void fillFromMapping(Node into, MappingNode mapping) {
    Set<String> seen = new HashSet<>();
    List<org.yaml.snakeyaml.nodes.Node> merged = new ArrayList<>();
    for (NodeTuple entry : mapping.getValue()) {
      int line = entry.getKeyNode().getStartMark().getLine() + 1;
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problem(line, "a key that is no text", "Write a name in front of the colon.");
      } else if (key.getTag().equals(Tag.MERGE)) {
        merged.add(entry.getValueNode());
      } else if (!seen.add(key.getValue())) {
        problem(
            line,
            "\"%s\" is written twice in one mapping".formatted(key.getValue()),
            "Take one out, or make each an item of a list, with a dash.");
      } else {
        addChild(into, key.getValue(), line, entry.getValueNode());
      }
    }
    merged.forEach(value -> merge(into, value, seen));
  }

  /// `<<: *name` adds what is not there.
  private void merge(Node into, org.yaml.snakeyaml.nodes.Node value, Set<String> seen) {
    if (value instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> merge(into, item, seen));
    } else if (value instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key && seen.add(key.getValue())) {
          addChild(into, key.getValue(), key.getStartMark().getLine() + 1, entry.getValueNode());
        }
      }
    }
  }

  private void addChild(Node into, String name, int line, org.yaml.snakeyaml.nodes.Node value) {
    var child = new Node(name, line);
    fill(child, value);
    into.add(child);
  }

  private void fillFromScalar(Node into, ScalarNode scalar) {
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return;
    }
    if (!tag.equals(Tag.STR)
        && !tag.equals(Tag.BOOL)
        && !tag.equals(Tag.INT)
        && !tag.equals(Tag.FLOAT)
        && !tag.equals(Tag.TIMESTAMP)) {
      problem(
          scalar.getStartMark().getLine() + 1,
          "the YAML tag %s in a changelog".formatted(tag),
          "Take it out.");
      return;
    }
    int line = scalar.getStartMark().getLine() + 1;
    boolean isBlock =
        scalar.getScalarStyle() == ScalarStyle.LITERAL
            || scalar.getScalarStyle() == ScalarStyle.FOLDED;
    // A date stays as it was written, a number keeps its digits.
    String text =
        tag.equals(Tag.BOOL) || tag.equals(Tag.INT) ? typed.text(scalar) : scalar.getValue();
    into.addValue(text, isBlock ? line + 1 : line);
    if (tag.equals(Tag.FLOAT)) {
      into.readAs(typed.text(scalar));
    }
  }

  private void problem(int line, String message, String hint) {
    problems.add(new ChangelogProblem(new Origin(file, line), message, hint));
  }
}
