package dev.slipway.sql;

import java.util.Optional;

/// A right without which a statement surely fails, as far as its text tells. Objects that are not
/// there need no right; what a statement does to the rows that it reads is not looked at.
public sealed interface Need {

  /// CREATE on a schema.
  ///
  /// @param schema empty: the one where the search path lets names without a schema be created
  record Creation(Optional<Identifier> schema) implements Need {
    static Need in(Identifier schema) {
      return new Creation(Optional.of(schema));
    }
  }

  /// A right on an object.
  ///
  /// @param schema empty if the search path decides
  record OnObject(Right right, Kind kind, Optional<Identifier> schema, Identifier name)
      implements Need {}

  /// CREATE on the database, for a schema.
  record NewSchema(Identifier schema, Scope scope) implements Need {}

  /// CREATE on the database, or to be a superuser.
  ///
  /// @param clauses what stands behind its name
  record NewExtension(Identifier extension, Scope scope, String clauses) implements Need {}

  /// What can be done with an object.
  enum Right {
    OWNERSHIP,
    /// Ownership, and CREATE on its schema: for an index on it, or another name.
    OWNERSHIP_AND_CREATION,
    /// Ownership of it or of its schema.
    REMOVAL,
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    TRIGGER
  }

  /// What an object is.
  enum Kind {
    RELATION,
    /// A relation that may come and go with its table: an index, a sequence.
    PART,
    TYPE,
    ROUTINE,
    SCHEMA
  }

  /// When a right is needed to make something.
  enum Scope {
    ALWAYS,
    /// Not if it is there.
    IF_MISSING
  }
}
