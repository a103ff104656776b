package dev.slipway.history;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;

/// The search path does not lead to a schema in which the tables can go. PostgreSQL would silently
/// take the next one.
public final class SearchPathException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private SearchPathException(String message, String detail, String hint) {
    super(FailureKind.CONFIGURATION, message, detail, hint, TargetState.UNCHANGED, null);
  }

  public static SearchPathException missing(Identifier schema, Surroundings surroundings) {
    return new SearchPathException(
        "schema \"%s\" does not exist".formatted(schema),
        "Database \"%s\" has none of this name; the search path is %s."
            .formatted(surroundings.database(), surroundings.searchPath()),
        "Create it with: slipway migrate --create-schema, or in SQL: CREATE SCHEMA %s"
            .formatted(schema.quoted()));
  }

  /// PostgreSQL's own, in which nobody can make tables that stay.
  static SearchPathException ofSystem(Identifier schema, Surroundings surroundings) {
    return new SearchPathException(
        "no table can be created in schema \"%s\"".formatted(schema),
        "It is the first of the search path (%s) of database \"%s\", and PostgreSQL's own."
            .formatted(surroundings.searchPath(), surroundings.database()),
        "Let another be the first: Search Path=public in the connection string");
  }

  static SearchPathException forbidden(Identifier schema, Surroundings surroundings) {
    return new SearchPathException(
        "role \"%s\" may not use schema \"%s\"".formatted(surroundings.user(), schema),
        "It is the first of the search path (%s) of database \"%s\"."
            .formatted(surroundings.searchPath(), surroundings.database()),
        "Grant the right: GRANT USAGE, CREATE ON SCHEMA %s TO %s"
            .formatted(schema.quoted(), surroundings.user().quoted()));
  }

  static SearchPathException empty(String setting) {
    return new SearchPathException(
        "the search path names no schema",
        "It is \"%s\".".formatted(setting),
        "Name one in the connection string: Search Path=public");
  }

  static SearchPathException lost(String wanted, String actual) {
    return new SearchPathException(
        "the search path did not reach the server",
        "The connection string says \"%s\", in force is \"%s\".".formatted(wanted, actual),
        "A pooler between drops it: connect to the server itself, or set it for the role:"
            + " ALTER ROLE … SET search_path = "
            + wanted);
  }
}
