package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import liquibase.database.Database;

/// Has the SQL of a changeset's changes written: by Liquibase, except for what is SQL already and
/// for what Liquibase would do by itself at run time.
final class ChangeSql {
  /// How SQL is split; the original splitting is of no use to Liquibase either.
  private static final String SPLITTING =
      "dbms|comment|splitStatements|stripComments|endDelimiter|ignoreOriginalSplitStatements";

  private final Changeset changeset;
  private final FileFinder finder;
  private final SqlModification modification;
  private final List<ChangelogProblem> problems;
  private final List<MigrationSql.Source> sources = new ArrayList<>();
  private final NodeCheck check;
  private final ChangeReading reader;
  private final ChangeGeneration generator;

  private ChangeSql(
      Changeset changeset,
      FileFinder finder,
      Selection selection,
      Database database,
      List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.finder = finder;
    this.problems = problems;
    this.modification = SqlModification.of(changeset, selection, database, problems);
    this.check = new NodeCheck(problems);
    this.reader = new ChangeReading(changeset, problems);
    this.generator = new ChangeGeneration(changeset, finder, database, problems);
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
      } else if (!ChangesetAttribute.isOne(name) && !name.equals("modifysql")) {
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
    check.allowTruth(changeset.file(), change, "relativeToChangelogFile");
    switch (Treatment.of(change.name())) {
      case GENERATED -> addByLiquibase(change);
      case SQL -> {
        if (change.name().equals("sql")) {
          addRaw(change);
        } else {
          addFile(change);
        }
      }
      case NOTHING -> reader.read(change);
      case STOP -> addGenerated(change, RunTimeChanges.stop(change, changeset.properties()));
      case OUTPUT -> addOutput(change);
      case JAVA_CLASS ->
          problem(
              change,
              change.name() + " runs a Java class, and none is loaded here",
              "Write what it does as sql.");
      case PROGRAM ->
          problem(
              change,
              change.name() + " runs a program, and migrations run SQL only",
              "Run it before or behind slipway.");
    }
  }

  private void addRaw(Node change) {
    allow(change, SPLITTING + "|sql|sqlStartLine|sqlEndLine");
    Node holder = change.text().isEmpty() ? change.child("sql").orElse(change) : change;
    WrittenText written = WrittenText.of(holder, changeset);
    if (written.text().isBlank()) {
      problem(change, "a change \"sql\" without SQL", "Write its statements, or take it out.");
      return;
    }
    sources.add(RawSql.split(splitting(change), written, modification::modify));
  }

  private void addFile(Node change) {
    allow(change, SPLITTING + "|path|relativeToChangelogFile|encoding");
    check.allowNoText(changeset.file(), change);
    ReferredText.read(change, changeset, finder, problems)
        .map(written -> RawSql.split(splitting(change), written, modification::modify))
        .ifPresent(sources::add);
  }

  private Node splitting(Node change) {
    Node attributes = change.attributes(changeset.properties());
    check.allowTruth(changeset.file(), attributes, "splitStatements", "stripComments");
    return attributes;
  }

  private void allow(Node change, String names) {
    for (Node child : change.children()) {
      if (!child.name().matches("(?i)" + names)) {
        reader.refuseIgnored(change, child);
      }
    }
  }

  private void addOutput(Node change) {
    if (reader.read(change).isEmpty()) {
      return;
    }
    String target = changeset.properties().expand(change.attribute("target"));
    if (!RunTimeChanges.isTarget(target)) {
      problem(
          change,
          "unknown target \"%s\" of an output".formatted(target),
          "Write STDERR, STDOUT, DEBUG, INFO, WARN or FATAL.");
    }
    addGenerated(change, RunTimeChanges.output(change, changeset.properties()));
  }

  private void addByLiquibase(Node change) {
    var rewriting = new ChangeRewriting(changeset, finder, problems);
    rewriting
        .rewrite(change)
        .flatMap(reader::read)
        .ifPresent(
            read -> addGenerated(generator.generate(change, read), rewriting.written(change)));
  }

  private void addGenerated(List<String> pieces, WrittenText written) {
    List<String> modified = pieces.stream().map(modification::modify).toList();
    sources.add(RawSql.generated(modified, written));
  }

  private void addGenerated(Node change, String sql) {
    addGenerated(List.of(sql), WrittenText.none(change, changeset));
  }

  private void problem(Node node, String message, String hint) {
    problems.add(
        new ChangelogProblem(new Origin(changeset.file().shown(), node.line()), message, hint));
  }
}
