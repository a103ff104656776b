package dev.slipway.cli;

import dev.slipway.config.ConfigurationArguments;
import dev.slipway.config.ConfigurationProblem;
import dev.slipway.config.Setting;
import dev.slipway.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line with arguments: commands, options, help. An option is a setting by another
/// name, so it means the same for every command that knows it.
public final class SlipwayCommandLine {
  private final Environment environment;
  private final Map<String, String> variables;
  private final Path workingDirectory;
  private final CommandLine parser;

  /// @param variables the environment's
  public SlipwayCommandLine(
      Environment environment, Map<String, String> variables, Path workingDirectory) {
    this.environment = environment;
    this.variables = variables;
    this.workingDirectory = workingDirectory;
    this.parser = CommandSpecs.parser(environment.version());
  }

  /// @return the exit code
  /// @throws UsageException where the command line cannot be understood
  public int run(String[] arguments) {
    var separated = ConfigurationArguments.separate(List.of(arguments));
    ParseResult parsed = parse(separated.others());
    return help(parsed) ? ExitCodes.DONE : execute(parsed, separated.configuration());
  }

  /// Prints help or version, if that is what was asked for.
  private boolean help(ParseResult parsed) {
    PrintStream out = environment.console().out();
    for (CommandLine command : parsed.asCommandLineList()) {
      if (command.isUsageHelpRequested()) {
        command.usage(out);
        return true;
      }
      if (command.isVersionHelpRequested()) {
        command.printVersionHelp(out);
        return true;
      }
    }
    return false;
  }

  private ParseResult parse(List<String> arguments) {
    try {
      return parser.parseArgs(
          arguments.stream().map(SlipwayCommandLine::withValue).toArray(String[]::new));
    } catch (ParameterException e) {
      throw usage(e);
    }
  }

  /// What comes behind `--dry-run` is never its value: it may be a migration.
  private static String withValue(String argument) {
    return argument.equals(Setting.DRY_RUN.option()) ? argument + "=" + Setting.PLAN : argument;
  }

  private static UsageException usage(ParameterException e) {
    String help = "slipway " + path(e.getCommandLine().getCommandSpec()) + "--help";
    String near =
        e instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()
            ? "Did you mean: %s? ".formatted(String.join(", ", unmatched.getSuggestions()))
            : "";
    return new UsageException(
        message(e), "It was read from the command line.", near + "See: " + help);
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().getFirst();
      return "unknown %s \"%s\"".formatted(kind(argument, e.getCommandLine()), name(argument));
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return (Character.toLowerCase(message.charAt(0)) + message.substring(1)).replace('\'', '"');
  }

  /// No more of it than its name: what follows may be a connection string with a password.
  private static String name(String argument) {
    String name = argument.split("[=;:]", 2)[0];
    return name.length() == argument.length() ? name : name + "=…";
  }

  private static String kind(String argument, CommandLine at) {
    if (argument.startsWith("-")) {
      return "option";
    }
    return at.getCommandSpec().parent() == null ? "command" : "argument";
  }

  private static String path(CommandSpec spec) {
    return spec.parent() == null ? "" : spec.name() + " ";
  }

  private int execute(ParseResult parsed, List<String> configuration) {
    ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    var options = new EnumMap<Setting, String>(Setting.class);
    collectOptions(parsed, options);
    collectOptions(command, options);
    boolean hasEnd =
        command.hasMatchedPositional(0) && command.commandSpec().name().equals("migrate");
    if (hasEnd) {
      takeEnd(positional(command), options);
    }
    if (command.commandSpec().name().equals("baseline")) {
      checkExtent(command);
    }
    String name = parsed.hasSubcommand() ? command.commandSpec().name() : "migrate";
    if (name.equals("config")) {
      return config(command, configuration, options);
    }
    Settings loaded = Settings.load(variables, configuration, options, workingDirectory);
    Settings settings = hasEnd ? loaded.givenBy(Setting.TO, UsageException.ARGUMENT) : loaded;
    environment.console().tellAs(settings.output());
    return switch (name) {
      case "migrate" -> new MigrateCommand(environment, settings).run();
      case "status" -> new StatusCommand(environment, settings).run();
      case "history" -> new HistoryCommand(environment, settings).run();
      case "wait" -> new WaitCommand(environment, settings).run();
      case "baseline" -> baseline(command, settings);
      case "repair" -> new RepairCommand(environment, settings).run(repairs(command));
      case "resync" -> resync(command, settings);
      case "show" -> new ShowCommand(environment, settings).run(positional(command));
      case "script" -> new ScriptCommand(environment, settings).run();
      case "check" -> new CheckCommand(environment, settings).run(positional(command));
      case "new" -> new NewCommand(environment, settings, Clock.systemUTC()).run(newName(command));
      default -> throw new IllegalStateException("a command without its class: " + name);
    };
  }

  /// What is wrong with the settings is a part of the answer.
  private int config(
      ParseResult command, List<String> configuration, Map<Setting, String> options) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Settings settings =
        Settings.load(variables, configuration, options, workingDirectory, problems);
    environment.console().tellAs(settings.output());
    var config = new ConfigCommand(environment, settings, problems);
    return command.matchedOptionValue(CommandSpecs.CHECK, false)
        ? config.check(Clock.systemUTC())
        : config.show();
  }

  private static void takeEnd(String id, Map<Setting, String> options) {
    if (id.isEmpty()) {
      throw UsageException.empty("ID");
    }
    String other = options.putIfAbsent(Setting.TO, id);
    if (other != null && !other.equals(id)) {
      throw new UsageException(
          "two ends: \"%s\" and --to \"%s\"".formatted(id, other),
          "They were read from the command line.",
          "Write one of them.");
    }
  }

  /// One of the two says what the database holds.
  private static void checkExtent(ParseResult command) {
    if (command.hasMatchedPositional(0) && isFromLiquibase(command)) {
      throw UsageException.twoExtents(positional(command), CommandSpecs.FROM_LIQUIBASE);
    }
    if (!command.hasMatchedPositional(0) && !isFromLiquibase(command)) {
      throw UsageException.noExtent(CommandSpecs.FROM_LIQUIBASE);
    }
  }

  private static boolean isFromLiquibase(ParseResult command) {
    return command.matchedOptionValue(CommandSpecs.FROM_LIQUIBASE, false);
  }

  private int baseline(ParseResult command, Settings settings) {
    var baseline = new BaselineCommand(environment, settings);
    return isFromLiquibase(command)
        ? baseline.runFromLiquibase()
        : baseline.run(positional(command));
  }

  private int resync(ParseResult command, Settings settings) {
    boolean check = command.matchedOptionValue(CommandSpecs.CHECK, false);
    boolean wipe = command.matchedOptionValue(CommandSpecs.WIPE, false);
    if (check == wipe) {
      throw new UsageException(
          "resync needs to be told what to do",
          "It takes --check or --wipe, and not both.",
          "See what lies in the schemas: slipway resync --check");
    }
    var resync = new ResyncCommand(environment, settings);
    return check ? resync.check() : resync.wipe();
  }

  private static RepairCommand.Wanted repairs(ParseResult command) {
    var wanted =
        new RepairCommand.Wanted(
            Optional.ofNullable(command.<String>matchedOptionValue(CommandSpecs.RESUME, null)),
            command.matchedOptionValue(CommandSpecs.MARK_APPLIED, List.of()),
            command.matchedOptionValue(CommandSpecs.MARK_PENDING, List.of()),
            command.matchedOptionValue(CommandSpecs.ACCEPT_EDITED, List.of()));
    if (wanted.isEmpty()) {
      throw new UsageException(
          "repair needs to be told what to do",
          "A run that stops says which of its options are the ways out.",
          "See: slipway status, slipway repair --help");
    }
    return wanted;
  }

  private static void collectOptions(ParseResult parsed, Map<Setting, String> options) {
    for (Setting setting : Setting.values()) {
      if (parsed.hasMatchedOption(setting.option())) {
        String value = String.valueOf(parsed.<Object>matchedOptionValue(setting.option(), ""));
        if (value.isBlank()) {
          throw UsageException.empty(setting.option());
        }
        if (setting == Setting.DRY_RUN && setting.objection(value).isPresent()) {
          throw UsageException.noDryRun();
        }
        options.put(setting, value);
      }
    }
  }

  private static String newName(ParseResult command) {
    String named = command.matchedOptionValue("--message", "");
    String name = named.isEmpty() ? positional(command) : named;
    if (name.isEmpty()) {
      throw new UsageException("the new migration has no name", "", "Try: slipway new AddOrders");
    }
    return name;
  }

  private static String positional(ParseResult parsed) {
    return parsed.matchedPositionalValue(0, "");
  }
}
