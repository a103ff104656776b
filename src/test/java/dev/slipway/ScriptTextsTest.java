package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sql.Identifier;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an author writes is what the database gets, byte for byte, by the runner and by the script.
@Tag("slow")
class ScriptTextsTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "1",
          " ",
          "  \n",
          "\t",
          "\n",
          "\r",
          "\r\n",
          "'",
          "''",
          "E'",
          "U&'",
          "\"",
          "\"\"",
          ";",
          ";\n",
          "$",
          "$$",
          "$q$",
          "$q",
          "$sq",
          "$sql",
          "$sql$",
          "$sql1$",
          "$sql1",
          "sql$",
          "$slipway",
          "$slipway$",
          "$slipway1$",
          "$EF$",
          "\nEND$slipway$;\n",
          "\\",
          "\\\\",
          "\\'",
          "\\n",
          "\\.",
          "\n\\.\n",
          "\\if",
          "\n\\if false\n",
          "\\gexec",
          "\\gset",
          "\\;",
          "\n\\q\n",
          ":name",
          ":'name'",
          ":\"name\"",
          ":{?name}",
          ":ERROR",
          ":slipway_next",
          "`false`",
          "--",
          "/*",
          "*/",
          "{d '1'}",
          "{history}",
          "?",
          "%s",
          "%",
          "$1",
          "COMMIT;",
          "é",
          "ß",
          "提",
          "ﬁ",
          "\uD83D\uDE80",
          "\u00A0",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\u0001",
          "\u007F");
  private static final List<String> TAGS = List.of("", "q", "sql", "slipway", "EF", "é", "sql1");

  @TempDir private Path path;

  @Test
  void every_text_survives() throws Exception {
    long first = Randomness.seed();
    for (long seed = first; seed < first + 3L * Randomness.factor(); seed++) {
      Random random = Randomness.of(seed);
      Written one = new Written(random, "one");
      Written two = new Written(random, "two");
      new Folder(path)
          .write("changelog/20240101000000_One.sql", one.sql())
          .write("changelog/20240102000000_Two.sql", "-- slipway: no-transaction\n" + two.sql());

      assertThat(byRunner()).as("runner, seed %d", seed).containsExactly(one.made(), two.made());
      assertThat(byScript()).as("script, seed %d", seed).containsExactly(one.made(), two.made());
    }
  }

  private List<Made> byRunner() {
    try (var database = TestDatabase.create()) {
      Program.Result result = Program.in(path).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      return List.of(Made.read(database, "one"), Made.read(database, "two"));
    }
  }

  private List<Made> byScript() throws Exception {
    try (var database = TestDatabase.create()) {
      Program.Result result = Program.in(path).run("script");
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.out()).doesNotContain("\r");
      psql(database, Files.writeString(path.resolve("script.sql"), result.out()));
      return List.of(Made.read(database, "one"), Made.read(database, "two"));
    }
  }

  private static void psql(TestDatabase database, Path script) {
    List<String> command =
        new ArrayList<>(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "name=wrong"));
    command.addAll(List.of("-h", "localhost", "-p", Integer.toString(database.server().port())));
    command.addAll(List.of("-U", database.owner(), "-d", database.name(), "-f", script.toString()));
    Tool.run(command.toArray(String[]::new));
  }

  /// What a database has: rows, bodies of functions, names of tables.
  private record Made(List<String> rows, List<String> bodies, Set<String> names) {
    static Made read(TestDatabase database, String schema) {
      return new Made(
          database.rows("SELECT text FROM %s.texts ORDER BY id".formatted(schema)),
          database.rows(
              "SELECT prosrc FROM pg_proc WHERE pronamespace = '%s'::regnamespace ORDER BY proname"
                  .formatted(schema)),
          Set.copyOf(
              database.rows(
                  "SELECT relname FROM pg_class WHERE relnamespace = '%s'::regnamespace"
                      .formatted(schema))));
    }
  }

  /// A migration, and what it is to make.
  private static final class Written {
    private static final int TEXTS = 60;
    private static final int LONGEST_NAME_BYTES = 63;

    private final Random random;
    private final String schema;
    private final List<String> rows = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final Set<String> names = new HashSet<>(Set.of("texts"));
    private final StringBuilder sql = new StringBuilder();

    Written(Random random, String schema) {
      this.random = random;
      this.schema = schema;
      sql.append(
              "CREATE SCHEMA %1$s; CREATE TABLE %1$s.texts (id int, text text);\n"
                  .formatted(schema))
          .append("SET check_function_bodies = off;\n");
      add(String.join("", PIECES));
      for (int i = 0; i < TEXTS; i++) {
        add(text());
      }
    }

    String sql() {
      return sql.toString();
    }

    Made made() {
      return new Made(rows, bodies, names);
    }

    private String text() {
      var text = new StringBuilder();
      for (int left = random.nextInt(9); left > 0; left--) {
        text.append(pick(PIECES));
      }
      return text.toString();
    }

    private String pick(List<String> from) {
      return from.get(random.nextInt(from.size()));
    }

    private void add(String text) {
      addRow(text);
      addBody(text);
      if (!text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME_BYTES) {
        addName(text);
      }
    }

    /// The statement ends with a label that is close to a dollar quote.
    private void addRow(String text) {
      String label = pick(List.of("a", "a$", "a$$", "a$q", "a$sq", "a$sql", "a$sql1", "a$slipway"));
      sql.append("INSERT INTO %s.texts SELECT %d, ".formatted(schema, rows.size()))
          .append(quoted(text))
          .append(" AS ")
          .append(label)
          .append(";\n");
      rows.add(text);
    }

    private void addBody(String text) {
      sql.append("CREATE FUNCTION %s.f%04d() RETURNS void ".formatted(schema, bodies.size()))
          .append("LANGUAGE plpgsql AS ")
          .append(quoted(text))
          .append(";\n");
      bodies.add(text);
    }

    private void addName(String text) {
      if (names.add(text)) {
        sql.append("CREATE TABLE %s.%s ();\n".formatted(schema, new Identifier(text).quoted()));
      }
    }

    private String quoted(String text) {
      return switch (random.nextInt(4)) {
        case 0 -> "'" + text.replace("'", "''") + "'";
        case 1 -> escaped(text);
        case 2 ->
            "U&'" + text.replace("\\", "\\\\").replace("'", "''").replace("é", "\\00e9") + "'";
        default -> dollarQuoted(text);
      };
    }

    private String escaped(String text) {
      String quote = pick(List.of("''", "\\'"));
      String carriageReturn = pick(List.of("\r", "\\r"));
      return "E'"
          + text.replace("\\", "\\\\").replace("'", quote).replace("\r", carriageReturn)
          + "'";
    }

    private String dollarQuoted(String text) {
      String quote = "$" + pick(TAGS) + "$";
      while ((text + quote).indexOf(quote) < text.length()) {
        quote = "$" + quote.substring(1, quote.length() - 1) + "x$";
      }
      return quote + text + quote;
    }
  }
}
