package dev.slipway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sql.Identifier;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Need;
import dev.slipway.sql.Need.Kind;
import dev.slipway.sql.Need.Right;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NeedsTest {
  private static final Need OWNS_T = own("app", "t");

  private static Need own(String schema, String name) {
    return new Need.OnObject(
        Right.OWNERSHIP,
        Kind.RELATION,
        Optional.of(schema).filter(s -> !s.isEmpty()).map(Identifier::new),
        new Identifier(name));
  }

  /// Each text a migration.
  private static Needs needs(String... texts) {
    List<Migration> migrations = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      migrations.add(migration(i, texts[i], Conduct.OnFailure.STOP, Optional.empty()));
    }
    return CompiledMigration.check(migrations);
  }

  private static Migration migration(
      int number, String text, Conduct.OnFailure onFailure, Optional<Precondition> precondition) {
    Migration sample = Samples.migration("2024010%d000000_M".formatted(number + 1));
    String file = sample.origin().file();
    return new Migration(
        sample.id(),
        sample.origin(),
        sample.checksum(),
        new Conduct(TransactionMode.ONE, Rerun.NEVER, onFailure),
        sample.edits(),
        Optional.empty(),
        Optional.empty(),
        () ->
            new MigrationSql(
                List.of(new MigrationSql.Source(file, Lexer.split(text))),
                precondition,
                List.of()));
  }

  @Test
  void each_need_is_there_once_with_the_first_statement_that_has_it() {
    Needs needs =
        needs(
            "SELECT setval('s', 1);\n ALTER TABLE app.t ADD a int", "ALTER TABLE app.t ADD b int");

    assertThat(needs.places()).containsOnlyKeys(OWNS_T);
    assertThat(needs.places().get(OWNS_T)).hasToString("20240101000000_M.sql:2 (ALTER TABLE)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE IF NOT EXISTS app.t (id int)",
        "CREATE TABLE t (id int)",
        "CREATE TEMP TABLE t (id int)",
        "ALTER TABLE app.s RENAME TO t",
        "ALTER TABLE other.t SET SCHEMA app",
        "CREATE SCHEMA app",
        "DROP SCHEMA app CASCADE",
        "DROP SCHEMA other CASCADE",
        "DROP VIEW v CASCADE",
        "DROP FUNCTION other.f(int) CASCADE",
        "ALTER TABLE other.t DROP COLUMN a CASCADE",
        "DROP OPERATOR other.=== (int, int) CASCADE",
        "DO $$ BEGIN EXECUTE 'DROP TABLE app.t'; END $$",
        "CALL app.rebuild()",
        "SELECT app.rebuild()",
        "GRANT boss TO me",
        "ALTER SCHEMA a RENAME TO app",
      })
  void of_what_an_earlier_statement_may_have_made_nothing_is_said(String earlier) {
    assertThat(needs(earlier, "ALTER TABLE app.t ADD a int").places()).doesNotContainKey(OWNS_T);
    assertThat(needs(earlier + ";ALTER TABLE app.t ADD a int").places()).doesNotContainKey(OWNS_T);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE app.u (id int)",
        "CREATE SCHEMA other",
        "GRANT SELECT ON app.t TO bob",
        "INSERT INTO app.t VALUES (1)",
        "SET search_path = other",
        "DROP VIEW v",
        "ALTER TABLE other.t DROP COLUMN a",
        "SELECT pg_catalog.set_config('search_path', '', false)"
      })
  void what_has_nothing_to_do_with_it_leaves_a_qualified_name_certain(String earlier) {
    assertThat(needs(earlier, "ALTER TABLE app.t ADD a int").places()).containsKey(OWNS_T);
    assertThat(needs(earlier + ";ALTER TABLE app.t ADD a int").places()).containsKey(OWNS_T);
  }

  @Test
  void another_role_counts_up_to_the_end_of_its_migration() {
    assertThat(needs("SET ROLE boss; ALTER TABLE app.t ADD a int").places()).isEmpty();
    assertThat(needs("SET ROLE boss", "ALTER TABLE app.t ADD a int").places())
        .containsOnlyKeys(OWNS_T);
  }

  @Test
  void another_search_path_counts_for_names_without_a_schema_up_to_the_end_of_its_migration() {
    assertThat(needs("SET search_path = a; ALTER TABLE t ADD a int").places()).isEmpty();
    assertThat(needs("SET search_path = a", "ALTER TABLE t ADD a int").places())
        .containsOnlyKeys(own("", "t"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE SCHEMA a", "DROP VIEW app.v CASCADE", "DROP EXTENSION citext"})
  void where_names_without_a_schema_lead_is_unknown_behind_what_may_move_them(String earlier) {
    assertThat(needs(earlier, "ALTER TABLE t ADD a int").places()).doesNotContainKey(own("", "t"));
  }

  @Test
  void what_goes_with_a_table_is_unknown_once_one_is_dropped() {
    assertThat(needs("ALTER SEQUENCE app.s RESTART").places()).hasSize(1);
    assertThat(needs("DROP TABLE app.t; ALTER SEQUENCE app.s RESTART").places()).hasSize(1);
  }

  @Test
  void a_migration_that_may_not_be_run_or_may_fail_needs_nothing_but_makes_what_it_makes() {
    String text = "ALTER TABLE app.t ADD a int; CREATE TABLE u (id int)";
    var asked =
        new Precondition(
            new Origin("x", 1),
            new Condition.All(List.of()),
            Precondition.Otherwise.MARK_RAN,
            Precondition.Otherwise.HALT,
            "",
            "");

    for (Migration migration :
        List.of(
            migration(0, text, Conduct.OnFailure.STOP, Optional.of(asked)),
            migration(0, text, Conduct.OnFailure.GO_ON, Optional.empty()))) {
      Needs needs =
          CompiledMigration.check(
              List.of(
                  migration,
                  migration(
                      1, "ALTER TABLE app.u ADD b int", Conduct.OnFailure.STOP, Optional.empty())));

      assertThat(needs.places()).isEmpty();
    }
  }

  @Test
  void what_is_temporary_or_of_the_system_is_left_out() {
    assertThat(
            needs("CREATE TABLE pg_temp.t (id int); COMMENT ON TABLE pg_catalog.pg_class IS ''")
                .places())
        .isEmpty();
  }
}
