package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `slipway resync --check`.
final class ResyncCheckTest {
  private static final String ONE = "20240101000000_One";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    new Folder(path)
        .write(
            "changelog/" + ONE + ".sql",
            "CREATE SCHEMA sales; CREATE TABLE orders (id int); CREATE TABLE sales.lines (id int);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  /// Kind, schema and name of what is found, from the lines in front of the summary.
  private List<String> found() {
    List<String> lines = ends(1, program().run("resync", "--check")).out().lines().toList();
    return lines.subList(0, lines.size() - 1).stream()
        .map(line -> line.replaceAll(" {2,}", "|").replaceAll("\\|about.*", ""))
        .toList();
  }

  @Test
  void an_empty_database_is_clean() {
    assertThat(ends(0, program().run("resync", "--check")).out()).isEqualTo("Gateway: clean\n");
    assertThat(ends(0, program().run("resync", "--check", "--json")).out())
        .isEqualTo("{\"clean\":true,\"found\":[]}\n");
  }

  @Test
  void history_journal_and_tables_of_all_its_schemas_are_found() {
    ends(0, program().run());

    assertThat(found())
        .containsExactly(
            "history|public.__EFMigrationsHistory",
            "table|public.orders",
            "journal|public.slipway_journal",
            "table|sales.lines");
  }

  /// The steps that a refused release prints begin with it.
  @Test
  void a_database_that_a_release_cannot_go_on_top_of_can_be_looked_at() {
    ends(0, program().run());
    new Folder(path)
        .delete("changelog/" + ONE + ".sql")
        .write("changelog/20250101000000_Squashed.sql", "CREATE TABLE orders (id int);");

    assertThat(ends(6, program().run()).err())
        .contains("2. See what would be lost: slipway resync --check --database Gateway");

    assertThat(found()).contains("history|public.__EFMigrationsHistory", "table|public.orders");
  }

  @Test
  void how_much_would_be_lost_is_told() {
    database.executeAsOwner(
        "CREATE TABLE orders AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 500);");
    database.execute("ANALYZE orders");

    assertThat(ends(1, program().run("resync", "--check")).out())
        .matches(
            """
            table  public.orders  about 500 rows, \\d+ kB
            Gateway: not clean, would lose 1 object with about 500 rows, \\d+ kB on disk
            """);
    assertThat(ends(1, program().run("resync", "--check", "--json")).out())
        .matches(
            "\\{\"clean\":false,\"found\":\\[\\{\"kind\":\"table\",\"schema\":\"public\","
                + "\"name\":\"orders\",\"rows\":500,\"bytes\":\\d{6}}]}\n");
  }

  @Test
  void everything_that_a_schema_can_hold_is_found_once() {
    database.executeAsOwner(
        """
        CREATE TABLE serial (id serial PRIMARY KEY, one int GENERATED ALWAYS AS IDENTITY);
        CREATE TABLE measures (day date, value int) PARTITION BY RANGE (day);
        CREATE TABLE measures_2024 PARTITION OF measures
          FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        INSERT INTO measures SELECT '2024-02-01', n FROM generate_series(1, 300) AS n;
        CREATE VIEW seen AS SELECT id FROM serial;
        CREATE MATERIALIZED VIEW kept AS SELECT id FROM serial;
        CREATE SEQUENCE alone;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TYPE pair AS (a int, b int);
        CREATE TYPE span AS RANGE (subtype = int);
        CREATE DOMAIN name AS text;
        CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
        CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int);
        CREATE COLLATION plain FROM "C";
        CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
        CREATE STATISTICS measured ON id, one FROM serial;
        SELECT pg_stat_force_next_flush();
        """);
    database.execute("ANALYZE");

    assertThat(found())
        .containsExactly(
            "aggregate|public.total(integer)",
            "collation|public.plain",
            "function|public.twice(n integer)",
            "materialized view|public.kept",
            "operator|public.===(integer,integer)",
            "procedure|public.nothing()",
            "sequence|public.alone",
            "table|public.measures",
            "table|public.serial",
            "type|public.mood",
            "type|public.name",
            "type|public.pair",
            "type|public.span",
            "view|public.seen");
    assertThat(ends(1, program().run("resync", "--check")).out())
        .containsPattern("table +public.measures +about 300 rows, ");
  }

  @Test
  void what_belongs_to_an_extension_and_to_other_schemas_does_not_count() {
    database.execute(
        """
        CREATE EXTENSION hstore SCHEMA public;
        CREATE SCHEMA other;
        CREATE TABLE other.things (id int);
        """);

    ends(0, program().run("resync", "--check"));
  }

  @Test
  void it_is_about_one_database(@TempDir Path several) {
    new Folder(several)
        .write("changelog/Gateway/" + ONE + ".sql", "CREATE TABLE orders (id int);")
        .write("changelog/Billing/" + ONE + ".sql", "CREATE TABLE bills (id int);");
    Program program = Program.in(several).with("Gateway", database).with("Billing", database);

    assertThat(ends(2, program.run("resync", "--check")).err())
        .contains("resync works on one database");
    ends(0, program.run("resync", "--check", "--database", "Billing"));
  }

  @Test
  void it_wants_to_be_told_what_to_do() {
    assertThat(ends(2, program().run("resync")).err()).contains("slipway resync --check");
  }
}
