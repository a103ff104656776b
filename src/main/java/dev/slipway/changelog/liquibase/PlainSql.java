package dev.slipway.changelog.liquibase;

/// An included file of SQL without a header: one changeset, which Liquibase records as `raw` of
/// `includeAll` (`SqlChangeLogParser`).
final class PlainSql {
  static final String ID = "raw";
  static final String AUTHOR = "includeAll";

  private PlainSql() {}

  static Node asChangelog(String file, String text) {
    var changeset = new Node("changeSet", 1);
    changeset.add("id", ID, 1).add("author", AUTHOR, 1);
    String body = text.strip();
    int blank = (int) text.substring(0, text.indexOf(body)).chars().filter(c -> c == '\n').count();
    changeset.add(new Node("sql", 1).addValue(body, 1 + blank));
    return new Node("databaseChangeLog", 1).add(changeset);
  }
}
