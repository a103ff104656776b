package dev.slipway.changelog.liquibase;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.ChangeFactory;
import liquibase.change.ChangeParameterMetaData;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.parser.core.ParsedNode;
import liquibase.parser.core.ParsedNodeException;
import liquibase.precondition.Precondition;
import liquibase.serializer.LiquibaseSerializable;

/// What Liquibase's core registers, as the library itself says.
final class Registered {
  private static final String ANALYTICS = "liquibase.analytics.enabled";

  static {
    System.setProperty(ANALYTICS, "false");
  }

  private Registered() {}

  /// The names of the types of changes.
  static Set<String> changes() {
    return new TreeSet<>(factory().getDefinedChanges());
  }

  /// The parameters of a type of change, by name.
  static Map<String, ChangeParameterMetaData> parameters(String type) {
    Change change = factory().create(type);
    return new TreeMap<>(factory().getChangeMetaData(change).getParameters());
  }

  private static ChangeFactory factory() {
    return Scope.getCurrentScope().getSingleton(ChangeFactory.class);
  }

  /// The preconditions with their fields.
  static Map<String, Set<String>> preconditions() {
    Map<String, Set<String>> preconditions = new TreeMap<>();
    for (Precondition precondition :
        Scope.getCurrentScope().getServiceLocator().findInstances(Precondition.class)) {
      preconditions.put(precondition.getName(), fields(precondition));
    }
    return preconditions;
  }

  static Set<String> fields(LiquibaseSerializable object) {
    return new TreeSet<>(object.getSerializableFields());
  }

  /// What a changeset may have: what it is written with, and what it looks for when it is read.
  static Set<String> attributes() {
    Set<String> attributes = fields(new ChangeSet(new DatabaseChangeLog("")));
    attributes.addAll(readBy(new ChangeSet(new DatabaseChangeLog(""))));
    return attributes;
  }

  private static Set<String> readBy(ChangeSet changeset) {
    var node = new AskedNode();
    try {
      changeset.load(node, Scope.getCurrentScope().getResourceAccessor());
    } catch (ParsedNodeException e) {
      throw new IllegalStateException(e);
    }
    return node.names;
  }

  /// An empty node that remembers what it was asked for.
  private static final class AskedNode extends ParsedNode {
    private final Set<String> names = new TreeSet<>();

    AskedNode() {
      super(null, "changeSet");
    }

    @Override
    public ParsedNode getChild(String namespace, String name) throws ParsedNodeException {
      names.add(name);
      return super.getChild(namespace, name);
    }

    @Override
    public List<ParsedNode> getChildren(String namespace, String name) {
      names.add(name);
      return super.getChildren(namespace, name);
    }
  }
}
