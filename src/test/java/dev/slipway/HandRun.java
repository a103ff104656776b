package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A changelog in a folder, applied by hand: its script is written by the program and run by psql.
final class HandRun {
  static final String STOP = "--set=ON_ERROR_STOP=1";

  private final Path path;
  private final Map<String, String> variables = new HashMap<>();

  /// What two databases have to have in common, however they came to it.
  record State(String schema, String contents, List<String> history, List<String> journal) {
    static State of(TestDatabase database) {
      return new State(
          Catalog.schema(database),
          Catalog.contents(database),
          database.history(),
          HandRun.journal(database));
    }
  }

  /// @param path of the folder in which the changelog lies
  HandRun(Path path) {
    this.path = path;
  }

  /// With this setting, where the script is written.
  HandRun with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  HandRun migration(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
    return this;
  }

  Program program() {
    Program program = Program.in(path);
    variables.forEach(program::with);
    return program;
  }

  /// Writes the script to a file.
  Path script(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "script";
    System.arraycopy(options, 0, arguments, 1, options.length);
    Program.Result result = program().run(arguments);
    assertThat(result.code()).as(result.toString()).isZero();
    return write(result.out());
  }

  Path write(String script) {
    try {
      return Files.writeString(path.resolve("script.sql"), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs the whole script as the database's owner; psql goes on after an error.
  Psql.Result run(TestDatabase database) {
    return Psql.run(database, database.owner(), script());
  }

  /// The same by a psql that stops at an error.
  Psql.Result runUntilError(TestDatabase database) {
    return Psql.run(database, database.owner(), script(), STOP);
  }

  /// What the program makes of an empty database.
  State byProgram(TestDatabase database) {
    Program.Result result = program().with("Gateway", database).run();
    assertThat(result.code()).as(result.toString()).isZero();
    return State.of(database);
  }

  /// The journal's rows, without times, person and version.
  static List<String> journal(TestDatabase database) {
    return database.rows(
        """
        SELECT migration_id, checksum, finished_at IS NOT NULL, statements_done, statements
        FROM slipway_journal ORDER BY 1""");
  }

  /// What of the journal's rows is not finished: how far it came.
  static List<String> unfinished(TestDatabase database) {
    return database.rows(
        """
        SELECT migration_id, statements_done FROM slipway_journal
        WHERE finished_at IS NULL ORDER BY 1""");
  }

  /// The UPDATE that a script offers to paste.
  static String offered(Psql.Result refused) {
    int begin = refused.text().indexOf("UPDATE ");
    return refused.text().substring(begin, refused.text().indexOf("; and run", begin));
  }
}
