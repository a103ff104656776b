package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables and history go where the search path leads first, or nowhere.
@Tag("slow")
final class SearchPathTest {
  private static final String OURS =
      """
      CREATE TABLE %s."__EFMigrationsHistory" (
          "MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
      INSERT INTO %1$s."__EFMigrationsHistory" VALUES ('20240101000000_One', '8.0.33');
      CREATE TABLE %1$s.one (id int)""";
  private static final String FOREIGN =
      """
      CREATE TABLE %s."__EFMigrationsHistory" (
          "MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
      INSERT INTO %1$s."__EFMigrationsHistory" VALUES ('20230505000000_Theirs', '8.0.33')""";

  @TempDir private Path folder;

  @BeforeEach
  void write_a_changelog() {
    new Folder(folder)
        .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);")
        .write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);");
  }

  /// What is run as the superuser, what the connection string says, where all should land. `DB` and
  /// `OWNER` stand for the names of database and role.
  static Stream<Arguments> paths() {
    return Stream.of(
        arguments("", "", "public"),
        arguments("", ";Search Path=app", "app"),
        arguments("", ";SearchPath=app", "app"),
        arguments("", ";SEARCH PATH = APP ", "app"),
        arguments("", ";Search Path='app'", "app"),
        arguments("", ";Search Path=app,other,public", "app"),
        arguments("", ";Search Path=other, app", "other"),
        arguments("", ";Search Path='\"My App\",other,public'", "My App"),
        arguments("", ";Search Path=\"\"\"My App\"\",other,public\"", "My App"),
        arguments("", ";Search Path='\"odd\"\"name, really\",public'", "odd\"name, really"),
        arguments("", ";Search Path=\u00c4pp,public", "\u00c4pp"),
        arguments("", ";Search Path='\"$user\",public'", "public"),
        arguments("", ";Search Path=$user,app", "app"),
        arguments("CREATE SCHEMA OWNER", ";Search Path='\"$user\",public'", "OWNER"),
        arguments("CREATE SCHEMA OWNER", "", "OWNER"),
        arguments("", ";Options=-c search_path=app", "app"),
        arguments("ALTER ROLE OWNER SET search_path = app", "", "app"),
        arguments("ALTER ROLE OWNER SET search_path = \"My App\", public", "", "My App"),
        arguments("ALTER ROLE OWNER IN DATABASE DB SET search_path = app", "", "app"),
        arguments("ALTER DATABASE DB SET search_path = app", "", "app"),
        arguments(
            "ALTER DATABASE DB SET search_path = other; ALTER ROLE OWNER SET search_path = app",
            "",
            "app"),
        arguments(
            "ALTER ROLE OWNER SET search_path = other;"
                + " ALTER ROLE OWNER IN DATABASE DB SET search_path = app",
            "",
            "app"),
        arguments("ALTER ROLE OWNER SET search_path = other", ";Search Path=app", "app"));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void tables_history_and_journal_land_in_the_first_schema(
      String setUp, String more, String schema) {
    try (var database = databaseWithSchemas()) {
      database.execute(named(database, setUp));
      String expected = named(database, schema);

      Program.Result result = migrate(database, more);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).containsExactlyElementsOf(everythingIn(expected));
      assertThat(historyOf(database, expected))
          .containsExactly("20240101000000_One", "20240102000000_Two");
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void a_second_run_finds_them_there_and_does_nothing(String setUp, String more, String schema) {
    try (var database = databaseWithSchemas()) {
      database.execute(named(database, setUp));
      migrate(database, more);
      String query =
          "SELECT xmin, * FROM \"%s\".\"__EFMigrationsHistory\" ORDER BY 2"
              .formatted(named(database, schema).replace("\"", "\"\""));
      List<String> before = database.rows(query);

      Program.Result second = migrate(database, more);

      assertThat(second.code()).as(second.toString()).isZero();
      assertThat(second.out()).contains("nothing to do, up-to-date");
      assertThat(database.rows(query)).isEqualTo(before).hasSize(2);
      assertThat(database.tables()).hasSize(4);
    }
  }

  @Test
  void a_quoted_name_is_itself_quoted_in_a_connection_string_as_in_net() {
    try (var database = databaseWithSchemas()) {
      Program.Result result = migrate(database, ";Search Path=\"My App\",other,public");

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(database.tables()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing,public",
        "missing",
        "\"$user\",missing,public",
        "\"App\",app",
        "locked,public",
        "\"$user\",locked,app"
      })
  void a_first_schema_that_cannot_be_used_stops_the_run_before_the_next_is_taken(String path) {
    try (var database = databaseWithSchemas()) {
      database.execute("CREATE SCHEMA locked");

      Program.Result byString = migrate(database, ";Search Path='" + path + "'");
      database.execute("ALTER ROLE " + database.owner() + " SET search_path = " + path);
      Program.Result byRole = migrate(database, "");

      assertThat(byString.code()).as(byString.toString()).isEqualTo(3);
      assertThat(byRole.code()).as(byRole.toString()).isEqualTo(3);
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void a_missing_first_schema_is_created_when_that_is_asked_for() {
    try (var database = databaseWithSchemas()) {
      Program.Result result =
          migrate(database, ";Search Path='\"New One\",public'", "migrate", "--create-schema");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).containsExactlyElementsOf(everythingIn("New One"));
    }
  }

  @Test
  void the_setting_creates_a_missing_first_schema_as_the_option_does() {
    try (var database = databaseWithSchemas()) {
      Program.Result result =
          program(database, ";Search Path=fresh").with("Slipway__CreateSchema", "true").run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).containsExactlyElementsOf(everythingIn("fresh"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_catalog", "pg_temp"})
  void a_schema_of_the_system_is_no_place_for_tables(String schema) {
    try (var database = TestDatabase.create()) {
      Program.Result result =
          Program.in(folder)
              .with(
                  "ConnectionStrings__Gateway",
                  database.connectionString(";Search Path='" + schema + ", public'"))
              .run();

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(result.err())
          .contains("error: Gateway: no table can be created in schema \"" + schema + "\"")
          .contains("Let another be the first: Search Path=public");
    }
  }

  @Test
  void an_empty_path_leads_nowhere() {
    try (var database = databaseWithSchemas()) {
      database.execute("ALTER ROLE " + database.owner() + " SET search_path = ''");

      Program.Result result = migrate(database, "");

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void a_path_that_the_server_cannot_read_is_a_fault_of_the_configuration() {
    try (var database = databaseWithSchemas()) {
      Program.Result result = migrate(database, ";Search Path=app,,public");

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void a_history_in_a_schema_of_its_own_does_not_excuse_a_missing_first_schema() {
    try (var database = databaseWithSchemas()) {
      Program.Result result =
          program(database, ";Search Path=missing,public")
              .with("Slipway__HistorySchema", "other")
              .run();

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(result.err()).contains("\"missing\"");
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void both_the_first_schema_and_that_of_the_history_are_created_when_that_is_asked_for() {
    try (var database = databaseWithSchemas()) {
      Program.Result result =
          program(database, ";Search Path=missing,public")
              .with("Slipway__HistorySchema", "records")
              .run("migrate", "--create-schema");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables())
          .containsExactly(
              "missing.one",
              "missing.two",
              "records.__EFMigrationsHistory",
              "records.slipway_journal");
    }
  }

  @Test
  void a_history_that_is_somebody_elses_is_left_alone_with_a_warning() {
    try (var database = databaseWithSchemas()) {
      database.executeAsOwner(FOREIGN.formatted("public"));

      Program.Result result = migrate(database, ";Search Path=app,public");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).contains("warning").contains("\"public\".\"__EFMigrationsHistory\"");
      assertThat(historyOf(database, "app")).hasSize(2);
      assertThat(historyOf(database, "public")).containsExactly("20230505000000_Theirs");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"app,public", "app"})
  void a_history_that_is_somebody_elses_need_not_be_readable(String path) {
    try (var database = databaseWithSchemas()) {
      database.execute(FOREIGN.formatted("public"));

      Program.Result first = migrate(database, ";Search Path=" + path);
      Program.Result second = migrate(database, ";Search Path=" + path);

      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(second.code()).as(second.toString()).isZero();
      assertThat(historyOf(database, "app")).hasSize(2);
    }
  }

  @Test
  void our_history_further_back_in_the_path_is_a_conflict_that_names_two_ways_out() {
    try (var database = databaseWithSchemas()) {
      database.executeAsOwner(OURS.formatted("public"));

      Program.Result result = migrate(database, ";Search Path=app,public");

      assertThat(result.code()).as(result.toString()).isEqualTo(6);
      assertThat(result.err())
          .contains("Search Path=\"public\"")
          .contains("ALTER TABLE \"public\".\"__EFMigrationsHistory\" SET SCHEMA \"app\"");
      assertThat(database.tables()).containsExactly("public.__EFMigrationsHistory", "public.one");
    }
  }

  @Test
  void the_first_way_out_goes_on_where_the_history_is() {
    try (var database = databaseWithSchemas()) {
      database.executeAsOwner(OURS.formatted("public"));

      Program.Result result = migrate(database, ";Search Path=\"public\"");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).containsExactlyElementsOf(everythingIn("public"));
    }
  }

  @Test
  void the_second_way_out_goes_on_where_the_path_leads() {
    try (var database = databaseWithSchemas()) {
      database.executeAsOwner(OURS.formatted("public"));
      database.executeAsOwner("ALTER TABLE public.one SET SCHEMA app");
      database.executeAsOwner("ALTER TABLE public.\"__EFMigrationsHistory\" SET SCHEMA app");

      Program.Result result = migrate(database, ";Search Path=app,public");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).containsExactlyElementsOf(everythingIn("app"));
    }
  }

  @Test
  void our_history_outside_of_the_path_is_another_one_of_which_a_notice_tells() {
    try (var database = databaseWithSchemas()) {
      database.executeAsOwner(OURS.formatted("public"));

      Program.Result result = migrate(database, ";Search Path=app");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).contains("notice").contains("\"public\".\"__EFMigrationsHistory\"");
      assertThat(historyOf(database, "app")).hasSize(2);
      assertThat(historyOf(database, "public")).containsExactly("20240101000000_One");
    }
  }

  /// With schemas that the owner has, and that no path leads to by itself.
  private static TestDatabase databaseWithSchemas() {
    var database = TestDatabase.create();
    database.executeAsOwner(
        """
        CREATE SCHEMA app;
        CREATE SCHEMA other;
        CREATE SCHEMA "My App";
        CREATE SCHEMA "odd""name, really";
        CREATE SCHEMA "\u00c4pp\"""");
    return database;
  }

  private static String named(TestDatabase database, String text) {
    String schema = text.replace("CREATE SCHEMA OWNER", "CREATE SCHEMA OWNER AUTHORIZATION OWNER");
    return schema.replace("OWNER", database.owner()).replace("DB", database.name());
  }

  private static List<String> everythingIn(String schema) {
    return Stream.of("__EFMigrationsHistory", "one", "slipway_journal", "two")
        .map(table -> schema + "." + table)
        .toList();
  }

  private static List<String> historyOf(TestDatabase database, String schema) {
    return database.rows(
        "SELECT \"MigrationId\" FROM \"%s\".\"__EFMigrationsHistory\" ORDER BY 1"
            .formatted(schema.replace("\"", "\"\"")));
  }

  private Program program(TestDatabase database, String more) {
    return Program.in(folder).with("ConnectionStrings__Gateway", database.connectionString(more));
  }

  private Program.Result migrate(TestDatabase database, String more, String... arguments) {
    return program(database, more).run(arguments);
  }
}
