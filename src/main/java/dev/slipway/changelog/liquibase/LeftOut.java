package dev.slipway.changelog.liquibase;

import dev.slipway.migration.Origin;
import dev.slipway.migration.Remark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What Liquibase reads of a change and writes no SQL for, on PostgreSQL. It is left out here too,
/// as a new database would else differ from those that Liquibase has made; but not in silence.
///
/// @param change the name of the change
/// @param attribute of the constraints of one of its columns
/// @param reason as a clause
record LeftOut(String change, String attribute, String reason) {
  private static final String NO_REFERENCES = "Liquibase writes no foreign key without references";

  static final List<LeftOut> ALL =
      List.of(
          new LeftOut("createTable", "checkConstraint", "Liquibase writes no CHECK"),
          new LeftOut("createTable", "foreignKeyName", NO_REFERENCES),
          new LeftOut("createTable", "deleteCascade", NO_REFERENCES),
          new LeftOut("addColumn", "checkConstraint", "Liquibase writes no CHECK"),
          new LeftOut("addColumn", "foreignKeyName", NO_REFERENCES),
          new LeftOut("addColumn", "deleteCascade", NO_REFERENCES),
          new LeftOut(
              "addColumn",
              "notNullConstraintName",
              "Liquibase names no NOT NULL of a column that gets a value"),
          new LeftOut("addColumn", "primaryKeyName", "Liquibase writes PRIMARY KEY without a name"),
          new LeftOut(
              "addColumn",
              "primaryKeyTablespace",
              "Liquibase writes PRIMARY KEY without a tablespace"),
          new LeftOut(
              "addColumn", "deferrable", "Liquibase does not hand it on to the foreign key"),
          new LeftOut(
              "addColumn", "initiallyDeferred", "Liquibase does not hand it on to the foreign key"),
          new LeftOut(
              "addColumn",
              "referencedTableSchemaName",
              "Liquibase takes the schema from referencedTableName only"));

  /// What is left out of a changeset.
  static List<Remark> remarks(Changeset changeset) {
    List<Remark> remarks = new ArrayList<>();
    changeset
        .node()
        .all()
        .forEach(
            change ->
                ALL.stream()
                    .filter(leftOut -> change.is(leftOut.change))
                    .forEach(leftOut -> leftOut.addRemarks(change, changeset, remarks)));
    return remarks;
  }

  private void addRemarks(Node change, Changeset changeset, List<Remark> remarks) {
    for (Node column : columns(change)) {
      column
          .child("constraints")
          .flatMap(constraints -> constraints.child(attribute))
          .filter(_ -> isLeftOut(column))
          .ifPresent(
              node ->
                  remarks.add(
                      new Remark(
                          new Origin(changeset.file().shown(), node.line()),
                          Remark.Kind.WARNING,
                          "%s of %s has no effect: %s; write it as sql"
                              .formatted(attribute, change.name(), reason))));
    }
  }

  private static List<Node> columns(Node change) {
    return change.all().filter(node -> node.is("column")).toList();
  }

  private boolean isLeftOut(Node column) {
    return switch (attribute) {
      case "notNullConstraintName" -> hasValue(column);
      case "foreignKeyName", "deleteCascade" ->
          column.child("constraints").filter(LeftOut::refers).isEmpty();
      default -> true;
    };
  }

  private static boolean hasValue(Node column) {
    return column.children().stream()
        .anyMatch(child -> child.name().toLowerCase(Locale.ROOT).startsWith("value"));
  }

  private static boolean refers(Node constraints) {
    return constraints.child("references").isPresent()
        || (constraints.child("referencedTableName").isPresent()
            && constraints.child("referencedColumnNames").isPresent());
  }
}
