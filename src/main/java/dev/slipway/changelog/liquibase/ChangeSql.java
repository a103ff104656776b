package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.sql.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.ChangeFactory;
import liquibase.change.core.AddUniqueConstraintChange;
import liquibase.change.core.AlterSequenceChange;
import liquibase.change.core.DropAllForeignKeyConstraintsChange;
import liquibase.change.core.DropPrimaryKeyChange;
import liquibase.change.core.LoadDataChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.exception.SetupException;
import liquibase.exception.ValidationErrors;
import liquibase.parser.core.ParsedNodeException;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.SqlStatement;
import liquibase.structure.core.Index;
import org.jspecify.annotations.Nullable;

/// Has the SQL of a changeset's changes written: by Liquibase, except for what is SQL already and
/// for what Liquibase would do by itself at run time.
final class ChangeSql {
  /// How SQL is split; the original splitting is of no use to Liquibase either.
  private static final String SPLITTING =
      "dbms|comment|splitStatements|stripComments|endDelimiter|ignoreOriginalSplitStatements";

  private final Changeset changeset;
  private final FileFinder finder;
  private final Database database;
  private final SqlModification modification;
  private final List<ChangelogProblem> problems;
  private final List<MigrationSql.Source> sources = new ArrayList<>();
  private final ChangeSet loading;

  private ChangeSql(
      Changeset changeset,
      FileFinder finder,
      Selection selection,
      Database database,
      List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.finder = finder;
    this.database = database;
    this.problems = problems;
    this.modification = SqlModification.of(changeset, selection, database, problems);
    this.loading = new ChangeSet(new DatabaseChangeLog(changeset.file().location()));
  }

  /// The statements of the changes, by the files that they stand in.
  ///
  /// @param problems receives what cannot be compiled
  static List<MigrationSql.Source> of(
      Changeset changeset,
      FileFinder finder,
      Selection selection,
      List<ChangelogProblem> problems) {
    List<MigrationSql.Source> sources = new ArrayList<>();
    String quoting = Quoting.of(changeset);
    if (!quoting.matches("LEGACY|QUOTE_ALL_OBJECTS|QUOTE_ONLY_RESERVED_WORDS")) {
      problems.add(
          new ChangelogProblem(
              changeset.origin(),
              "unknown objectQuotingStrategy \"%s\"".formatted(quoting),
              "Write LEGACY, QUOTE_ALL_OBJECTS or QUOTE_ONLY_RESERVED_WORDS."));
      return sources;
    }
    OfflineLiquibase.use(
        finder,
        quoting,
        database -> {
          var sql = new ChangeSql(changeset, finder, selection, database, problems);
          sql.checkRunWith();
          sql.addAll(changeset.node());
          sources.addAll(sql.sources);
        });
    return sources;
  }

  private void checkRunWith() {
    String runWith = changeset.attribute("runWith");
    if (!runWith.isEmpty() && !runWith.equalsIgnoreCase("jdbc")) {
      problem(
          changeset.node(),
          "runWith \"%s\" needs an extension, and none is loaded here".formatted(runWith),
          "Take it out: the statements are sent by the server's own protocol.");
    }
  }

  private void addAll(Node parent) {
    for (Node child : parent.children()) {
      String name = child.name().toLowerCase(Locale.ROOT);
      if (name.equals("changes")) {
        addAll(child);
      } else if (!ChangesetText.ATTRIBUTES.contains(name) && !name.equals("modifysql")) {
        add(child);
      }
    }
  }

  private void add(Node change) {
    if (!change.namespace().isEmpty()) {
      problem(
          change,
          "\"%s\" is of the extension %s, and none is loaded here"
              .formatted(change.name(), change.namespace()),
          "Write what it does as sql.");
      return;
    }
    if (!Selection.isForPostgres(changeset.properties().expand(change.attribute("dbms")))) {
      return;
    }
    switch (change.name()) {
      case "sql" -> addRaw(change);
      case "sqlFile" -> addFile(change);
      case "stop" ->
          addGenerated(change, List.of(RunTimeChanges.stop(change, changeset.properties())));
      case "output" -> addOutput(change);
      case "tagDatabase", "empty" -> load(change);
      case "customChange" ->
          problem(
              change,
              "customChange runs a Java class, and none is loaded here",
              "Write what it does as sql.");
      case "executeCommand" ->
          problem(
              change,
              "executeCommand runs a program, and migrations run SQL only",
              "Run it before or behind slipway.");
      default -> addByLiquibase(change);
    }
  }

  private void addRaw(Node change) {
    allow(change, SPLITTING + "|sql|sqlStartLine|sqlEndLine");
    Node holder = change.text().isEmpty() ? change.child("sql").orElse(change) : change;
    String text = changeset.properties().expand(holder.text());
    if (text.isBlank()) {
      problem(change, "a change \"sql\" without SQL", "Write its statements, or take it out.");
      return;
    }
    Script script = RawSql.split(change, text, holder.valueLine(), modification::modify);
    sources.add(new MigrationSql.Source(changeset.file().shown(), script));
  }

  private void addFile(Node change) {
    allow(change, SPLITTING + "|path|relativeToChangelogFile|encoding");
    ReferredText.read(change, changeset, finder, problems)
        .ifPresent(
            file ->
                sources.add(
                    new MigrationSql.Source(
                        file.path().toString(),
                        RawSql.split(change, file.text(), 1, modification::modify))));
  }

  private void allow(Node change, String names) {
    for (Node child : change.children()) {
      if (!child.name().matches("(?i)" + names)) {
        ignored(change, child);
      }
    }
  }

  private void addOutput(Node change) {
    if (load(change).isEmpty()) {
      return;
    }
    String target = changeset.properties().expand(change.attribute("target"));
    if (!RunTimeChanges.isTarget(target)) {
      problem(
          change,
          "unknown target \"%s\" of an output".formatted(target),
          "Write STDERR, STDOUT, DEBUG, INFO, WARN or FATAL.");
    }
    addGenerated(change, List.of(RunTimeChanges.output(change, changeset.properties())));
  }

  private void addByLiquibase(Node change) {
    Optional<Node> rewritten = new ChangeRewriting(changeset, finder, problems).rewrite(change);
    if (rewritten.isEmpty()) {
      return;
    }
    load(rewritten.get()).ifPresent(loaded -> generate(change, loaded));
  }

  /// Lets Liquibase read a change, and holds against it what it did not look at.
  private Optional<Change> load(Node node) {
    Change change = Scope.getCurrentScope().getSingleton(ChangeFactory.class).create(node.name());
    if (change == null) {
      problem(
          node,
          "unknown change or attribute \"%s\"".formatted(node.name()),
          "See which there are in docs/liquibase.md; extensions are not loaded.");
      return Optional.empty();
    }
    change.setChangeSet(loading);
    TrackedNode tracked = TrackedNode.of(node, changeset.properties());
    try {
      change.load(tracked, Scope.getCurrentScope().getResourceAccessor());
      change.finishInitialization();
    } catch (ParsedNodeException | SetupException | RuntimeException e) {
      problem(
          node,
          "could not read the change \"%s\": %s".formatted(node.name(), reason(e)),
          "Mend it.");
      return Optional.empty();
    }
    Optional<Node> ignored = tracked.ignored();
    ignored.ifPresent(part -> ignored(node, part));
    return ignored.isPresent() ? Optional.empty() : Optional.of(change);
  }

  private void ignored(Node change, Node part) {
    problem(
        part,
        "unknown attribute \"%s\" of the change \"%s\"".formatted(part.name(), change.name()),
        "Take it out, or mend its spelling: Liquibase would not see it.");
  }

  private void generate(Node node, Change change) {
    try {
      if (change instanceof AlterSequenceChange sequence && sequence.isOrdered() != null) {
        problem(node, "ordered is not allowed on postgresql", "Take it out.");
        return;
      }
      ValidationErrors errors = change.validate(database);
      if (errors.hasErrors()) {
        problem(
            node,
            "the change \"%s\" is not complete: %s"
                .formatted(node.name(), String.join("; ", errors.getErrorMessages())),
            "Mend it.");
        return;
      }
      addGenerated(
          node,
          switch (change) {
            case LoadDataChange data -> loaded(node, data);
            case DropAllForeignKeyConstraintsChange keys ->
                List.of(
                    RunTimeChanges.dropForeignKeys(
                        table(keys.getBaseTableSchemaName(), keys.getBaseTableName())));
            case DropPrimaryKeyChange key when key.getConstraintName() == null ->
                List.of(
                    RunTimeChanges.dropPrimaryKey(table(key.getSchemaName(), key.getTableName())));
            case AddUniqueConstraintChange unique when unique.getForIndexName() != null ->
                List.of(uniqueByIndex(unique));
            default -> sql(List.of(change.generateStatements(database)));
          });
    } catch (RuntimeException e) {
      problem(
          node,
          "no SQL can be generated for \"%s\": %s".formatted(node.name(), reason(e)),
          "Write it as sql.");
    }
  }

  private List<String> loaded(Node node, LoadDataChange change) {
    var data = new LoadedData(change, node, changeset.file(), finder);
    return data.check(this::problem) ? sql(data.statements(database)) : List.of();
  }

  /// Liquibase writes the columns in front of the index, as Oracle has it.
  private String uniqueByIndex(AddUniqueConstraintChange change) {
    String name = change.getConstraintName();
    return "ALTER TABLE "
        + table(change.getSchemaName(), change.getTableName())
        + " ADD"
        + (name == null ? "" : " CONSTRAINT " + database.escapeConstraintName(name))
        + " UNIQUE USING INDEX "
        + database.escapeObjectName(change.getForIndexName(), Index.class)
        + (Boolean.TRUE.equals(change.getDeferrable()) ? " DEFERRABLE" : "")
        + (Boolean.TRUE.equals(change.getInitiallyDeferred()) ? " INITIALLY DEFERRED" : "");
  }

  /// The name of a table as it stands in generated SQL.
  private String table(@Nullable String schema, String name) {
    return database.escapeTableName(null, schema, name);
  }

  private List<String> sql(List<? extends SqlStatement> statements) {
    List<String> pieces = new ArrayList<>();
    for (SqlStatement statement : statements) {
      Sql[] generated = SqlGeneratorFactory.getInstance().generateSql(statement, database);
      for (Sql sql : generated == null ? new Sql[0] : generated) {
        pieces.add(RunTimeChanges.requoted(sql.toSql()));
      }
    }
    return pieces;
  }

  private void addGenerated(Node change, List<String> pieces) {
    List<String> modified = pieces.stream().map(modification::modify).toList();
    sources.add(
        new MigrationSql.Source(
            changeset.file().shown(), RawSql.generated(modified, change.line())));
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.strip().lines().findFirst().orElse("");
  }

  private void problem(Node node, String message, String hint) {
    problems.add(
        new ChangelogProblem(new Origin(changeset.file().shown(), node.line()), message, hint));
  }
}
