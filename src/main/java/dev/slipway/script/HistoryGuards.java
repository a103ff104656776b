package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.migration.Base;
import dev.slipway.migration.HistoryUse;
import dev.slipway.migration.MadeSchemas;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What the first block refuses by what history and journal hold: each as PL/pgSQL, empty where
/// this changelog has no need of it.
final class HistoryGuards {
  /// The first migration of the changelog is not the first that there was.
  private static final String BEGINNING =
      """
        is_foreign := is_foreign AND NOT EXISTS
          (SELECT FROM {history} WHERE {id} < {first} COLLATE pg_catalog."C");
        IF is_foreign OR NOT EXISTS (SELECT FROM {history}) THEN
          RAISE SQLSTATE '55000' USING
            MESSAGE = 'slipway: the script begins in the middle, and what comes before is not applied',
            HINT = 'Apply that first.';
        END IF;
      """;

  /// A migration that was begun, and that the changelog does not have.
  private static final String ABANDONED =
      """
        IF stopped IS NULL THEN
          SELECT begun.migration_id INTO stopped FROM {journal} AS begun
          WHERE begun.history_table = {historyName} AND begun.finished_at IS NULL
            AND begun.migration_id <> ALL (ids) AND NOT EXISTS
              (SELECT FROM {history} AS recorded
               WHERE pg_catalog.upper(recorded.{id}) = pg_catalog.upper(begun.migration_id))
          LIMIT 1;
        END IF;
      """;

  private static final String FOREIGN =
      """
        IF is_foreign THEN
          RAISE SQLSTATE '55000' USING
            MESSAGE = pg_catalog.format('slipway: this release cannot go on top of database "%s"',
              pg_catalog.current_database()),
            DETAIL = 'The history holds ids, and not one of this changelog.',
            HINT = 'This is another application''s database, or the release needs a clean one: empty '
              'it, or see what slipway status says. If others record their migrations there, too, '
              'have the script written with --shared-history.';
        END IF;
      """;

  /// What is marked by its author and due, while there are tables.
  private static final String NOT_CLEAN =
      """

        -- What needs a clean database.
        SELECT marked.id INTO first_marked
        FROM pg_catalog.unnest(ARRAY[{marked}]::pg_catalog.text[]) WITH ORDINALITY AS marked(id, number)
        WHERE NOT EXISTS (SELECT FROM {history} AS recorded
            WHERE pg_catalog.upper(recorded.{id}) = pg_catalog.upper(marked.id))
          AND NOT EXISTS (SELECT FROM {journal} AS begun
            WHERE begun.history_table = {historyName} AND begun.finished_at IS NULL
              AND pg_catalog.upper(begun.migration_id) = pg_catalog.upper(marked.id))
        ORDER BY marked.number LIMIT 1;
        SELECT pg_catalog.format('%I.%I', place.nspname, there.relname) INTO other
        FROM pg_catalog.pg_class AS there
        JOIN pg_catalog.pg_namespace AS place ON place.oid = there.relnamespace
        WHERE place.nspname IN ({schemas}) AND there.relkind IN ('r', 'p', 'f')
          AND NOT (place.nspname = {schema} AND there.relname IN ({historyName}, {journalName}))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS member
            WHERE member.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
              AND member.objid = there.oid AND member.deptype = 'e')
        ORDER BY place.nspname, there.relname LIMIT 1;
        IF first_marked IS NOT NULL AND other IS NOT NULL THEN
          RAISE SQLSTATE '55000' USING
            MESSAGE = pg_catalog.format('slipway: migration "%s" needs a clean database, and "%s" is '
              'none', first_marked, pg_catalog.current_database()),
            DETAIL = pg_catalog.format('There is %s.', other),
            HINT = 'Empty it, or see what slipway status says.';
        END IF;
      """;

  private final ScriptOrder order;
  private final HistorySql history;
  private final String schema;
  private final Map<String, String> values = new HashMap<>();

  /// @param schema the name of the history's schema, as an expression
  HistoryGuards(ScriptOrder order, String schema) {
    this.order = order;
    this.history = order.history();
    this.schema = schema;
    values.put("schema", schema);
    values.put("history", history.table());
    values.put("historyName", literal(history.tableName().value()));
    values.put("id", history.idColumn());
    values.put("journal", history.journal().table());
    values.put("journalName", literal(HistoryTable.JOURNAL.value()));
  }

  String beginning() {
    if (!order.changelog().isContinuation()) {
      return "";
    }
    String first = order.changelog().migrations().getFirst().id().value();
    Map<String, String> all = new HashMap<>(values);
    all.put("first", literal(first));
    return new Template(BEGINNING).fill(all);
  }

  String abandoned() {
    return isShared() ? "" : new Template(ABANDONED).fill(values);
  }

  String foreign() {
    return isShared() ? "" : FOREIGN;
  }

  private boolean isShared() {
    return order.changelog().historyUse() == HistoryUse.SHARED;
  }

  /// Whether any needs a clean database.
  boolean hasMarked() {
    return !marked().isEmpty();
  }

  /// Those that need a clean database, as literals.
  private String marked() {
    return order.toWrite().stream()
        .filter(migration -> order.changelog().base(migration) == Base.CLEAN_DATABASE)
        .map(migration -> literal(migration.id().value()))
        .collect(Collectors.joining(", "));
  }

  String notClean() {
    String marked = marked();
    if (marked.isEmpty()) {
      return "";
    }
    Set<String> schemas = new LinkedHashSet<>();
    schemas.add(schema);
    if (MadeSchemas.fillsSearchPath(order.changelog())) {
      schemas.add("wanted");
    }
    for (Identifier made : MadeSchemas.of(order.changelog())) {
      schemas.add(literal(made.value()));
    }
    Map<String, String> all = new HashMap<>(values);
    all.put("marked", marked);
    all.put("schemas", String.join(", ", schemas));
    return new Template(NOT_CLEAN).fill(all);
  }

  String leftOut() {
    String ids =
        order.changelog().leftOut().stream()
            .map(MigrationId::value)
            .sorted()
            .map(HistoryGuards::literal)
            .collect(Collectors.joining(", "));
    return ids.isEmpty()
        ? ""
        : "\n    AND NOT EXISTS (SELECT FROM %s WHERE %s IN (%s))"
            .formatted(history.table(), history.idColumn(), ids);
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
