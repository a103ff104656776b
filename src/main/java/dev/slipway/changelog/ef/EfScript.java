package dev.slipway.changelog.ef;

import dev.slipway.changelog.ef.Guard.Direction;
import dev.slipway.changelog.ef.Part.Place;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.migration.HistoryDefinition.SchemaCreation;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Origin;
import dev.slipway.sql.Ascii;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One script of EF's: its migrations in their order, and the history that they are recorded in.
///
/// What a person has added between EF's blocks runs with the migration that follows. Settings of
/// the session, and what before the first block can be repeated, run at the start of each migration
/// that follows, since each begins with the session as it was at first.
final class EfScript {
  private final String file;
  private final String text;
  private final ScriptScanner.Scan scan;
  private final List<ChangelogProblem> problems;
  private final Map<String, ScriptMigration> migrations = new LinkedHashMap<>();

  /// By the offset of the block that it stands in.
  private final Map<Integer, HistoryRow> rows = new HashMap<>();

  /// How often each id is recorded in all, and up to here: somebody may have joined scripts.
  private final Map<String, Integer> recordings = new HashMap<>();

  private final Map<String, Integer> recorded = new HashMap<>();
  private final List<Statement> session = new ArrayList<>();
  private final List<Statement> waiting = new ArrayList<>();
  private Optional<HistoryTableSql> table = Optional.empty();
  private Optional<Identifier> searchPath = Optional.empty();
  private Optional<Guard> guard = Optional.empty();

  /// Statements in front of the first block that make a schema.
  private final List<String> schemaCreations = new ArrayList<>();

  private final Set<ScriptProblem> told = EnumSet.noneOf(ScriptProblem.class);

  private EfScript(
      String file, String text, ScriptScanner.Scan scan, List<ChangelogProblem> problems) {
    this.file = file;
    this.text = text;
    this.scan = scan;
    this.problems = problems;
  }

  /// @param problems receives what keeps it from being applied
  static EfScript read(String file, String text, List<ChangelogProblem> problems) {
    var script = new EfScript(file, text, ScriptScanner.scan(text), problems);
    script.read();
    return script;
  }

  String file() {
    return file;
  }

  String text() {
    return text;
  }

  boolean hasTransactions() {
    return scan.hasTransactions();
  }

  List<ScriptMigration> migrations() {
    return List.copyOf(migrations.values());
  }

  /// Whether anything in it makes a history, asks one, or writes to one; or may, behind its end.
  boolean concernsHistory() {
    return guard.isPresent()
        || !told.isEmpty()
        || scan.broken().isPresent()
        || session.stream().anyMatch(s -> HistoryTableSql.of(s.text()).isPresent());
  }

  /// Empty if it has no migration.
  Optional<HistoryDefinition> history() {
    Optional<HistoryRow> row =
        migrations.values().stream().findFirst().flatMap(ScriptMigration::row);
    if (guard.isEmpty() || row.isEmpty()) {
      return Optional.empty();
    }
    Optional<Identifier> schema = schema(guard.get().history()).or(() -> searchPath);
    return Optional.of(
        new HistoryDefinition(
            schema,
            guard.get().history().getLast(),
            guard.get().idColumn(),
            row.get().versionColumn(),
            table.map(HistoryTableSql::definition),
            schema.isPresent() && makes(schema.get())
                ? SchemaCreation.IF_MISSING
                : SchemaCreation.NONE));
  }

  private static Optional<Identifier> schema(List<Identifier> table) {
    return table.size() > 1 ? Optional.of(table.get(table.size() - 2)) : Optional.empty();
  }

  /// Whether a statement in front of the first block makes this schema.
  private boolean makes(Identifier schema) {
    return schemaCreations.stream().anyMatch(text -> text.contains(schema.value()));
  }

  private void read() {
    int before = problems.size();
    for (Part part : scan.parts()) {
      if (part instanceof Part.Block block) {
        findRow(block);
      }
    }
    for (Part part : scan.parts()) {
      // A `switch` by types is linked anew at each start.
      if (part instanceof Part.Block block) {
        add(block);
      } else if (part instanceof Part.Extra extra) {
        add(extra);
      }
    }
    if (!migrations.isEmpty()) {
      List<ScriptMigration> all = migrations();
      waiting.forEach(all.getLast()::add);
    }
    if (scan.broken().isPresent() && !isExplained(before)) {
      problems.subList(before, problems.size()).clear();
      problem(scan.broken().get().kind(), scan.broken().get().line());
    } else if (problems.size() == before) {
      judge();
    }
  }

  /// Whether a script that seems to end early holds what no client but psql knows the end of.
  private boolean isExplained(int before) {
    return problems.size() > before
        && scan.broken().orElseThrow().kind() == ScriptProblem.ENDS_EARLY;
  }

  private void findRow(Part.Block block) {
    Optional<HistoryRow> row = HistoryRow.of(text.substring(block.from(), block.to()));
    if (row.isPresent() && row.get().isOf(block.guard())) {
      rows.put(block.start(), row.get());
      recordings.merge(block.guard().id(), 1, Integer::sum);
    }
  }

  private void add(Part.Block block) {
    Guard found = block.guard();
    int copy = recorded.getOrDefault(found.id(), 0);
    if (found.direction() == Direction.DOWN) {
      addDown(block);
    } else if (copy == 0) {
      addUp(block);
    } else if (copy >= recordings.getOrDefault(found.id(), 0)) {
      // EF records a migration last: this is a question of somebody's own.
      add(block.asStatement());
    }
    if (rows.containsKey(block.start())) {
      recorded.put(found.id(), copy + 1);
    }
  }

  /// A question of somebody's own, unless anything takes back what is recorded.
  private void addDown(Part.Block block) {
    if (HistoryRow.isDeletion(text.substring(block.from(), block.to()))) {
      once(ScriptProblem.DOWN, block.line());
    } else {
      add(block.asStatement());
    }
  }

  private void addUp(Part.Block block) {
    Guard found = block.guard();
    if (guard.isEmpty()) {
      guard = Optional.of(found);
      leaveHistoryToTheRun();
    } else if (!found.history().equals(guard.get().history())
        || !found.idColumn().equals(guard.get().idColumn())) {
      once(ScriptProblem.ANOTHER_HISTORY, block.line());
      return;
    }
    ScriptMigration migration = migrations.get(found.id());
    if (migration == null) {
      migration = new ScriptMigration(this, block);
      for (Statement statement : session) {
        if (migrations.isEmpty() || SessionStatement.isRepeatable(statement)) {
          migration.add(statement);
        }
      }
      migrations.put(found.id(), migration);
    }
    for (Statement statement : waiting) {
      migration.add(statement);
      if (SessionStatement.isOne(statement)) {
        session.add(statement);
      }
    }
    waiting.clear();
    HistoryRow row = rows.get(block.start());
    if (row == null) {
      migration.add(block);
    } else {
      migration.record(row);
    }
  }

  private void add(Part.Extra extra) {
    Script script = Lexer.split(text.substring(extra.from(), extra.to()));
    for (Problem problem : script.problems()) {
      problems.add(
          new ChangelogProblem(
              new Origin(file, of(problem.position(), extra).line()),
              problem.message(),
              problem.hint()));
    }
    for (Statement statement : script.statements()) {
      add(new Statement(statement.text(), of(statement.position(), extra)), extra.place());
    }
  }

  private static Position of(Position position, Part.Extra extra) {
    return new Position(
        extra.line() + position.line() - 1,
        position.column() + (position.line() == 1 ? extra.column() - 1 : 0));
  }

  private void add(Statement statement, Place place) {
    String sql = statement.text();
    if (HistoryRow.of(sql).isPresent()) {
      once(ScriptProblem.NO_GUARDS, statement.position().line());
    } else if (HistoryRow.isDeletion(sql)) {
      once(ScriptProblem.DOWN, statement.position().line());
    } else if (isEditedBlock(statement)) {
      once(ScriptProblem.EDITED_GUARD, statement.position().line());
    } else if (place == Place.WITHIN_TRANSACTION || !SessionStatement.isForTransaction(statement)) {
      addByHand(statement);
    }
  }

  /// Whether it records a migration behind a question that is not EF's.
  private static boolean isEditedBlock(Statement statement) {
    String sql = Ascii.lower(statement.text());
    return statement.command().equals("DO")
        && sql.contains("insert into")
        && sql.replace("_", "").contains("productversion");
  }

  private void addByHand(Statement statement) {
    if (guard.isPresent()) {
      if (!isHistory(statement)) {
        waiting.add(statement);
      }
      return;
    }
    session.add(statement);
    SessionStatement.searchPath(statement).ifPresent(path -> searchPath = path.first());
    if (Ascii.lower(statement.text()).contains("create schema")) {
      schemaCreations.add(statement.text());
    }
  }

  private boolean isHistory(Statement statement) {
    return HistoryTableSql.of(statement.text())
        .filter(made -> made.history().equals(guard.orElseThrow().history()))
        .isPresent();
  }

  /// What EF writes to make the history and its schema is done by the run, which makes both.
  private void leaveHistoryToTheRun() {
    List<Identifier> history = guard.orElseThrow().history();
    for (Statement statement : session) {
      if (isHistory(statement)) {
        table = HistoryTableSql.of(statement.text());
      }
    }
    session.removeIf(
        statement ->
            isHistory(statement)
                || (history.size() > 1
                    && SchemaSql.schema(statement.text())
                        .filter(schema(history).orElseThrow()::equals)
                        .isPresent()));
  }

  /// What can be said only when all of it was read.
  private void judge() {
    if (migrations.isEmpty()) {
      problem(ScriptProblem.EMPTY, 1);
    }
    for (ScriptMigration migration : migrations.values()) {
      if (migration.row().isEmpty()) {
        problem(ScriptProblem.NOT_RECORDED, migration.origin().line());
      } else if (!isId(migration.id())) {
        problem(ScriptProblem.NO_ID, migration.origin().line());
      }
    }
  }

  private static boolean isId(String id) {
    return !id.isEmpty()
        && id.length() <= MigrationId.MAX_LENGTH
        && id.chars().noneMatch(Character::isISOControl);
  }

  private void once(ScriptProblem kind, int line) {
    if (told.add(kind)) {
      problem(kind, line);
    }
  }

  private void problem(ScriptProblem kind, int line) {
    problems.add(new ChangelogProblem(new Origin(file, line), kind.message(), kind.hint()));
  }
}
