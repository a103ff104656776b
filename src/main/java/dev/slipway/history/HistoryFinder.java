package dev.slipway.history;

import dev.slipway.history.HistoryTable.Presence;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Finds the history of a database: in the schema in which unqualified tables are created, in any
/// spelling of EF's name, unless the configuration names another place. Every run comes by here,
/// so it does without streams: each lambda is a class to make.
public final class HistoryFinder {
  /// Separates schema names in one bound value; no sane name holds it.
  private static final String SEPARATOR = "\u0001";

  /// `replace` and `lower` undo what naming conventions do to EF's name.
  private static final String SELECT =
      """
      SELECT n.nspname, pg_catalog.has_schema_privilege(n.oid, 'USAGE'), c.relname, a.attname,
             c.relkind IN ('r', 'p')
      FROM pg_catalog.pg_namespace AS n
      LEFT JOIN pg_catalog.pg_class AS c
        ON c.relnamespace = n.oid
        AND (c.relname IN ($2, 'slipway_journal')
          OR lower(replace(c.relname, '_', '')) = 'efmigrationshistory')
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname = ANY (pg_catalog.string_to_array($1, chr(1)))
      ORDER BY n.nspname, c.relname, a.attnum""";

  private final HistoryNames names;
  private final Surroundings surroundings;
  private final Map<String, Schema> schemas = new LinkedHashMap<>();

  private static final class Schema {
    private final boolean usable;
    private final Map<String, List<String>> columnsByTable = new LinkedHashMap<>();

    /// Views and whatever else has the name of a table that may have to be made: CREATE TABLE IF
    /// NOT EXISTS passes over every relation.
    private final Set<String> otherRelations = new HashSet<>();

    Schema(boolean usable) {
      this.usable = usable;
    }
  }

  /// What was found.
  ///
  /// @param missing the schemas that are not there, of the two that a run needs: where unqualified
  /// tables are created, and where the history lies
  /// @param elsewhere histories in other schemas of the path
  /// @param beside histories with EF's own name in the schema where the configured one is not there
  /// @param outside a history in `public` where that is not in the path
  public record Found(
      List<Identifier> missing,
      HistoryTable history,
      List<HistoryTable> elsewhere,
      List<HistoryTable> beside,
      Optional<HistoryTable> outside) {}

  private HistoryFinder(HistoryNames names, Surroundings surroundings) {
    this.names = names;
    this.surroundings = surroundings;
  }

  /// @throws SearchPathException if the path does not lead to a schema that can be used
  /// @throws AmbiguousHistoryException if there is not one table that can be the history
  public static Found find(Session session, HistoryNames names, Surroundings surroundings)
      throws SQLException {
    return new HistoryFinder(names, surroundings).find(session);
  }

  private Found find(Session session) throws SQLException {
    SearchPath path = SearchPath.parse(surroundings.searchPath());
    refuseLostPath(path);
    Set<Identifier> all = new LinkedHashSet<>(path.schemas(surroundings.user()));
    all.add(new Identifier("public"));
    if (names.history().schema().isPresent()) {
      all.add(names.history().schema().get());
    }
    read(session, all);

    Identifier target = target(path);
    Identifier historySchema = names.history().schema().orElse(target);
    HistoryTable history = history(historySchema);
    return new Found(
        missing(target, historySchema),
        history,
        elsewhere(path, historySchema),
        history.exists() ? List.of() : histories(historySchema, Optional.empty()),
        outside(path, historySchema));
  }

  private List<Identifier> missing(Identifier target, Identifier historySchema) {
    List<Identifier> missing = new ArrayList<>();
    for (Identifier schema : new LinkedHashSet<>(Arrays.asList(target, historySchema))) {
      if (!schemas.containsKey(schema.value())) {
        missing.add(schema);
      }
    }
    return missing;
  }

  private void refuseLostPath(SearchPath actual) {
    Optional<String> wanted = names.searchPath();
    if (wanted.isPresent() && !SearchPath.parse(wanted.get()).equals(actual)) {
      throw SearchPathException.lost(wanted.get(), surroundings.searchPath());
    }
  }

  private void read(Session session, Set<Identifier> wanted) throws SQLException {
    var joined = new StringJoiner(SEPARATOR);
    for (Identifier schema : wanted) {
      joined.add(schema.value());
    }
    String table = names.history().table().value();
    for (Row row : session.query(SELECT, joined.toString(), table)) {
      Schema schema = schemas.computeIfAbsent(row.text(0), name -> new Schema(row.isTrue(1)));
      if (!row.isNull(2) && !row.isTrue(4)) {
        schema.otherRelations.add(row.text(2));
      } else if (!row.isNull(2)) {
        schema
            .columnsByTable
            .computeIfAbsent(row.text(2), name -> new ArrayList<>())
            .add(row.text(3));
      }
    }
  }

  /// The first named entry of the path; never the next one, as PostgreSQL would take.
  private Identifier target(SearchPath path) {
    for (SearchPath.Entry entry : path.entries()) {
      Identifier name = entry.schema(surroundings.user());
      if (!entry.isOptional() || schemas.containsKey(name.value())) {
        if (name.value().startsWith("pg_")) {
          throw SearchPathException.ofSystem(name, surroundings);
        }
        return usable(name);
      }
    }
    throw SearchPathException.empty(surroundings.searchPath());
  }

  private Identifier usable(Identifier name) {
    Schema schema = schemas.get(name.value());
    if (schema != null && !schema.usable) {
      throw SearchPathException.forbidden(name, surroundings);
    }
    return name;
  }

  private HistoryTable history(Identifier schemaName) {
    Schema schema = schemas.get(schemaName.value());
    if (schema == null) {
      return HistoryTable.defined(schemaName, names.history(), Presence.NO_SCHEMA);
    }
    if (!schema.usable) {
      throw SearchPathException.forbidden(schemaName, surroundings);
    }
    List<String> candidates = candidates(schema);
    if (candidates.isEmpty() && schema.otherRelations.contains(names.history().table().value())) {
      throw AmbiguousHistoryException.none(schemaName, names.history().table().value());
    }
    if (schema.otherRelations.contains(HistoryTable.JOURNAL.value())) {
      throw AmbiguousHistoryException.noJournal(schemaName);
    }
    if (candidates.size() > 1) {
      throw AmbiguousHistoryException.several(schemaName, candidates);
    }
    @Nullable HistoryTable history =
        candidates.isEmpty()
            ? HistoryTable.defined(schemaName, names.history(), Presence.NO_TABLE)
            : existing(schemaName, schema, candidates.getFirst());
    if (history == null) {
      throw AmbiguousHistoryException.none(schemaName, candidates.getFirst());
    }
    List<String> journal = schema.columnsByTable.get(HistoryTable.JOURNAL.value());
    if (journal != null && !journal.contains(JournalColumn.MIGRATION_ID.sqlName())) {
      throw AmbiguousHistoryException.noJournal(schemaName);
    }
    return journal == null ? history : history.withJournal(new HashSet<>(journal));
  }

  private List<String> candidates(Schema schema) {
    return candidates(schema, names.table());
  }

  /// @param table the history's name; empty for all spellings of EF's
  private static List<String> candidates(Schema schema, Optional<Identifier> table) {
    List<String> candidates = new ArrayList<>();
    for (String name : schema.columnsByTable.keySet()) {
      if (!name.equals(HistoryTable.JOURNAL.value())
          && (table.isEmpty() || table.get().value().equals(name))) {
        candidates.add(name);
      }
    }
    return candidates;
  }

  private @Nullable HistoryTable existing(Identifier schemaName, Schema schema, String table) {
    List<String> columns = schema.columnsByTable.getOrDefault(table, List.of());
    @Nullable Identifier id = column(columns, "migrationid");
    @Nullable Identifier version = column(columns, "productversion");
    return id == null || version == null
        ? null
        : new HistoryTable(
            schemaName,
            new Identifier(table),
            id,
            version,
            Optional.empty(),
            Presence.TABLE,
            Set.of());
  }

  /// Naming conventions write `MigrationId` as migration_id, migrationid, migrationId, MIGRATIONID.
  private static @Nullable Identifier column(List<String> columns, String normalized) {
    for (String name : columns) {
      if (name.replace("_", "").toLowerCase(Locale.ROOT).equals(normalized)) {
        return new Identifier(name);
      }
    }
    return null;
  }

  private List<HistoryTable> elsewhere(SearchPath path, Identifier historySchema) {
    List<HistoryTable> elsewhere = new ArrayList<>();
    for (Identifier schema : new LinkedHashSet<>(path.schemas(surroundings.user()))) {
      if (!schema.equals(historySchema)) {
        elsewhere.addAll(histories(schema));
      }
    }
    return elsewhere;
  }

  private Optional<HistoryTable> outside(SearchPath path, Identifier historySchema) {
    Identifier publicSchema = new Identifier("public");
    if (historySchema.equals(publicSchema)
        || path.schemas(surroundings.user()).contains(publicSchema)) {
      return Optional.empty();
    }
    List<HistoryTable> histories = histories(publicSchema);
    return histories.isEmpty() ? Optional.empty() : Optional.of(histories.getFirst());
  }

  private List<HistoryTable> histories(Identifier schemaName) {
    return histories(schemaName, names.table());
  }

  private List<HistoryTable> histories(Identifier schemaName, Optional<Identifier> name) {
    Schema schema = schemas.get(schemaName.value());
    if (schema == null || !schema.usable) {
      return List.of();
    }
    List<HistoryTable> histories = new ArrayList<>();
    for (String table : candidates(schema, name)) {
      @Nullable HistoryTable history = existing(schemaName, schema, table);
      if (history != null) {
        histories.add(history);
      }
    }
    return histories;
  }
}
