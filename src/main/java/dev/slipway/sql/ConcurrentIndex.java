package dev.slipway.sql;

import java.util.List;
import java.util.Optional;

/// The index that a CREATE INDEX CONCURRENTLY builds, with names as the catalog will hold them. The
/// index is made in the schema of its table.
///
/// @param name the index's name; empty if PostgreSQL is to choose one
/// @param schema the table's schema; empty if the search path decides
/// @param definition what stands behind the table's name: the columns and all else
public record ConcurrentIndex(
    Optional<Identifier> name,
    Optional<Identifier> schema,
    Identifier table,
    IfTaken ifTaken,
    Duplicates duplicates,
    String definition) {

  /// What the command does if the name is taken, even by an invalid index.
  public enum IfTaken {
    FAIL,
    /// IF NOT EXISTS: succeeds and does nothing.
    DO_NOTHING
  }

  /// Whether the index lets equal rows be.
  public enum Duplicates {
    ALLOWED,
    /// UNIQUE.
    REFUSED
  }

  static Optional<ConcurrentIndex> of(String text) {
    var phrase = new Phrase(text);
    if (!phrase.skip("CREATE")) {
      return Optional.empty();
    }
    Duplicates duplicates = phrase.skip("UNIQUE") ? Duplicates.REFUSED : Duplicates.ALLOWED;
    if (!phrase.skip("INDEX", "CONCURRENTLY")) {
      return Optional.empty();
    }
    IfTaken ifTaken = phrase.skip("IF", "NOT", "EXISTS") ? IfTaken.DO_NOTHING : IfTaken.FAIL;
    Optional<Identifier> name = phrase.at("ON") ? Optional.empty() : phrase.skipName();
    if (!phrase.skip("ON")) {
      return Optional.empty();
    }
    phrase.skip("ONLY");
    boolean bracketed = phrase.skip('(');
    List<Identifier> table = phrase.skipQualifiedName();
    if (table.isEmpty()) {
      return Optional.empty();
    }
    if (bracketed) {
      phrase.skip(')');
    }
    Optional<Identifier> schema =
        table.size() > 1 ? Optional.of(table.get(table.size() - 2)) : Optional.empty();
    return Optional.of(
        new ConcurrentIndex(
            name, schema, table.getLast(), ifTaken, duplicates, text.substring(phrase.start())));
  }

  /// The name of the index that a DROP INDEX CONCURRENTLY drops, as SQL.
  static Optional<String> dropped(Phrase phrase) {
    if (!phrase.skip("DROP", "INDEX", "CONCURRENTLY")) {
      return Optional.empty();
    }
    phrase.skip("IF", "EXISTS");
    List<Identifier> name = phrase.skipQualifiedName();
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(".", name.stream().map(Identifier::quoted).toList()));
  }

  /// The table's name as SQL, with its schema if that is given.
  public String qualifiedTable() {
    return schema.map(it -> it.quoted() + ".").orElse("") + table.quoted();
  }
}
