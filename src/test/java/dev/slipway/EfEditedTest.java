package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.EfScriptText;
import dev.slipway.testing.EfScriptText.Command;
import dev.slipway.testing.EfScriptText.Migration;
import dev.slipway.testing.EfScriptText.Shape;
import dev.slipway.testing.EfScriptText.Version;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts of EF's that somebody has edited: a run makes of them what psql makes, and so does our
/// script of them.
final class EfEditedTest {
  private static final String A = "20240101000001_A";
  private static final String B = "20240101000002_B";
  private static final String BEFORE_B = "(?s)(COMMIT;\n\n)(START TRANSACTION;.*)";

  @TempDir private Path folder;

  /// @param edited what a person makes of EF's script
  /// @param meant what psql gets: the same, unless the edit breaks it for psql
  record Edit(String name, String edited, String meant) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Edit edit(String name, UnaryOperator<String> edit) {
    String edited = edit.apply(script());
    return new Edit(name, edited, edited);
  }

  /// For psql it is as if nothing had been done.
  private static Edit slip(String name, UnaryOperator<String> edit) {
    return new Edit(name, edit.apply(script()), script());
  }

  private static Edit inFront(String sql) {
    return edit("in front: " + sql, script -> sql + "\n" + script);
  }

  private static Edit between(String sql) {
    return edit(
        "between: " + sql, script -> replace(script, BEFORE_B, "$1" + quoted(sql) + "\n$2"));
  }

  private static String quoted(String sql) {
    return sql.replace("\\", "\\\\").replace("$", "\\$");
  }

  private static String replace(String script, String pattern, String by) {
    String replaced = script.replaceFirst(pattern, by);
    assertThat(replaced).isNotEqualTo(script);
    return replaced;
  }

  private static String script() {
    return script(
        new Migration(A, List.of(new Command("CREATE TABLE a (x int, t text);", false))),
        new Migration(
            B,
            List.of(
                new Command("CREATE TABLE b (x int);", false),
                new Command("INSERT INTO a VALUES (1, 'two\n  lines');", false))));
  }

  private static String script(Migration... migrations) {
    return EfScriptText.of(
        List.of(migrations), new Shape(Version.EF10, "\n", false, "    ", false), Randomness.of(1));
  }

  static Stream<Edit> edits() {
    return Stream.of(slips(), additions(), settings(), histories()).flatMap(edits -> edits);
  }

  private static Stream<Edit> slips() {
    return Stream.of(
        new Edit(
            "texts as EF's script has them",
            script(),
            script()
                .replace("    INSERT INTO a", "INSERT INTO a")
                .replace("      lines", "  lines")),
        slip("START without a semicolon", s -> replace(s, "TRANSACTION;", "TRANSACTION")),
        slip("COMMIT without a semicolon", s -> replace(s, "COMMIT;", "COMMIT")),
        edit("END for COMMIT", s -> replace(s, "COMMIT;", "END;")),
        edit("BEGIN WORK for START", s -> replace(s, "START TRANSACTION;", "BEGIN WORK;")),
        slip("a line at the margin", s -> replace(s, "(    INSERT INTO a)", "-- by hand\n$1")),
        slip("a semicolon at the margin", s -> replace(s, "(lines'\\);)", "$1\n;")),
        edit(
            "two scripts joined",
            s -> script(new Migration(A, List.of(new Command(FIRST, false)))) + "\n" + s),
        edit("a comment that names another database", s -> "-- was `__EFMigrationsHistory`\n" + s),
        edit(
            "ON CONFLICT",
            s -> replace(s, "\\('20240101000001_A', '10.0.1'\\)", "$0 ON CONFLICT DO NOTHING")),
        edit("ids that differ behind the digits", s -> s.replace("01_A", "02_a")));
  }

  private static final String FIRST = "CREATE TABLE a (x int, t text);";

  private static Stream<Edit> additions() {
    return Stream.of(
        inFront("CREATE SCHEMA IF NOT EXISTS extra;"),
        inFront("CREATE TABLE IF NOT EXISTS l (x text); INSERT INTO l VALUES ('CREATE SCHEMA');"),
        inFront("CREATE TABLE l (x text);"),
        inFront("CREATE TABLE IF NOT EXISTS kept (\"MigrationId\" text, \"ProductVersion\" text);"),
        between(
            "DO $$ BEGIN IF NOT EXISTS(SELECT 1 FROM \"__EFMigrationsHistory\" WHERE"
                + " \"MigrationId\" = '20240101000001_A') THEN RAISE EXCEPTION 'no A'; END IF; END $$;"),
        between(
            "DO $$ BEGIN IF EXISTS(SELECT 1 FROM \"__EFMigrationsHistory\" WHERE"
                + " \"MigrationId\" = '20990101000001_X') THEN RAISE EXCEPTION 'X'; END IF; END $$;"),
        between("CREATE INDEX CONCURRENTLY i ON a (x);"),
        edit("VACUUM at the end", s -> s + "\nVACUUM ANALYZE a;\n"),
        edit(
            "a row of an older migration",
            s ->
                replace(
                    s,
                    "CREATE TABLE b \\(x int\\);",
                    "INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\")"
                        + " VALUES ('20230101000000_Old', '7.0.0');\n    $0")));
  }

  private static Stream<Edit> settings() {
    return Stream.of(
        inFront("CREATE SCHEMA IF NOT EXISTS app; SET search_path TO app;"),
        inFront("CREATE SCHEMA IF NOT EXISTS app; SET SCHEMA 'app';"),
        inFront(
            "CREATE SCHEMA IF NOT EXISTS app;"
                + " SELECT pg_catalog.set_config('search_path', 'app, public', false);"),
        inFront("SET LOCAL search_path = nowhere;"),
        between("CREATE TABLE q AS SELECT current_setting('work_mem'); SET work_mem = '77MB';"),
        between("SET work_mem = '77MB'; CREATE TABLE q AS SELECT current_setting('work_mem');"),
        between("CREATE SCHEMA s; SET search_path = s; CREATE TABLE q (x int); RESET search_path;"),
        edit(
            "a setting of one transaction",
            s ->
                replace(s, "START TRANSACTION;", "$0\nSET LOCAL work_mem = '77MB';")
                    .replace("TABLE b (x int)", "TABLE b AS SELECT current_setting('work_mem')")));
  }

  private static Stream<Edit> histories() {
    return Stream.of(
        edit(
            "another column in the history",
            s ->
                replace(
                    s,
                    "(\"ProductVersion\" character varying)\\(32\\)( NOT NULL,)",
                    "\"At\" timestamptz NOT NULL DEFAULT now(), $1(64)$2")));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void a_run_makes_what_psql_makes(Edit edit) {
    new Folder(folder)
        .write("changelog/migrations.sql", edit.edited())
        .write("psql.sql", edit.meant());
    try (var byPsql = TestDatabase.create();
        var byRun = TestDatabase.create();
        var byScript = TestDatabase.create()) {
      psql(byPsql, "psql.sql");

      Program.Result run = Program.in(folder).with("Shop", byRun).run();
      Program.Result again = Program.in(folder).with("Shop", byRun).run();
      Program.in(folder).run("script", "-o", "ours.sql");
      psql(byScript, "ours.sql");

      assertThat(run.code()).as(run.toString()).isZero();
      assertThat(again.out()).as(again.toString()).contains("nothing to do");
      for (TestDatabase made : List.of(byRun, byScript)) {
        assertThat(tables(made)).isEqualTo(tables(byPsql));
        assertThat(Catalog.schema(made)).isEqualTo(Catalog.schema(byPsql));
        assertThat(Catalog.contents(made)).isEqualTo(Catalog.contents(byPsql).replace(TEXT, MEANT));
        assertThat(history(made)).isEqualTo(history(byPsql));
      }
    }
  }

  /// What psql stores of EF's script, and what the author wrote.
  private static final String TEXT = "two\n      lines";

  private static final String MEANT = "two\n  lines";

  private void psql(TestDatabase database, String file) {
    Psql.Result result =
        Psql.run(database, database.owner(), folder.resolve(file), "--set=ON_ERROR_STOP=1");
    assertThat(result.code()).as(result.text()).isZero();
  }

  private static List<String> tables(TestDatabase database) {
    return database.tables().stream().filter(name -> !name.endsWith(".slipway_journal")).toList();
  }

  private static List<String> history(TestDatabase database) {
    String table =
        database
            .rows("SELECT oid::regclass FROM pg_class WHERE relname = '__EFMigrationsHistory'")
            .getFirst();
    return database.rows(
        "SELECT \"MigrationId\", \"ProductVersion\" FROM %s ORDER BY 1".formatted(table));
  }
}
