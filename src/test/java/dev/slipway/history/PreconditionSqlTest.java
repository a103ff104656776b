package dev.slipway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.history.HistoryTable.Presence;
import dev.slipway.migration.Condition;
import dev.slipway.migration.Condition.All;
import dev.slipway.migration.Condition.Any;
import dev.slipway.migration.Condition.Holds;
import dev.slipway.migration.Condition.Known;
import dev.slipway.migration.Condition.Not;
import dev.slipway.migration.Condition.Recorded;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PreconditionSqlTest {
  private static final MigrationId ID = new MigrationId("20260101000000_It's \"a\\b\" $1 ü");
  private static final Condition TRUE = new Holds("true", "yes");
  private static final Condition FALSE = new Holds("false", "no");
  private static final Condition NULL = new Holds("NULL", "null");
  private static final Condition BROKEN = new Holds("1 / 0 = 1", "broken");
  private static final HistoryTable HISTORY = history(Presence.TABLE);

  private static HistoryTable history(Presence presence) {
    return new HistoryTable(
        new Identifier("It's \"odd\\\" ü"),
        new Identifier("a\"b'c\\d"),
        new Identifier("migration_id"),
        new Identifier("Product Version"),
        Optional.empty(),
        presence,
        Set.of());
  }

  private static Condition all(Condition... conditions) {
    return new All(List.of(conditions));
  }

  private static Condition any(Condition... conditions) {
    return new Any(List.of(conditions));
  }

  /// A session of the owner's in which each precondition is asked in a transaction of its own.
  private static final class Asking implements AutoCloseable {
    private final TestDatabase database;
    private final Connection connection;

    Asking(ServerVersion version) throws SQLException {
      database = TestDatabase.on(version.server());
      connection = database.connectAsOwner();
      connection.setAutoCommit(false);
    }

    void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    String value(String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(sql)) {
        result.next();
        var row = new StringJoiner("|");
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        return row.toString();
      }
    }

    /// The answer, as settings in their order with `|` between.
    String answer(HistoryTable history, Condition condition) throws SQLException {
      execute(new PreconditionSql(new HistorySql(history)).ask(condition));
      String answer = value(PreconditionSql.ANSWER);
      connection.commit();
      return answer;
    }

    String answer(Condition condition) throws SQLException {
      return answer(HISTORY, condition);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void the_clause_that_decides_is_named(ServerVersion version) throws SQLException {
    try (var asking = new Asking(version)) {
      assertThat(asking.answer(TRUE)).isEqualTo("true|yes||");
      assertThat(asking.answer(FALSE)).isEqualTo("false|no||");
      assertThat(asking.answer(NULL)).isEqualTo("false|null||");
      assertThat(asking.answer(new Not(TRUE))).isEqualTo("false|not (yes)||");
      assertThat(asking.answer(new Not(NULL))).isEqualTo("true|not (null)||");
      assertThat(asking.answer(new Known(false, "known"))).isEqualTo("false|known||");
      assertThat(asking.answer(all(TRUE, all(TRUE, NULL), TRUE))).isEqualTo("false|null||");
      assertThat(asking.answer(any(FALSE, NULL))).isEqualTo("false|no or null||");
      assertThat(asking.answer(any(FALSE, all(TRUE, TRUE))))
          .isEqualTo("true|no or (yes and yes)||");
      assertThat(asking.answer(all())).startsWith("true|");
      assertThat(asking.answer(any())).startsWith("false|");
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void nothing_is_asked_behind_what_decides(ServerVersion version) throws SQLException {
    var missing = new Holds("(SELECT count(*) FROM missing) = 0", "it is empty");
    var unparsable = new Holds("SELECT SELECT (", "nonsense");
    try (var asking = new Asking(version)) {
      assertThat(asking.answer(all(FALSE, missing, unparsable))).isEqualTo("false|no||");
      assertThat(asking.answer(any(TRUE, missing, unparsable))).startsWith("true|");
      assertThat(asking.answer(all(any(TRUE, BROKEN), FALSE, BROKEN))).isEqualTo("false|no||");
      assertThat(asking.answer(all(TRUE, missing)))
          .isEqualTo("error|it is empty|42P01|relation \"missing\" does not exist");
      assertThat(asking.answer(any(FALSE, unparsable, TRUE)))
          .startsWith("error|nonsense|42601|syntax error");
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void an_error_decides_and_leaves_the_transaction_usable(ServerVersion version)
      throws SQLException {
    try (var asking = new Asking(version)) {
      assertThat(asking.answer(BROKEN)).isEqualTo("error|broken|22012|division by zero");
      assertThat(asking.answer(new Not(BROKEN))).startsWith("error|broken|");
      assertThat(asking.answer(any(FALSE, BROKEN, TRUE))).startsWith("error|broken|");
      assertThat(asking.answer(new Holds("'maybe'", "no boolean")))
          .startsWith("error|no boolean|22P02");
      asking.execute(
          "CREATE FUNCTION asserts() RETURNS bool LANGUAGE plpgsql AS"
              + " $$ BEGIN ASSERT false, 'no'; RETURN true; END $$");
      assertThat(asking.answer(new Holds("asserts()", "it asserts")))
          .isEqualTo("error|it asserts|P0004|no");
      assertThat(asking.answer(TRUE)).isEqualTo("true|yes||");
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void texts_arrive_as_they_are(ServerVersion version) throws SQLException {
    try (var asking = new Asking(version)) {
      for (String setting : List.of("on", "off")) {
        asking.execute("SET standard_conforming_strings = " + setting);
        asking.execute("SET escape_string_warning = off");
        for (String text :
            List.of(
                "it's",
                "\"quoted\"",
                "$q$ and $$ and $slipway$ and $slipway1$",
                "$slipway$; COMMIT; DO $slipway$",
                "?? :name $1 {ts} %s %",
                "Größe 東京 🚢")) {
          assertThat(
                  asking.answer(new Holds("length('" + text.replace("'", "''") + "') = 0", text)))
              .isEqualTo("false|" + text + "||");
        }
        assertThat(asking.answer(new Holds("$$a\\b$$ = E'a\\\\b'", "a\\b")))
            .isEqualTo("true|a\\b||");
        assertThat(asking.answer(new Holds("true -- and\n  -- why", "commented")))
            .startsWith("true");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void what_is_recorded_is_known_in_any_letter_case(ServerVersion version) throws SQLException {
    var sql = new HistorySql(HISTORY);
    try (var asking = new Asking(version)) {
      asking.execute(HistorySql.createSchema(HISTORY.schema()));
      asking.execute(sql.createHistory());
      assertThat(asking.answer(new Recorded(ID)))
          .isEqualTo("false|migration \"" + ID + "\" is recorded||");
      asking.execute(sql.recordMigration(ID, "slipway"));

      assertThat(asking.answer(new Recorded(ID))).startsWith("true|");
      assertThat(asking.answer(new Recorded(new MigrationId(ID.value().toUpperCase(Locale.ROOT)))))
          .startsWith("true|");
      assertThat(asking.answer(new Recorded(new MigrationId(ID + "x")))).startsWith("false|");
    }
  }

  @Test
  void nothing_is_recorded_in_a_history_that_is_not_there() throws SQLException {
    try (var asking = new Asking(ServerVersion.NEWEST)) {
      for (Presence presence : List.of(Presence.NO_SCHEMA, Presence.NO_TABLE)) {
        assertThat(asking.answer(history(presence), new Recorded(ID))).startsWith("false|");
        assertThat(asking.answer(history(presence), new Not(new Recorded(ID)))).startsWith("true|");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void what_the_queries_do_is_undone(ServerVersion version) throws SQLException {
    var trace =
        new Holds(
            "leaves_traces() AND set_config('search_path', 'nowhere', false) = 'nowhere'",
            "traces");
    try (var asking = new Asking(version)) {
      asking.execute(
          """
          CREATE TABLE traces (id int);
          CREATE FUNCTION leaves_traces() RETURNS bool LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO traces VALUES (1);
            CREATE TEMPORARY TABLE temp_trace ();
            PERFORM set_config('slipway.precondition', 'forged', true);
            PERFORM set_config('role', 'pg_read_all_data', false);
            RETURN true;
          EXCEPTION WHEN insufficient_privilege OR invalid_parameter_value THEN
            INSERT INTO traces VALUES (2);
            RETURN true;
          END $$""");
      for (Condition condition : List.of(trace, new Not(trace), all(trace, BROKEN))) {
        assertThat(asking.answer(condition)).doesNotStartWith("forged");

        assertThat(
                asking.value(
                    "SELECT (SELECT count(*) FROM traces), to_regclass('temp_trace'),"
                        + " current_setting('search_path'), current_user = session_user"))
            .isEqualTo("0|null|\"$user\", public|t");
      }
    }
  }

  @Test
  void the_answer_ends_with_its_transaction() throws SQLException {
    try (var asking = new Asking(ServerVersion.NEWEST)) {
      asking.answer(BROKEN);

      assertThat(asking.value(PreconditionSql.ANSWER)).isEqualTo("|||");
    }
  }

  /// The first schema of the path may hold functions and operators with names of the system's.
  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void a_search_path_does_not_lead_it_astray(ServerVersion version) throws SQLException {
    try (var asking = new Asking(version)) {
      asking.execute(
          """
          CREATE SCHEMA trap;
          CREATE DOMAIN trap.bool AS int;
          CREATE DOMAIN trap.text AS int;
          CREATE FUNCTION trap.set_config(text, text, bool) RETURNS text LANGUAGE sql AS 'SELECT NULL';
          CREATE FUNCTION trap.trapped() RETURNS pg_catalog.bool LANGUAGE sql AS 'SELECT true';
          SET search_path = trap, pg_catalog""");

      assertThat(asking.answer(all(TRUE, new Holds("trapped()", "path")))).isEqualTo("true|path||");
      assertThat(asking.answer(any(BROKEN))).startsWith("error|broken|22012");
    }
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void what_tells_nothing_of_the_condition_is_no_answer(ServerVersion version) throws SQLException {
    try (var asking = new Asking(version)) {
      asking.execute(
          """
          CREATE FUNCTION fails(state text) RETURNS bool LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'boom' USING ERRCODE = state; END $$""");
      asking.connection.commit();
      for (String state :
          List.of("55P03", "40P01", "40001", "57014", "57P01", "53200", "53100", "58030")) {
        var condition = new Not(new Holds("fails('" + state + "')", "it fails"));

        assertThatThrownBy(() -> asking.answer(condition))
            .isInstanceOf(SQLException.class)
            .extracting(e -> ((SQLException) e).getSQLState())
            .isEqualTo(state);
        asking.connection.rollback();
      }
    }
  }

  @Test
  void it_reads_as_a_program() {
    assertThat(
            new PreconditionSql(new HistorySql(HISTORY))
                .ask(
                    all(
                        new Holds("EXISTS (SELECT FROM \"a\\b\")", "it is there"),
                        new Not(any(TRUE, FALSE)))))
        .startsWith("DO $slipway$\nDECLARE\n")
        .contains(
            """
            BEGIN
              BEGIN
                asked := 'it is there';
                EXECUTE E'SELECT EXISTS (SELECT FROM "a\\\\b")' INTO holds;
                holds := COALESCE(holds, false);
                IF holds THEN
                  asked := 'yes';
                  EXECUTE 'SELECT true' INTO holds;
                  holds := COALESCE(holds, false);
                  IF NOT holds THEN
                    asked := 'no';
                    EXECUTE 'SELECT false' INTO holds;
                    holds := COALESCE(holds, false);
                  END IF;
                  asked := 'yes or no';
                  holds := NOT holds;
                  asked := 'not (yes or no)';
                END IF;
                answered := true;
            """)
        .endsWith("END\n$slipway$");
  }
}
