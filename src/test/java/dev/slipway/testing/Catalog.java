package dev.slipway.testing;

import dev.slipway.sql.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A database as text, from the system's catalogs: two databases with the same text have the same
/// schema. History and journal do not count.
public final class Catalog {
  private static final String OURS =
      " n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ";

  private static final String NOT_THE_HISTORY =
      " c.relname NOT IN ('__EFMigrationsHistory', 'PK___EFMigrationsHistory', 'slipway_journal',"
          + " 'slipway_journal_pkey') ";

  private static final List<String> QUERIES =
      List.of(
          """
          SELECT 'schema', n.nspname, obj_description(n.oid, 'pg_namespace')
          FROM pg_namespace AS n WHERE"""
              + OURS,
          """
          SELECT 'relation', n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions,
                 c.relrowsecurity, c.relreplident, obj_description(c.oid, 'pg_class'),
                 (SELECT t.spcname FROM pg_tablespace AS t WHERE t.oid = c.reltablespace)
          FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE"""
              + OURS
              + "AND"
              + NOT_THE_HISTORY,
          """
          SELECT 'column', n.nspname, c.relname, a.attnum, a.attname,
                 format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                 pg_get_expr(d.adbin, d.adrelid), a.attstorage, a.attstattarget,
                 a.attcollation::regcollation, col_description(c.oid, a.attnum)
          FROM pg_attribute AS a
          JOIN pg_class AS c ON c.oid = a.attrelid
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE a.attnum > 0 AND NOT a.attisdropped AND"""
              + OURS
              + "AND"
              + NOT_THE_HISTORY,
          """
          SELECT 'constraint', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid),
                 k.convalidated, obj_description(k.oid, 'pg_constraint')
          FROM pg_constraint AS k
          JOIN pg_class AS c ON c.oid = k.conrelid
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE"""
              + OURS
              + "AND"
              + NOT_THE_HISTORY,
          """
          SELECT 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready,
                 i.indisclustered, i.indisreplident
          FROM pg_index AS i
          JOIN pg_class AS c ON c.oid = i.indexrelid
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE"""
              + OURS
              + "AND"
              + NOT_THE_HISTORY,
          """
          SELECT 'sequence', n.nspname, c.relname, s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
                 s.seqcycle, s.seqcache, format_type(s.seqtypid, NULL)
          FROM pg_sequence AS s
          JOIN pg_class AS c ON c.oid = s.seqrelid
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE"""
              + OURS,
          """
          SELECT 'view', n.nspname, c.relname, pg_get_viewdef(c.oid)
          FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('v', 'm') AND"""
              + OURS,
          """
          SELECT 'routine', pg_get_functiondef(p.oid), p.prosrc, obj_description(p.oid, 'pg_proc')
          FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
          WHERE p.prokind IN ('f', 'p') AND"""
              + OURS,
          """
          SELECT 'trigger', pg_get_triggerdef(t.oid), t.tgenabled
          FROM pg_trigger AS t
          JOIN pg_class AS c ON c.oid = t.tgrelid
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE NOT t.tgisinternal AND"""
              + OURS,
          """
          SELECT 'enum', n.nspname, t.typname,
                 (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                  FROM pg_enum AS e WHERE e.enumtypid = t.oid)
          FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
          WHERE t.typtype = 'e' AND"""
              + OURS);

  private Catalog() {}

  /// One line for each object, sorted.
  public static String schema(TestDatabase database) {
    return String.join("\n", new TreeSet<>(database.rows(QUERIES)));
  }

  /// The rows of all tables, sorted.
  public static String contents(TestDatabase database) {
    List<String> queries = new ArrayList<>();
    for (String query :
        database.rows(
            """
            SELECT format('SELECT %L, t FROM %I.%I AS t ORDER BY t::text', c.relname, n.nspname,
                          c.relname)
            FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND"""
                + OURS
                + "AND"
                + NOT_THE_HISTORY
                + "ORDER BY 1")) {
      queries.add("SELECT " + new Literal(query).quoted());
      queries.add(query);
    }
    return String.join("\n", database.rows(queries));
  }
}
