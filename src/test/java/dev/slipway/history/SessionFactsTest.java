package dev.slipway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.config.ConnectionString;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.Session;
import dev.slipway.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionFactsTest {
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Session connect(String more) {
    var connector = new Connector(Duration.ZERO, Optional.empty(), (reason, waited) -> {});
    return connector.connect(ConnectionString.parse("x", database.connectionString(more)));
  }

  private SessionFacts facts(String more, Clock clock) throws SQLException {
    try (Session session = connect(more)) {
      return SessionFacts.read(session, clock);
    }
  }

  @Test
  void the_server_is_ahead_of_a_clock_that_is_slow() throws SQLException {
    Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));

    Duration difference = facts("", slow).clockDifference();

    assertThat(difference).isCloseTo(Duration.ofHours(1), TOLERANCE);
  }

  @Test
  void the_server_is_behind_a_clock_that_is_fast() throws SQLException {
    Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    Duration difference = facts("", fast).clockDifference();

    assertThat(difference).isCloseTo(Duration.ofHours(-1), TOLERANCE);
  }

  @Test
  void the_schema_of_the_user_counts_where_it_exists() throws SQLException {
    assertThat(first()).isEqualTo("public");

    database.executeAsOwner("CREATE SCHEMA " + database.owner());

    assertThat(first()).isEqualTo(database.owner());
  }

  @Test
  void a_path_without_a_name_has_no_first_schema() throws SQLException {
    assertThat(facts(";Options=-c search_path=", Clock.systemUTC()).path().first()).isEmpty();
  }

  @Test
  void the_rights_on_a_table_are_those_of_the_role() throws SQLException {
    database.execute("CREATE TABLE t (id int)");
    database.execute("GRANT SELECT, DELETE ON t TO " + database.owner());
    try (Session session = connect("")) {
      assertThat(SessionFacts.rights(session, "public.t")).containsExactly("SELECT", "DELETE");
    }
  }

  /// By the server's default, `"$user", public`.
  private String first() throws SQLException {
    return facts("", Clock.systemUTC()).path().first().orElseThrow().name();
  }
}
