package dev.slipway;

import dev.slipway.changelog.ef.EfScriptReader;
import dev.slipway.changelog.liquibase.LiquibaseReader;
import dev.slipway.changelog.sql.PlainSqlReader;
import dev.slipway.cli.Console;
import dev.slipway.cli.Console.Terminal;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCodes;
import dev.slipway.cli.FailureReport;
import dev.slipway.cli.Interruption;
import dev.slipway.cli.MigrateCommand;
import dev.slipway.cli.SlipwayCommandLine;
import dev.slipway.cli.Wishes;
import dev.slipway.config.Localhost;
import dev.slipway.config.Output;
import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The entry point. Without arguments, as in the container, it migrates at once: neither the option
/// parser nor anything else that this run does not need is loaded.
public final class Main {
  private static final Path WORKING_DIRECTORY = Path.of("");

  private Main() {}

  public static void main(String[] arguments) {
    // Numbers in SQL have the digits of SQL, whatever language the machine speaks.
    Locale.setDefault(Locale.ROOT);
    var interruption = new Interruption();
    int code = run(arguments, interruption);
    System.out.flush();
    interruption.finished();
    if (code != ExitCodes.DONE) {
      System.exit(code);
    }
  }

  private static int run(String[] arguments, Interruption interruption) {
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      System.out.println("slipway " + version());
      return ExitCodes.DONE;
    }
    var console = new Console(System.out, System.err, Terminal.ASKED, Output.TEXT);
    Map<String, String> variables = Localhost.noted(System.getenv(), Path.of("/"));
    interruption.install(new Ending(console, variables, List.of(arguments), interruption));
    return run(arguments, variables, WORKING_DIRECTORY, console, interruption);
  }

  /// How a signal ends a run whose server does not answer. A class of its own, since every run
  /// makes
  /// one: a lambda costs more at start.
  private record Ending(
      Console console,
      Map<String, String> variables,
      List<String> arguments,
      Interruption interruption)
      implements Interruption.Ending {
    @Override
    public void tell() {
      FailureReport.print(console, variables, arguments, interruption.withoutAnswer());
    }

    @Override
    public void end(int code) {
      Runtime.getRuntime().halt(code);
    }
  }

  /// The program without the process around it.
  ///
  /// @param variables the environment's
  /// @return the exit code
  static int run(
      String[] arguments,
      Map<String, String> variables,
      Path workingDirectory,
      Console console,
      Interruption interruption) {
    var environment =
        new Environment(
            console,
            List.of(new LiquibaseReader(), new EfScriptReader(), new PlainSqlReader()),
            interruption,
            version());
    console.tellAs(Wishes.output(variables, List.of(arguments)));
    try {
      if (arguments.length > 0) {
        return new SlipwayCommandLine(environment, variables, workingDirectory).run(arguments);
      }
      Preparation.begin();
      Settings settings = Settings.load(variables, List.of(), Map.of(), workingDirectory);
      console.tellAs(settings.output());
      return new MigrateCommand(environment, settings).run();
    } catch (SlipwayException failure) {
      return FailureReport.print(console, variables, List.of(arguments), failure);
    } catch (OutOfMemoryError error) {
      return FailureReport.print(
          console, variables, List.of(arguments), new MemoryExhaustedException(error));
    } catch (RuntimeException | Error bug) {
      console.crash(bug);
      return FailureReport.print(console, variables, List.of(arguments), new BugException(bug));
    }
  }

  /// The jar's manifest has it, and is read anyway; a class folder has only the resource.
  private static String version() {
    @Nullable String packaged = Main.class.getPackage().getImplementationVersion();
    return packaged == null ? unpackagedVersion() : packaged;
  }

  private static String unpackagedVersion() {
    try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own resource can be read", e);
    }
  }
}
