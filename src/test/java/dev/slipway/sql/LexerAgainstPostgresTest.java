package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.testing.Randomness;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.Tuple;

/// What is one statement to us is one to the server: it takes each alone in a Parse message, which
/// holds one at most, and completes as many when it gets the whole text and splits it itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class LexerAgainstPostgresTest {
  private static final String TABLE = "CREATE TABLE t (a integer, b text)";

  /// A gap can stand at each ~, a text value at each ?.
  private static final List<String> TEMPLATES =
      List.of(
          "SELECT~1~+~-~1~AS~\"a;b\"~,~?~,~?",
          "SELECT~CASE~WHEN~true~THEN~?~ELSE~?~END~AS~end~,~(~SELECT~?~)~case",
          "SELECT~@~-~1~,~2~-~@~-~1~,~'{}'~::~jsonb~->>~?",
          "(~SELECT~?~)~UNION~ALL~(~VALUES~(~?~)~)",
          "INSERT~INTO~t~(~a~,~b~)~VALUES~(~1~,~?~)~,~(~2~,~?~)~RETURNING~b",
          "UPDATE~t~SET~b~=~?~||~?~WHERE~a~=~-~1~AND~b~<>~?",
          "WITH~w~AS~(~DELETE~FROM~t~RETURNING~b~)~SELECT~?~,~b~FROM~w",
          "CREATE~OR~REPLACE~FUNCTION~f~(~begin~int~)~RETURNS~text~BEGIN~ATOMIC~SELECT~CASE~WHEN"
              + "~begin~>~1~THEN~?~END~;~SELECT~?~end~,~1~AS~case~;~~;~SELECT~?~AS~end~;~END",
          "create~or~replace~procedure~p~(~)~language~sql~begin~atomic~end",
          "CREATE~OR~REPLACE~FUNCTION~begin~(~)~RETURNS~text~LANGUAGE~sql~RETURN~?",
          "CREATE~OR~REPLACE~RULE~r~AS~ON~UPDATE~TO~t~DO~ALSO~(~INSERT~INTO~t~VALUES~(~1~,~?~)~;"
              + "~DELETE~FROM~t~WHERE~b~=~?~)",
          "DO~LANGUAGE~plpgsql~$do$ BEGIN PERFORM 'it''s;'; -- it's;\n END $do$",
          "SET~LOCAL~search_path~=~public~,~\"a;\"");

  private static final List<String> VALUES =
      List.of(
          "'it''s; -- not'",
          "''",
          "'\\'",
          "'a;\r\n\\b /*'",
          "'a;'\n';\\'",
          "N'n;'",
          "U&'\\0041;'",
          "E'\\\\'",
          "e'\\';'",
          "E'a''\\''",
          "E';'\n'\\';'",
          "E'' -- it's\r --;\n '\\\\;\\''",
          "b'01'::text",
          "X'1F'::text",
          "('a'/**/||';')",
          "$a$b;$b$;'$a$",
          "$ä_1$;$ä_1$");

  private final Map<String, EmbeddedPostgres> servers = new HashMap<>();

  @AfterAll
  void stopServers() throws IOException {
    for (EmbeddedPostgres server : servers.values()) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oldest", "newest"})
  void each_generated_statement_is_one_to_the_server(String server) throws Exception {
    long first = Randomness.seed();
    try (Connection connection = connect(server)) {
      for (long seed = first; seed < first + 300L * Randomness.factor(); seed++) {
        String sql = TABLE + ";" + random(new Fragments(Randomness.of(seed)));
        try {
          assertSplitAsByTheServer(connection, sql);
        } catch (SQLException | AssertionError e) {
          throw new AssertionError("with -Dslipway.test.seed=%d:%n%s".formatted(seed, sql), e);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oldest", "newest"})
  void each_tricky_statement_is_one_to_the_server(String server) throws Exception {
    try (Connection connection = connect(server)) {
      assertSplitAsByTheServer(connection, resource("tricky.sql"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oldest", "newest"})
  void each_statement_of_a_dump_is_one_to_the_server(String server) throws Exception {
    String dump = resource("dump.sql");
    assertThat(dump).contains("\n\\restrict ", "\n\\unrestrict ");

    try (Connection connection = connect(server)) {
      assertSplitAsByTheServer(connection, dump);
    }
  }

  @Test
  void the_server_notices_two_statements_in_one() throws Exception {
    try (Connection connection = connect("newest")) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> completions(connection, "SELECT 1; SELECT 2", 0))
          .withMessageContaining("cannot insert multiple commands into a prepared statement");
    }
  }

  /// Leaves nothing behind.
  private static void assertSplitAsByTheServer(Connection connection, String sql)
      throws SQLException {
    Script script = Lexer.split(sql);
    assertThat(script.problems()).isEmpty();

    for (Statement statement : script.statements()) {
      assertThat(completions(connection, statement.text(), 0)).as(statement.text()).isOne();
    }
    connection.rollback();

    // To the server a guard of pg_dump is a syntax error.
    String withoutGuards = sql.replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    assertThat(completions(connection, withoutGuards, QueryExecutor.QUERY_EXECUTE_AS_SIMPLE))
        .isEqualTo(script.statements().size());
    connection.rollback();
  }

  private static int completions(Connection connection, String sql, int flag) throws SQLException {
    QueryExecutor executor = connection.unwrap(BaseConnection.class).getQueryExecutor();
    // Made by hand, so that pgjdbc splits nothing.
    Query query = executor.wrap(List.of(new NativeQuery(sql, null, false, SqlCommand.BLANK)));
    var counter = new CompletionCounter();
    executor.execute(query, null, counter, 0, 0, QueryExecutor.QUERY_ONESHOT | flag);
    return counter.completions;
  }

  private static String random(Fragments fragments) {
    var sql = new StringBuilder();
    for (int i = fragments.below(5); i >= 0; i--) {
      for (char c : fragments.pick(TEMPLATES).toCharArray()) {
        switch (c) {
          case '~' -> sql.append(fragments.gap());
          case '?' ->
              sql.append(fragments.oneIn(4) ? fragments.dollarQuote() : fragments.pick(VALUES));
          default -> sql.append(c);
        }
      }
      sql.append(fragments.gap()).append(';').append(fragments.gap());
    }
    return sql.toString();
  }

  private Connection connect(String server) throws IOException, SQLException {
    if (!servers.containsKey(server)) {
      servers.put(server, start(server));
    }
    Connection connection = servers.get(server).getPostgresDatabase().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static EmbeddedPostgres start(String server) throws IOException {
    String archive = System.getProperty("slipway.test.postgres." + server);
    return EmbeddedPostgres.builder()
        .setPgBinaryResolver((_, _) -> binaries(archive))
        .setServerConfig("fsync", "off")
        .start();
  }

  private static InputStream binaries(String archive) throws IOException {
    var zip = new ZipInputStream(Files.newInputStream(Path.of(archive)));
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (entry.getName().endsWith(".txz")) {
        return zip;
      }
    }
    throw new IOException("no .txz in " + archive);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = LexerAgainstPostgresTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class CompletionCounter extends ResultHandlerBase {
    private int completions;

    @Override
    public void handleResultRows(
        Query query, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
      completions++;
    }

    @Override
    public void handleCommandStatus(String status, long updateCount, long insertOid) {
      completions++;
    }

    @Override
    public void handleWarning(SQLWarning warning) {
      assertThat(warning.getSQLState()).as(warning.getMessage()).startsWith("0");
    }
  }
}
