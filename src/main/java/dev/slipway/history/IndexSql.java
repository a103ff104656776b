package dev.slipway.history;

import dev.slipway.postgres.Session;
import dev.slipway.sql.ConcurrentIndex;
import dev.slipway.sql.ConcurrentIndex.Duplicates;
import dev.slipway.sql.Literal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Questions about an index that is built concurrently, and the others of its table. A build that
/// breaks leaves an invalid index behind, which costs every write and serves no query.
public record IndexSql(ConcurrentIndex index) {
  private static final String COPY = "slipway_index_copy";

  /// The name of the index on the copy, by itself.
  public static final String COPIED_INDEX = COPY + "_index";

  /// The indexes of all tables, as a subquery: the table's oid, the index's name as SQL and by
  /// itself, whether it is valid, whether another session is building it at this moment, and its
  /// definition, without its name and the table's.
  public static final String ALL =
      """
      SELECT i.indrelid AS on_table,
        pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
        c.relname AS plain_name, i.indisvalid AS is_valid,
        EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
          WHERE p.datname = pg_catalog.current_database() AND p.index_relid = i.indexrelid
            AND p.pid <> pg_catalog.pg_backend_pid()) AS is_being_built,
        CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || pg_catalog.substr(
          pg_catalog.pg_get_indexdef(i.indexrelid),
          1 + pg_catalog.length(pg_catalog.format('CREATE %sINDEX %I ON %I.%I',
            CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, c.relname, tn.nspname, t.relname)))
          AS definition
      FROM pg_catalog.pg_index AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace""";

  /// Whether an index of [#ALL] is what REINDEX CONCURRENTLY makes to take another's place, and
  /// leaves if it breaks (PostgreSQL documentation, REINDEX). Only a superuser can drop those of
  /// TOAST tables.
  public static final String IS_TRANSIENT =
      "NOT is_valid AND plain_name ~ '_cc(new|old)[0-9]*$' AND name NOT LIKE 'pg\\_toast.%'";

  /// The names, as SQL, of those that are transient; also of those in the making.
  public static final String TRANSIENT =
      "SELECT name FROM (" + ALL + ") AS there WHERE " + IS_TRANSIENT;

  /// The names of those of them that a REINDEX has left.
  public static final String LEFT_BY_REINDEX = TRANSIENT + " AND NOT is_being_built ORDER BY 1";

  /// Those of its table, in order: name as SQL, name by itself, whether it is valid, whether
  /// another session is building it, definition.
  public String ofTable() {
    return "SELECT name, plain_name, is_valid, is_being_built, definition FROM (%s) AS there\nWHERE %s\nORDER BY 1"
        .formatted(ALL, isOnTable());
  }

  /// The names, as SQL, of those of its table.
  public String names() {
    return "SELECT name FROM (%s) AS there WHERE %s".formatted(ALL, isOnTable());
  }

  /// The same without one of its name that another session is building at this moment: what comes
  /// of that is not known yet.
  public String namesBefore() {
    return index
        .name()
        .map(
            name ->
                names()
                    + "\n  AND NOT (is_being_built AND plain_name = %s)"
                        .formatted(new Literal(name.value()).quoted()))
        .orElseGet(this::names);
  }

  /// Whether an index of [#ALL] is one of its table.
  public String isOnTable() {
    return "on_table = pg_catalog.to_regclass("
        + new Literal(index.qualifiedTable()).quoted()
        + ")";
  }

  /// Makes the same index on an empty copy of the table, for the server to say how it understands
  /// the definition. To be rolled back; it may fail where the role may not create tables.
  public List<String> makeCopy() {
    String copy = index.schema().map(it -> it.quoted() + ".").orElse("") + COPY;
    return List.of(
        "CREATE TABLE %s (LIKE %s)".formatted(copy, index.qualifiedTable()),
        "CREATE %sINDEX %s ON %s %s"
            .formatted(
                index.duplicates() == Duplicates.REFUSED ? "UNIQUE " : "",
                COPIED_INDEX,
                copy,
                index.definition()));
  }

  /// The definition of the index on the copy.
  public static String copiedDefinition() {
    return "SELECT definition FROM (%s) AS there WHERE plain_name = '%s'"
        .formatted(ALL, COPIED_INDEX);
  }

  /// The session that is building an index on the table at this moment, if there is one and we may
  /// see it. Another build has to wait for it.
  public Optional<LockHolder> builder(Session session) throws SQLException {
    return LockHolders.ofIndexBuild(session, index.qualifiedTable());
  }
}
