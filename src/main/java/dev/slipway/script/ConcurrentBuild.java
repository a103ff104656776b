package dev.slipway.script;

import dev.slipway.history.IndexSql;
import dev.slipway.history.JournalSql;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;

/// What surrounds the statement that builds an index concurrently, in psql's language: a build that
/// fails leaves an invalid index, over which `IF NOT EXISTS` passes as if all were well.
///
/// @param journal by names that psql fills in
/// @param setRole makes a transaction's role that of the journal
/// @param id the migration's
/// @param number of the statement in it, from 1
record ConcurrentBuild(
    IndexSql index, JournalSql journal, String setRole, MigrationId id, int number) {

  private static final String IS_NEW = "name <> ALL (:'slipway_before'::pg_catalog.text[])";

  /// Where an earlier build was cut off, what that left invalid is dropped, or if it came to its
  /// end, counts as done.
  String settle() {
    return """
        \\set slipway_run true
        SELECT :slipway_doubt = %d AS settle \\gset slipway_
        \\if :slipway_settle
        %s%s%s\\endif
        """
        .formatted(number, before(), definition(), cutOff());
  }

  /// Which indexes the table had when the build was begun. Where that cannot be read, psql does not
  /// know the variable either, and drops nothing.
  String before() {
    return """
        \\unset slipway_before
        BEGIN;
        %s;
        SELECT COALESCE((%s), '{}') AS before \\gset slipway_
        ROLLBACK;
        """
        .formatted(setRole, journal.indexesBefore(id));
  }

  /// How the server understands the statement; empty if it does not tell.
  private String definition() {
    return """
        \\set slipway_definition ''
        BEGIN;
        %s;
        SELECT definition FROM :slipway_indexes WHERE plain_name = '%s' \\gset slipway_
        ROLLBACK;
        """
        .formatted(String.join(";\n", index.makeCopy()), IndexSql.COPIED_INDEX);
  }

  private String cutOff() {
    return """
        SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
        WHERE NOT is_valid AND NOT is_being_built
          AND %1$s \\gexec
        SELECT NOT EXISTS (SELECT FROM :slipway_indexes
          WHERE is_valid
            AND %1$s) AS run \\gset slipway_
        """
        .formatted(isOurs());
  }

  /// Whether an index was built by this statement, as far as can be told.
  private String isOurs() {
    String name = isOfItsName();
    return """
        %s%s
          AND %s
          AND :'slipway_definition' IN (definition%s)"""
        .formatted(index.isOnTable(), name, IS_NEW, name.isEmpty() ? "" : ", ''");
  }

  /// Where PostgreSQL chooses the name, any is.
  private String isOfItsName() {
    return index.index().name().map(it -> " AND plain_name = " + literal(it.value())).orElse("");
  }

  /// Drops what the failed build left.
  String dropNew() {
    return """
        SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
        WHERE %s%s AND NOT is_valid AND NOT is_being_built
          AND %s \\gexec
        """
        .formatted(index.isOnTable(), isOfItsName(), IS_NEW);
  }

  private String isInvalid(Identifier name) {
    return """
        SELECT EXISTS (SELECT FROM :slipway_indexes
          WHERE NOT is_valid AND %s
            AND plain_name = %s) AS invalid \\gset slipway_
        """
        .formatted(index.isOnTable(), literal(name.value()));
  }

  /// What follows, unless the index is there and invalid.
  String unlessInvalid(String done, String unmark) {
    return index
        .index()
        .name()
        .map(
            name ->
                isInvalid(name)
                    + "\\if :slipway_invalid\n\\set slipway_next 0\n"
                    + unmark
                    + refuse(name)
                    + "\\else\n"
                    + done
                    + "\\endif\n")
        .orElse(done);
  }

  private static String refuse(Identifier name) {
    return "DO %s;\n"
        .formatted(
            DollarQuote.around(
                """

                BEGIN
                  RAISE SQLSTATE '55000' USING
                    MESSAGE = %s;
                END
                """
                    .formatted(
                        literal("slipway: index " + name.quoted() + " is there and invalid")),
                "slipway"));
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
