package dev.slipway.changelog.liquibase;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import liquibase.parser.core.ParsedNode;
import liquibase.parser.core.ParsedNodeException;

/// A node as Liquibase reads it, which remembers what it read: what no change ever looked at would
/// be ignored in silence.
final class TrackedNode extends ParsedNode {
  private final Node source;
  private final List<TrackedNode> parts = new ArrayList<>();
  private boolean read;

  private TrackedNode(Node source) {
    super(null, source.name());
    this.source = source;
  }

  /// @param properties with which its values are read
  static TrackedNode of(Node node, ChangelogProperties.View properties) {
    var tracked = new TrackedNode(node);
    try {
      for (Node child : node.children()) {
        TrackedNode part = of(child, properties);
        tracked.parts.add(part);
        tracked.addChild(part);
      }
      List<String> values =
          node.isVerbatim()
              ? node.values()
              : node.values().stream().map(properties::expand).toList();
      if (!values.isEmpty()) {
        tracked.setValue(values.size() == 1 ? values.getFirst() : values);
      }
    } catch (ParsedNodeException e) {
      throw new IllegalStateException("nodes and texts can be set", e);
    }
    return tracked;
  }

  @Override
  public Object getValue() {
    read = true;
    return super.getValue();
  }

  @Override
  public <T> T getValue(Class<T> type) throws ParsedNodeException {
    read = true;
    return super.getValue(type);
  }

  @Override
  public List<ParsedNode> getChildren(String namespace, String name) {
    read = true;
    return super.getChildren(namespace, name);
  }

  @Override
  public ParsedNode getChild(String namespace, String name) throws ParsedNodeException {
    read = true;
    return super.getChild(namespace, name);
  }

  /// What is neither true nor false, Liquibase would take for the latter.
  @Override
  protected <T> T convertObject(Object rawValue, Class<T> type) throws ParsedNodeException {
    if (type == Boolean.class
        && rawValue instanceof String text
        && !NodeCheck.isTruth(text.strip())) {
      throw new ParsedNodeException("\"%s\" is neither true nor false".formatted(text));
    }
    return super.convertObject(rawValue, type);
  }

  /// The first part below this node that was never looked at.
  Optional<Node> ignored() {
    for (TrackedNode part : parts) {
      if (!part.read) {
        return Optional.of(part.source);
      }
      Optional<Node> below = part.ignored();
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }
}
