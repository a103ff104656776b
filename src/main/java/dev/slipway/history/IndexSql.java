package dev.slipway.history;

/// Questions about the indexes of a table on which one is built concurrently. A build that breaks
/// leaves an invalid one behind, which costs every write and serves no query.
public final class IndexSql {
  /// The indexes of all tables: the table's oid, the index's name as SQL and by itself, whether it
  /// is valid. Those that somebody is building at this moment are invalid, too, and left out.
  public static final String ALL =
      """
      SELECT i.indrelid AS on_table,
        pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
        c.relname AS plain_name, i.indisvalid AS is_valid
      FROM pg_catalog.pg_index AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE i.indisvalid OR NOT EXISTS
        (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
         WHERE p.index_relid = i.indexrelid)""";

  /// The names, as SQL and by themselves, of the invalid ones of the table `$1`, in order.
  public static final String INVALID =
      """
      SELECT name, plain_name FROM (%s) AS there
      WHERE on_table = pg_catalog.to_regclass($1) AND NOT is_valid
      ORDER BY 1"""
          .formatted(ALL);

  private IndexSql() {}
}
