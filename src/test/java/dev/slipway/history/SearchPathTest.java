package dev.slipway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchPathTest {
  private static final Identifier USER = new Identifier("the_user");

  /// Each a schema; many are what careless splitting makes of another.
  private static final List<String> SCHEMAS =
      List.of(
          "app",
          "App",
          "APP",
          "a",
          "b",
          "a b",
          "a,b",
          "a\"b",
          "\"",
          " ",
          "äpp",
          "Äpp",
          "ÄPP",
          "a\u00A0b",
          "a\u2003b",
          "\u2003",
          "straße",
          "İ",
          "i",
          "$user",
          "$USER",
          "public",
          "n".repeat(63),
          "ü".repeat(31));

  private static final List<String> GAPS = List.of("", "", " ", "\t", "\n ", "\r\n", "\f");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          app                   | app
          App                   | app
          "App"                 | App
          "$user", public       | the_user,public
          $user,public          | the_user,public
          a , "b c",D           | a,b c,d
          "a""b"                | a"b
          "a,b"                 | a,b
          ÄPP                   | Äpp
          ""                    | ``
          "", a                 | a
          ``                    | ``
          """)
  void a_setting_is_taken_apart_as_postgresql_does(String setting, String schemas) {
    assertThat(
            String.join(
                ",",
                SearchPath.parse(setting).schemas(USER).stream().map(Identifier::value).toList()))
        .isEqualTo(schemas);
  }

  @Test
  void the_user_is_told_from_a_schema() {
    assertThat(SearchPath.parse("\"$user\", a").entries())
        .containsExactly(
            new SearchPath.Entry.User(), new SearchPath.Entry.Schema(new Identifier("a")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oldest", "newest"})
  void the_server_finds_the_same_schemas(String version) throws SQLException {
    TestServer server = version.equals("oldest") ? TestServer.oldest() : TestServer.newest();
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    try (var database = TestDatabase.on(server);
        Connection connection = database.connectAsOwner();
        Statement statement = connection.createStatement()) {
      List<String> existing = new ArrayList<>(SCHEMAS);
      existing.add(database.owner());
      for (String schema : existing) {
        statement.execute("CREATE SCHEMA IF NOT EXISTS " + new Identifier(schema).quoted());
      }
      for (int i = 0; i < 2_000 * Randomness.factor(); i++) {
        String setting = setting(random);
        List<Identifier> ours = SearchPath.parse(setting).schemas(new Identifier(database.owner()));

        assertThat(ours.stream().map(Identifier::value).filter(existing::contains).distinct())
            .as("seed %d, case %d: <%s>", seed, i, setting)
            .containsExactlyElementsOf(schemas(statement, setting));
      }
    }
  }

  private static String setting(Random random) {
    var setting = new StringBuilder();
    for (int left = 1 + random.nextInt(5); left > 0; left--) {
      String name = SCHEMAS.get(random.nextInt(SCHEMAS.size()));
      setting.append(gap(random)).append(written(random, name)).append(gap(random));
      setting.append(left > 1 ? "," : "");
    }
    return setting.toString();
  }

  private static String gap(Random random) {
    return GAPS.get(random.nextInt(GAPS.size()));
  }

  /// In quotes or not, in some letter case, perhaps longer than a name can be.
  private static String written(Random random, String schema) {
    String name =
        switch (random.nextInt(4)) {
          case 0 -> schema.toUpperCase(Locale.ROOT);
          case 1 -> schema.length() > 30 ? schema + "xü" : schema;
          default -> schema;
        };
    boolean plain = name.indexOf('"') != 0 && name.indexOf(',') < 0 && name.indexOf(' ') < 0;
    return plain && random.nextBoolean() ? name : new Identifier(name).quoted();
  }

  private static List<String> schemas(Statement statement, String setting) throws SQLException {
    statement.execute(
        "SELECT set_config('search_path', " + new Literal(setting).quoted() + ", false)");
    List<String> schemas = new ArrayList<>();
    try (ResultSet result =
        statement.executeQuery("SELECT unnest(pg_catalog.current_schemas(false))")) {
      while (result.next()) {
        schemas.add(result.getString(1));
      }
    }
    return schemas;
  }
}
