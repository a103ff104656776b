package dev.slipway.cli;

import dev.slipway.config.Setting;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The commands with their options, arguments and help.
final class CommandSpecs {
  static final String FROM_LIQUIBASE = "--from-liquibase";
  static final String CHECK = "--check";
  static final String WIPE = "--wipe";
  static final String RESUME = "--resume";
  static final String MARK_APPLIED = "--mark-applied";
  static final String MARK_PENDING = "--mark-pending";
  static final String ACCEPT_EDITED = "--accept-edited";
  private static final List<Setting> EVERYWHERE =
      List.of(
          Setting.CHANGELOG,
          Setting.DATABASE,
          Setting.SECRETS_PATH,
          Setting.JSON,
          Setting.OUTPUT,
          Setting.VERBOSE);
  private static final List<Setting> READING =
      List.of(Setting.CONTEXTS, Setting.LABELS, Setting.MIGRATION_ID, Setting.SHARED_HISTORY);
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
          Setting.LOCK_TIMEOUT,
          Setting.LOCK_WAIT);

  private CommandSpecs() {}

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
    root.addSubcommand("wait", await());
    root.addSubcommand("baseline", baseline());
    root.addSubcommand("repair", repair());
    root.addSubcommand("resync", resync());
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

  private static CommandSpec await() {
    CommandSpec spec =
        spec(
            "wait",
            "Waits until each database holds all that its changelog holds.",
            "slipway wait --timeout 5min --database gateway");
    add(spec, READING);
    add(
        spec,
        List.of(Setting.TIMEOUT, Setting.ROLE, Setting.HISTORY_TABLE, Setting.HISTORY_SCHEMA));
    return spec;
  }

  private static CommandSpec baseline() {
    CommandSpec spec =
        connected(
            "baseline",
            "Records as applied, without running them: a migration and all before it, or what"
                + " Liquibase has recorded.",
            "slipway baseline 20240105090000_InitialCreate --dry-run");
    spec.addOption(plainDryRun());
    add(spec, List.of(Setting.CONFIRM, Setting.CREATE_SCHEMA));
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

  private static CommandSpec repair() {
    CommandSpec spec =
        connected(
            "repair",
            "Settles what a run cannot decide: changes what is recorded, and runs no migration.",
            "slipway repair --accept-edited 20240105090000_InitialCreate --dry-run");
    spec.addOption(plainDryRun());
    spec.addOption(
        OptionSpec.builder(RESUME)
            .arity("0..1")
            .type(String.class)
            .paramLabel("N")
            .fallbackValue("")
            .description(
                "let the next run go on with the statement at which a migration stopped, or with its"
                    + " statement N; those before it took effect")
            .build());
    spec.addOption(ids(MARK_APPLIED, "record as applied, without running it"));
    spec.addOption(ids(MARK_PENDING, "forget that it was applied or begun; it will be run anew"));
    spec.addOption(ids(ACCEPT_EDITED, "take its present text for the one that was applied"));
    return spec;
  }

  private static CommandSpec resync() {
    CommandSpec spec =
        connected(
            "resync",
            "For a release that starts with an empty database: says what lies in its schemas, or empties"
                + " them and migrates.",
            "slipway resync --check --database gateway");
    spec.addOption(
        OptionSpec.builder(CHECK)
            .arity("0")
            .type(boolean.class)
            .description("list what emptying them would lose; exit code 1 if there is anything")
            .build());
    spec.addOption(
        OptionSpec.builder(WIPE)
            .arity("0")
            .type(boolean.class)
            .description("empty them, then migrate; with --confirm")
            .build());
    add(
        spec,
        List.of(
            Setting.CONFIRM,
            Setting.TERMINATE,
            Setting.CREATE_SCHEMA,
            Setting.LOCK_TIMEOUT,
            Setting.LOCK_WAIT));
    return spec;
  }

  private static OptionSpec ids(String name, String description) {
    return OptionSpec.builder(name)
        .arity("1")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel("ID")
        .description(description)
        .build();
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

  /// Of commands that try nothing.
  private static OptionSpec plainDryRun() {
    return OptionSpec.builder(Setting.DRY_RUN.option())
        .arity("0..1")
        .type(String.class)
        .paramLabel(Setting.PLAN)
        .description("say what would be done, and change nothing")
        .build();
  }

  private static OptionSpec option(Setting setting) {
    OptionSpec.Builder option =
        OptionSpec.builder(names(setting)).description(setting.description());
    return switch (setting.form()) {
      case FLAG -> option.arity("0").type(boolean.class).build();
      case DRY_RUN -> option.arity("0..1").type(String.class).paramLabel(Setting.EXECUTE).build();
      case TEXT, NAME, PATH, COUNT, OUTPUT, EXPRESSION, TEMPLATE, DURATION ->
          option
              .arity("1")
              .type(String.class)
              .paramLabel(setting.option().substring(2).toUpperCase(Locale.ROOT))
              .description(setting.description() + byDefault(setting))
              .build();
    };
  }

  private static String byDefault(Setting setting) {
    return setting.byDefault().isEmpty() ? "" : " (default " + setting.byDefault() + ")";
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
