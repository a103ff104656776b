package dev.slipway.resync;

import dev.slipway.sql.Identifier;
import java.util.Locale;
import java.util.Optional;

/// An object that lies in a schema, as it can be dropped.
///
/// @param catalog the number of the system catalog that has it
/// @param number its own in that catalog; what is made later has, as a rule, a higher one
/// @param type as PostgreSQL calls it in `pg_identify_object()`
/// @param identity what DROP calls it, with its schema
/// @param owner the role
/// @param droppable whether we may drop it
/// @param lockable whether we may lock it by LOCK TABLE
record SchemaObject(
    String catalog,
    long number,
    String type,
    String identity,
    Use use,
    String owner,
    boolean droppable,
    boolean lockable) {

  /// What it is there for.
  enum Use {
    CONTENT,
    /// History or journal, which go last: as long as they are there, nobody takes the schema for
    /// empty.
    RECORD
  }

  /// As `pg_depend` has it.
  String address() {
    return catalog + ":" + number;
  }

  /// What was dropped with another is passed over.
  String drop() {
    return "DROP " + keyword() + " IF EXISTS " + identity + " CASCADE";
  }

  private String keyword() {
    return switch (type) {
      case "statistics object" -> "STATISTICS";
      default -> type.toUpperCase(Locale.ROOT);
    };
  }

  /// What lets a role drop it; empty if only a superuser can.
  Optional<String> handOver(Identifier to) {
    return switch (type) {
      case "text search parser", "text search template" -> Optional.empty();
      default ->
          Optional.of("ALTER " + keyword() + " " + identity + " OWNER TO " + to.quoted() + ";");
    };
  }

  /// It and its kind, for people.
  String text() {
    return type + " " + identity;
  }
}
