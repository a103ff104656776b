package dev.slipway.migrate;

import dev.slipway.migrate.MissingRights.Privilege;
import dev.slipway.migration.History;
import dev.slipway.migration.Needs;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import dev.slipway.sql.Need;
import dev.slipway.sql.SqlFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// Asks the server which of the rights that statements need are missing: one message, however many
/// statements there are.
final class RightsOfStatements {
  private static final String NULL = "NULL::pg_catalog.text";

  private final Target target;
  private final MissingRights missing;
  private final List<Need> needs = new ArrayList<>();
  private final List<Needs.Place> places = new ArrayList<>();

  private RightsOfStatements(Target target, MissingRights missing) {
    this.target = target;
    this.missing = missing;
  }

  /// Adds what is missing.
  static void check(Target target, Needs needs, MissingRights missing) throws SQLException {
    new RightsOfStatements(target, missing).check(needs);
  }

  private void check(Needs all) throws SQLException {
    for (Map.Entry<Need, Needs.Place> entry : all.places().entrySet()) {
      if (isToBeAsked(entry.getKey(), entry.getValue())) {
        needs.add(entry.getKey());
        places.add(entry.getValue());
      }
    }
    var objects = new StringJoiner(",\n");
    var creations = new StringJoiner(",\n");
    for (int i = 0; i < needs.size(); i++) {
      switch (needs.get(i)) {
        case Need.Creation(var schema) ->
            objects.add(row(i, "creation", "schema", NULL, literal(schema)));
        case Need.OnObject(var right, var kind, var schema, var name) ->
            objects.add(row(i, word(right), word(kind), literal(schema), literal(name)));
        case Need.NewSchema(var name, var scope) ->
            creations.add(row(i, "schema", word(scope), literal(name)));
        case Need.NewExtension(var name, var scope, _) ->
            creations.add(row(i, "extension", word(scope), literal(name)));
      }
    }
    Session session = target.session();
    if (objects.length() > 0) {
      for (Row row : session.queries(question("rights.sql", objects)).getFirst()) {
        add(row);
      }
    }
    if (creations.length() > 0) {
      for (Row row : session.queries(question("creations.sql", creations)).getFirst()) {
        addCreation(row);
      }
    }
  }

  /// Where unqualified names lead is not to be seen while the schema is missing that they lead to;
  /// what a begun migration has done already is not looked up.
  private boolean isToBeAsked(Need need, Needs.Place place) {
    boolean isBegun =
        target
            .history()
            .journal(place.migration().value())
            .filter(RightsOfStatements::isUnfinished)
            .isPresent();
    return !isBegun && (target.found().missing().isEmpty() || !isUnqualified(need));
  }

  private static boolean isUnfinished(History.JournalEntry entry) {
    return entry.finishedAt() == null;
  }

  private static boolean isUnqualified(Need need) {
    return switch (need) {
      case Need.Creation(var schema) -> schema.isEmpty();
      case Need.OnObject(_, var kind, var schema, _) ->
          schema.isEmpty() && kind != Need.Kind.SCHEMA;
      case Need.NewSchema _, Need.NewExtension _ -> false;
    };
  }

  private void add(Row row) {
    int number = (int) row.number(0);
    Needs.Place place = places.get(number);
    String schema = quoted(row.text(1));
    if (needs.get(number) instanceof Need.OnObject object) {
      if (object.kind() != Need.Kind.SCHEMA && !row.isTrue(2)) {
        missing.grant(
            "%s uses schema %s.".formatted(place, schema), "SCHEMA " + schema, Privilege.USAGE);
      }
      if (object.right() == Need.Right.OWNERSHIP_AND_CREATION && !row.isTrue(3)) {
        addCreation(schema, place);
      }
      if (!row.isTrue(4)) {
        addRight(row, object, place);
      }
    } else {
      addCreation(schema, place);
    }
  }

  private void addCreation(String schema, Needs.Place place) {
    missing.grant(
        "%s creates in schema %s.".formatted(place, schema),
        "SCHEMA " + schema,
        Privilege.USAGE,
        Privilege.CREATE);
  }

  private void addRight(Row row, Need.OnObject object, Needs.Place place) {
    String qualified = quoted(row.text(1)) + "." + quoted(row.text(6));
    switch (object.right()) {
      case OWNERSHIP, OWNERSHIP_AND_CREATION, REMOVAL -> addOwnership(row, place);
      // They seldom go without a look at the rows.
      case UPDATE -> addPrivilege(place, qualified, Privilege.SELECT, Privilege.UPDATE);
      case DELETE -> addPrivilege(place, qualified, Privilege.SELECT, Privilege.DELETE);
      case INSERT -> addPrivilege(place, qualified, Privilege.INSERT);
      case TRUNCATE -> addPrivilege(place, qualified, Privilege.TRUNCATE);
      case TRIGGER -> addPrivilege(place, qualified, Privilege.TRIGGER);
    }
  }

  private void addPrivilege(Needs.Place place, String table, Privilege... privileges) {
    missing.grant(
        "%s takes %s on %s.".formatted(place, privileges[privileges.length - 1], table),
        table,
        privileges);
  }

  /// Membership leaves the owner what it has, so it is what is asked for where it can be given:
  /// not in a superuser, in a role of PostgreSQL's own, in a member of this role.
  private void addOwnership(Row row, Needs.Place place) {
    String noun = row.text(5);
    String owner = quoted(row.text(9));
    String reason =
        "%s is for the owner of %s, role %s."
            .formatted(
                place,
                noun.equals("SCHEMA")
                    ? "schema " + quoted(row.text(6))
                    : quoted(row.text(1)) + "." + quoted(row.text(6)),
                owner);
    missing.ofSuperuser(
        reason,
        switch (row.text(10)) {
          case "join" -> "GRANT %s TO %s".formatted(owner, missing.role());
          case "inherit" -> "GRANT %s TO %s WITH INHERIT TRUE".formatted(owner, missing.role());
          default ->
              "ALTER %s%s OWNER TO %s"
                  .formatted(
                      named(noun, row.text(1), row.text(7)),
                      noun.equals("ROUTINE") ? "(" + row.text(8) + ")" : "",
                      missing.role());
        });
  }

  private static String named(String noun, String schema, String name) {
    return noun + " " + (noun.equals("SCHEMA") ? "" : quoted(schema) + ".") + quoted(name);
  }

  private void addCreation(Row row) {
    int number = (int) row.number(0);
    Needs.Place place = places.get(number);
    if (row.isTrue(1)) {
      addExtension((Need.NewExtension) needs.get(number), row, place);
    } else {
      missing.grant(
          "%s takes CREATE on the database.".formatted(place),
          "DATABASE " + quoted(target.surroundings().database()),
          Privilege.CREATE);
    }
  }

  /// Where the superuser's search path leads, no migration may find it.
  private void addExtension(Need.NewExtension needed, Row row, Needs.Place place) {
    String extension = needed.extension().quoted();
    String reason = "%s is for a superuser: %s is not trusted.".formatted(place, extension);
    switch (needed.scope()) {
      case ALWAYS ->
          missing.advice(
              reason,
              "Let a superuser create extension %s, and write CREATE EXTENSION IF NOT EXISTS."
                  .formatted(extension));
      case IF_MISSING -> {
        boolean isPlaced =
            !row.isNull(2)
                || row.isNull(3)
                || needed.clauses().toLowerCase(Locale.ROOT).contains("schema");
        missing.ofSuperuser(
            reason,
            "CREATE EXTENSION IF NOT EXISTS "
                + (extension + " " + needed.clauses()).strip()
                + (isPlaced ? "" : " SCHEMA " + quoted(row.text(3))));
      }
    }
  }

  private static String question(String resource, StringJoiner rows) {
    return SqlFile.read(RightsOfStatements.class, resource).replace("{needs}", rows.toString());
  }

  private static String row(int number, String right, String kind, String schema, String name) {
    return "(" + number + ", '" + right + "', '" + kind + "', " + schema + ", " + name + ")";
  }

  private static String row(int number, String kind, String scope, String name) {
    return "(" + number + ", '" + kind + "', '" + scope + "', " + name + ")";
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String literal(Identifier name) {
    return new Literal(name.value()).quoted();
  }

  private static String literal(Optional<Identifier> name) {
    return name.map(RightsOfStatements::literal).orElse(NULL);
  }

  private static String quoted(String name) {
    return new Identifier(name).quoted();
  }
}
