package dev.slipway.changelog.ef;

import dev.slipway.changelog.ef.Guard.Direction;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One script of EF's: its migrations in their order, and the history that they are recorded in.
///
/// What a person has added between EF's blocks runs with the migration that follows. Settings of
/// the session, and everything before the first block, run at the start of each migration that
/// follows, since each begins with the session as it was at first.
final class EfScript {
  private final String file;
  private final String text;
  private final ScriptScanner.Scan scan;
  private final List<ChangelogProblem> problems;
  private final Map<String, ScriptMigration> migrations = new LinkedHashMap<>();
  private final List<Script> session = new ArrayList<>();
  private final List<Script> waiting = new ArrayList<>();
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
            table.map(HistoryTableSql::primaryKey),
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
      // A `switch` by types is linked anew at each start.
      if (part instanceof Part.Block block) {
        add(block);
      } else if (part instanceof Part.Extra extra) {
        add(extra);
      }
    }
    if (!migrations.isEmpty()) {
      waiting.forEach(migrations.values().stream().reduce((_, last) -> last).get()::add);
    }
    if (scan.broken().isPresent()) {
      problems.subList(before, problems.size()).clear();
      problem(scan.broken().get().kind(), scan.broken().get().line());
    } else if (problems.size() == before) {
      judge();
    }
  }

  private void add(Part.Block block) {
    Guard found = block.guard();
    if (found.direction() == Direction.DOWN) {
      once(ScriptProblem.DOWN, block.line());
      return;
    }
    if (guard.isEmpty()) {
      guard = Optional.of(found);
    } else if (!found.history().equals(guard.get().history())
        || !found.idColumn().equals(guard.get().idColumn())) {
      once(ScriptProblem.ANOTHER_HISTORY, block.line());
      return;
    }
    ScriptMigration migration = migrations.get(found.id());
    if (migration == null) {
      migration = new ScriptMigration(this, block);
      session.forEach(migration::add);
      migrations.put(found.id(), migration);
    }
    waiting.forEach(migration::add);
    waiting.clear();
    migration.add(block);
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
      add(new Statement(statement.text(), of(statement.position(), extra)));
    }
  }

  private static Position of(Position position, Part.Extra extra) {
    return new Position(
        extra.line() + position.line() - 1,
        position.column() + (position.line() == 1 ? extra.column() - 1 : 0));
  }

  private void add(Statement statement) {
    Optional<HistoryTableSql> made = HistoryTableSql.of(statement.text());
    if (made.isPresent()) {
      table = made;
      leaveSchemaToTheRun();
      return;
    }
    if (HistoryRow.of(statement.text()).isPresent()) {
      once(ScriptProblem.NO_GUARDS, statement.position().line());
    } else if (HistoryRow.isDeletion(statement.text())) {
      once(ScriptProblem.DOWN, statement.position().line());
    } else {
      addByHand(statement);
    }
  }

  /// What EF writes to make the history's schema is done by the run, which makes the history.
  private void leaveSchemaToTheRun() {
    Optional<Identifier> schema = table.flatMap(made -> schema(made.history()));
    session.removeIf(
        script ->
            schema.isPresent()
                && makesSchema(script.statements().getFirst())
                && script.statements().getFirst().text().contains(schema.get().value()));
  }

  private static boolean makesSchema(Statement statement) {
    return Ascii.lower(statement.text()).contains("create schema");
  }

  private void addByHand(Statement statement) {
    var script = new Script(List.of(statement), List.of());
    if (migrations.isEmpty()) {
      session.add(script);
      searchPath = SessionStatement.searchPath(statement).or(() -> searchPath);
      if (makesSchema(statement)) {
        schemaCreations.add(statement.text());
      }
      return;
    }
    waiting.add(script);
    if (SessionStatement.isOne(statement)) {
      session.add(script);
    }
  }

  /// What can be said only when all of it was read.
  private void judge() {
    if (migrations.isEmpty()) {
      problem(ScriptProblem.EMPTY, 1);
    }
    for (ScriptMigration migration : migrations.values()) {
      if (migration.row().isEmpty()) {
        problem(ScriptProblem.NOT_RECORDED, migration.origin().line());
      } else if (!migration.isRecordedAsAsked()) {
        problem(ScriptProblem.RECORDED_OTHERWISE, migration.origin().line());
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
