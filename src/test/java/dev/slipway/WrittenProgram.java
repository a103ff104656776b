package dev.slipway;

import dev.slipway.changelog.sql.PlainSqlReader;
import dev.slipway.cli.Console;
import dev.slipway.cli.Environment;
import dev.slipway.cli.Interruption;
import dev.slipway.cli.SlipwayCommandLine;
import dev.slipway.config.Output;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.WrittenChangelog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The program with one database, `Gateway`, and a changelog that a test writes down as values.
final class WrittenProgram {
  private final Path folder;
  private final TestDatabase database;

  WrittenProgram(Path folder, TestDatabase database) {
    this.folder = folder;
    this.database = database;
    new Folder(folder).write("changelog/changes.written", "");
  }

  /// A changelog to be filled.
  WrittenChangelog changelog() {
    return new WrittenChangelog(folder.resolve("changelog/changes.written").toString());
  }

  Program.Result run(WrittenChangelog changelog, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console = new Console(print(out), print(err), Console.Terminal.PLAIN, Output.TEXT);
    var environment =
        new Environment(
            console, List.of(new PlainSqlReader(), changelog), new Interruption(), "0.1");
    var variables = Map.of("ConnectionStrings__Gateway", database.connectionString(""));
    int code = new SlipwayCommandLine(environment, variables, folder).run(arguments);
    return new Program.Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
