package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/// YAML as a tree of nodes, of the shape that Liquibase gives to it: each key is a child, also
/// those of mappings in a list. Made from the parser's events: a changelog is long, and nothing
/// else is needed of it.
final class YamlSyntax {
  /// Aliases can make a small file mean a large tree. No changelog comes near it.
  private static final int MOST_NODES = 1_000_000;

  private static final int DEEPEST = 200;
  private static final String MERGE = "<<";
  private static final Pattern LOCAL_TIME =
      Pattern.compile(
          "(\\d{4})-(\\d\\d?)-(\\d\\d?)(?:[Tt]|[ \\t]+)(\\d\\d?):(\\d\\d):(\\d\\d)(?:\\.\\d*)?[ \\t]*Z?");

  private final String file;
  private final List<ChangelogProblem> problems;
  private final Iterator<Event> events;
  private final Resolver resolver = new Resolver();
  private final Typed typed = new Typed();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int nodes;
  private int depth;

  /// What an alias stands for.
  ///
  /// @param nodes how many it means
  private record Anchored(Node value, int nodes) {}

  /// What a scalar is to a program: `0x10` is 16, `yes` is true.
  private static final class Typed extends SafeConstructor {
    Typed() {
      super(new LoaderOptions());
    }

    String text(Tag tag, String value) {
      return String.valueOf(
          constructObject(new ScalarNode(tag, value, null, null, ScalarStyle.PLAIN)));
    }
  }

  /// The file means too much, or nothing that ends.
  private static final class Bomb extends YAMLException {
    private static final long serialVersionUID = 1L;

    private final int line;

    Bomb(String message, Event event) {
      super(message);
      this.line = line(event);
    }
  }

  private YamlSyntax(String file, String text, List<ChangelogProblem> problems) {
    this.file = file;
    this.problems = problems;
    var options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    this.events = new Yaml(options).parse(new StringReader(text)).iterator();
  }

  /// The document, as a node without a name; empty if there is none, with a problem that says why.
  static Optional<Node> read(String file, String text, List<ChangelogProblem> problems) {
    return new YamlSyntax(file, text, problems).read();
  }

  private Optional<Node> read() {
    try {
      return Optional.of(readDocument());
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

  private Node readDocument() {
    var root = new Node("", 1);
    boolean seen = false;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (seen) {
            problem(line(event), "a second YAML document in one file", "Write one document.");
          }
          seen = true;
        }
        case Alias, Scalar, SequenceStart, MappingStart, SequenceEnd, MappingEnd ->
            fill(root, event);
      }
    }
    return root;
  }

  /// Reads the value that begins with this event.
  private void fill(Node into, Event event) {
    if (event instanceof AliasEvent alias) {
      addAnchored(into, alias);
      return;
    }
    String anchor = event instanceof NodeEvent node ? node.getAnchor() : null;
    if (anchor == null) {
      fillPlain(into, event);
      return;
    }
    int before = nodes;
    var value = new Node("", line(event));
    fillPlain(value, event);
    anchors.put(anchor, new Anchored(value, nodes - before));
    into.addAll(value);
  }

  /// It is known only behind its end, so none can stand inside of what it names.
  private void addAnchored(Node into, AliasEvent alias) {
    Anchored anchored = anchors.get(alias.getAnchor());
    if (anchored == null) {
      throw new Bomb(
          "the alias \"%s\" names nothing in front of it".formatted(alias.getAnchor()), alias);
    }
    count(anchored.nodes(), alias);
    into.addAll(anchored.value());
  }

  private void count(int more, Event event) {
    nodes += more;
    if (nodes > MOST_NODES) {
      throw new Bomb("aliases that multiply", event);
    }
  }

  private void fillPlain(Node into, Event event) {
    count(1, event);
    if (++depth > DEEPEST) {
      throw new Bomb("nested too deep", event);
    }
    switch (event) {
      case MappingStartEvent mapping -> {
        refuseTag(mapping.getTag(), Tag.MAP, mapping);
        fillFromMapping(into);
      }
      case SequenceStartEvent sequence -> {
        refuseTag(sequence.getTag(), Tag.SEQ, sequence);
        for (Event item = events.next(); !item.is(Event.ID.SequenceEnd); item = events.next()) {
          fill(into, item);
        }
      }
      case ScalarEvent scalar -> fillFromScalar(into, scalar);
      default -> throw new IllegalStateException("no value begins with " + event);
    }
    depth--;
  }

  private void refuseTag(@Nullable String tag, Tag usual, Event event) {
    if (tag != null && !tag.equals("!") && !tag.equals(usual.getValue())) {
      problem(line(event), "the YAML tag %s in a changelog".formatted(tag), "Take it out.");
    }
  }

  private void fillFromMapping(Node into) {
    Set<String> seen = new HashSet<>();
    List<Node> merged = new ArrayList<>();
    for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
      int line = line(event);
      if (!(event instanceof ScalarEvent key)) {
        problem(line, "a key that is no text", "Write a name in front of the colon.");
        fill(new Node("", line), event);
        fill(new Node("", line), events.next());
        continue;
      }
      var child = new Node(key.getValue(), line);
      fill(child, events.next());
      if (key.isPlain() && key.getValue().equals(MERGE)) {
        merged.add(child);
      } else if (seen.add(key.getValue())) {
        into.add(child);
      } else {
        problem(
            line,
            "\"%s\" is written twice in one mapping".formatted(key.getValue()),
            "Take one out, or make each an item of a list, with a dash.");
      }
    }
    // What is merged adds what is not there.
    for (Node node : merged) {
      node.children().stream().filter(child -> seen.add(child.name())).forEach(into::add);
    }
  }

  private void fillFromScalar(Node into, ScalarEvent scalar) {
    Tag tag =
        scalar.getTag() == null || scalar.getTag().equals("!")
            ? resolver.resolve(NodeId.scalar, scalar.getValue(), scalar.isPlain())
            : new Tag(scalar.getTag());
    int line = line(scalar);
    if (tag.equals(Tag.STR)) {
      addText(into, scalar);
    } else if (tag.equals(Tag.BOOL) || tag.equals(Tag.INT)) {
      into.addValue(typed.text(tag, scalar.getValue()), line);
    } else if (tag.equals(Tag.FLOAT)) {
      // A number keeps its digits.
      into.addValue(scalar.getValue(), line).readAs(typed.text(tag, scalar.getValue()));
    } else if (tag.equals(Tag.TIMESTAMP)) {
      addTime(into.addValue(scalar.getValue(), line));
    } else if (tag.equals(Tag.MERGE)) {
      into.addValue(scalar.getValue(), line);
    } else if (!tag.equals(Tag.NULL)) {
      problem(line, "the YAML tag %s in a changelog".formatted(tag), "Take it out.");
    }
  }

  /// Only a literal block has the line breaks of its file.
  private static void addText(Node into, ScalarEvent scalar) {
    boolean isBlock = scalar.isLiteral() || scalar.isFolded();
    into.addValue(scalar.getValue(), line(scalar) + (isBlock ? 1 : 0));
    if (!scalar.isLiteral()) {
      into.onOneLine();
    }
  }

  /// Liquibase writes a time without a zone as its fields; it makes an instant of any other, and of
  /// a date, which its own time zone puts into words (`CustomConstructYamlTimestamp`).
  private static void addTime(Node node) {
    Matcher time = LOCAL_TIME.matcher(node.text());
    if (time.matches()) {
      node.readAs(
          "%s-%02d-%02d %02d:%s:%s"
              .formatted(
                  time.group(1),
                  Integer.parseInt(time.group(2)),
                  Integer.parseInt(time.group(3)),
                  Integer.parseInt(time.group(4)),
                  time.group(5),
                  time.group(6)));
    } else {
      node.readAsInstant();
    }
  }

  private static int line(Event event) {
    return event.getStartMark().getLine() + 1;
  }

  private void problem(int line, String message, String hint) {
    problems.add(new ChangelogProblem(new Origin(file, line), message, hint));
  }
}
