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
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line with arguments: commands, options, help. An option is a setting by another
/// name, so it means the same for every command that knows it.
public final class SlipwayCommandLine {
  private static final String FROM_LIQUIBASE = "--from-liquibase";
  private static final String CHECK = "--check";
  private static final List<Setting> EVERYWHERE =
      List.of(
          Setting.CHANGELOG,
          Setting.DATABASE,
          Setting.SECRETS_PATH,
          Setting.JSON,
          Setting.OUTPUT,
          Setting.VERBOSE);
  private static final List<Setting> READING =
      List.of(Setting.CONTEXTS, Setting.LABELS, Setting.MIGRATION_ID);
  private static final List<Setting> CONNECTED =
      List.of(
          Setting.START_WAIT,
          Setting.RUN_LOCK_WAIT,
          Setting.ROLE,
          Setting.HISTORY_TABLE,
          Setting.HISTORY_SCHEMA);
  private static final List<Setting> MIGRATING =
      List.of(
          Setting.TO,
          Setting.DRY_RUN,
          Setting.STOP_ON_ERROR,
          Setting.PARALLEL,
          Setting.CREATE_DATABASE,
          Setting.CREATE_SCHEMA,
          Setting.LOCK_TIMEOUT);

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
    this.parser = parser(environment.version());
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
      return parser.parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      throw usage(e);
    }
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
    if (command.hasMatchedPositional(0) && command.commandSpec().name().equals("migrate")) {
      takeEnd(positional(command), options);
    }
    if (command.commandSpec().name().equals("baseline")) {
      checkExtent(command);
    }
    String name = parsed.hasSubcommand() ? command.commandSpec().name() : "migrate";
    if (name.equals("config")) {
      return config(command, configuration, options);
    }
    Settings settings = Settings.load(variables, configuration, options, workingDirectory);
    environment.console().tellAs(settings.output());
    return switch (name) {
      case "migrate" -> new MigrateCommand(environment, settings).run();
      case "status" -> new StatusCommand(environment, settings).run();
      case "history" -> new HistoryCommand(environment, settings).run();
      case "baseline" -> baseline(command, settings);
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
    return command.matchedOptionValue(CHECK, false)
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
      throw UsageException.twoExtents(positional(command), FROM_LIQUIBASE);
    }
    if (!command.hasMatchedPositional(0) && !isFromLiquibase(command)) {
      throw UsageException.noExtent(FROM_LIQUIBASE);
    }
  }

  private static boolean isFromLiquibase(ParseResult command) {
    return command.matchedOptionValue(FROM_LIQUIBASE, false);
  }

  private int baseline(ParseResult command, Settings settings) {
    var baseline = new BaselineCommand(environment, settings);
    return isFromLiquibase(command)
        ? baseline.runFromLiquibase()
        : baseline.run(positional(command));
  }

  private static void collectOptions(ParseResult parsed, Map<Setting, String> options) {
    for (Setting setting : Setting.values()) {
      if (parsed.hasMatchedOption(setting.option())) {
        String value = String.valueOf(parsed.<Object>matchedOptionValue(setting.option(), ""));
        if (value.isBlank()) {
          throw UsageException.empty(setting.option());
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

  /// Commands and options with their descriptions, from which documentation can be made.
  static CommandLine parser(String version) {
    CommandSpec root =
        spec("slipway", "Takes PostgreSQL databases to the release being shipped.", "slipway");
    root.usageMessage()
        .footer(
            "",
            "Without a command it migrates every database that has a connection string and a"
                + " changelog.",
            "",
            "Example:",
            "  ConnectionStrings__Gateway=\"Host=localhost;Database=gateway;Username=gateway\""
                + " slipway");
    root.version("slipway " + version);
    root.addOption(
        OptionSpec.builder("--version").versionHelp(true).description("print the version").build());
    add(root, READING, CONNECTED, MIGRATING);
    root.addSubcommand("migrate", migrate());
    root.addSubcommand(
        "status",
        connected("status", "Says where each database stands.", "slipway status", "current"));
    root.addSubcommand(
        "history",
        connected(
            "history", "Lists what was applied, and when.", "slipway history --database gateway"));
    root.addSubcommand("baseline", baseline());
    root.addSubcommand("show", show());
    root.addSubcommand("script", script());
    root.addSubcommand("check", check());
    root.addSubcommand("config", config());
    root.addSubcommand("new", newMigration());
    return new CommandLine(root).setAbbreviatedOptionsAllowed(false);
  }

  private static CommandSpec migrate() {
    CommandSpec spec =
        connected(
            "migrate",
            "Applies what is missing.",
            "slipway migrate --to 20240105090000_InitialCreate --dry-run",
            "upgrade",
            "update");
    add(spec, MIGRATING);
    spec.addPositional(positional("ID", "the last migration to apply, or head", "0..1"));
    return spec;
  }

  private static CommandSpec baseline() {
    CommandSpec spec =
        connected(
            "baseline",
            "Records as applied, without running them: a migration and all before it, or what"
                + " Liquibase has recorded.",
            "slipway baseline 20240105090000_InitialCreate --dry-run");
    add(spec, List.of(Setting.DRY_RUN, Setting.CONFIRM, Setting.CREATE_SCHEMA));
    spec.addOption(
        OptionSpec.builder(FROM_LIQUIBASE)
            .arity("0")
            .type(boolean.class)
            .description("instead of ID: what Liquibase's table databasechangelog holds")
            .build());
    spec.addPositional(
        positional(
            "ID", "the last migration that the database holds, head, or 0 for none", "0..1"));
    return spec;
  }

  private static CommandSpec show() {
    CommandSpec spec =
        spec("show", "Prints the SQL of one migration.", "slipway show head --database gateway");
    add(spec, READING);
    spec.addPositional(positional("ID", "the migration's id or name, or head", "1"));
    return spec;
  }

  private static CommandSpec script() {
    CommandSpec spec =
        connected(
            "script",
            "Writes an idempotent SQL script that does what migrate would do.",
            "slipway script --database gateway -o gateway.sql");
    add(
        spec,
        List.of(
            Setting.FROM,
            Setting.TO,
            Setting.PENDING,
            Setting.PLAIN,
            Setting.OUTPUT_FILE,
            Setting.CREATE_SCHEMA,
            Setting.LOCK_TIMEOUT));
    return spec;
  }

  private static CommandSpec check() {
    CommandSpec spec =
        spec(
            "check",
            "Says what is wrong with a script, edited by hand or EF's; with --database, tries it there"
                + " and rolls it back.",
            "slipway check gateway.sql");
    add(spec, List.of(Setting.PLAIN, Setting.START_WAIT, Setting.ROLE));
    spec.addPositional(positional("FILE", "a script that slipway script or EF wrote", "1"));
    return spec;
  }

  private static CommandSpec config() {
    CommandSpec spec =
        connected(
            "config",
            "Shows every setting and connection string with the source of each value, and all that is"
                + " wrong with them.",
            "slipway config --check --database gateway");
    add(spec, List.of(Setting.CREATE_SCHEMA, Setting.LOCK_TIMEOUT));
    spec.addOption(
        OptionSpec.builder(CHECK)
            .arity("0")
            .type(boolean.class)
            .description("also connect, and say what the server, the rights and the history are")
            .build());
    return spec;
  }

  private static CommandSpec newMigration() {
    CommandSpec spec =
        spec(
            "new",
            "Makes a file for the next migration.",
            "slipway new AddOrders --database gateway",
            "revision");
    spec.addPositional(positional("NAME", "letters, digits, underscores", "0..1"));
    spec.addOption(
        OptionSpec.builder("-m", "--message")
            .paramLabel("NAME")
            .type(String.class)
            .description("the same as NAME")
            .build());
    return spec;
  }

  private static CommandSpec connected(
      String name, String description, String example, String... aliases) {
    CommandSpec spec = spec(name, description, example, aliases);
    add(spec, READING, CONNECTED);
    return spec;
  }

  private static CommandSpec spec(
      String name, String description, String example, String... aliases) {
    CommandSpec spec = CommandSpec.create().name(name).aliases(aliases);
    UsageMessageSpec usage = spec.usageMessage();
    usage.description(description).footer("", "Example:", "  " + example);
    usage.sortOptions(false).width(100).autoWidth(false);
    add(spec, EVERYWHERE);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("print this help").build());
    return spec;
  }

  @SafeVarargs
  private static void add(CommandSpec spec, List<Setting>... groups) {
    for (List<Setting> group : groups) {
      for (Setting setting : group) {
        spec.addOption(option(setting));
      }
    }
  }

  private static OptionSpec option(Setting setting) {
    OptionSpec.Builder option =
        OptionSpec.builder(names(setting))
            .description(
                setting.description()
                    + (setting.byDefault().isEmpty() || setting.form() == Setting.Form.FLAG
                        ? ""
                        : " (default " + setting.byDefault() + ")"));
    return setting.form() == Setting.Form.FLAG
        ? option.arity("0").type(boolean.class).build()
        : option
            .arity("1")
            .type(String.class)
            .paramLabel(setting.option().substring(2).toUpperCase(Locale.ROOT))
            .build();
  }

  private static String[] names(Setting setting) {
    return setting == Setting.OUTPUT_FILE
        ? new String[] {"-o", setting.option()}
        : new String[] {setting.option()};
  }

  private static PositionalParamSpec positional(String label, String description, String arity) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .description(description)
        .type(String.class)
        .arity(arity)
        .build();
  }
}
