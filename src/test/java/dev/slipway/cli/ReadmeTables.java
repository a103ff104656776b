package dev.slipway.cli;

import dev.slipway.config.Setting;
import dev.slipway.testing.MarkdownTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The tables of README.md, made from the program itself.
final class ReadmeTables {
  private ReadmeTables() {}

  /// Each table in Markdown, by the name of its markers.
  static Map<String, String> all() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("commands", commands());
    tables.put("settings", settings());
    tables.put("exit codes", exitCodes());
    return tables;
  }

  /// The table of docs/container.md.
  static Map<String, String> events() {
    List<List<String>> rows =
        Arrays.stream(LogEvent.Type.values())
            .map(
                type ->
                    List.of(
                        Integer.toString(type.number()),
                        MarkdownTables.code(type.id()),
                        type.level().id(),
                        type.description()))
            .toList();
    return Map.of(
        "events", MarkdownTables.table(List.of("EventId", "Event", "LogLevel", "what"), rows));
  }

  private static String commands() {
    CommandLine root = CommandSpecs.parser("");
    Set<CommandSpec> commands =
        root.getSubcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("none", "The same as `migrate`.", ownOptions(root.getCommandSpec())));
    for (CommandSpec command : commands) {
      rows.add(List.of(synopsis(command), description(command), ownOptions(command)));
    }
    return MarkdownTables.table(List.of("command", "what it does", "options of its own"), rows);
  }

  private static String synopsis(CommandSpec command) {
    String positional =
        command.positionalParameters().stream()
            .map(parameter -> " " + optional(parameter))
            .collect(Collectors.joining());
    String aliases =
        Arrays.stream(command.aliases())
            .map(MarkdownTables::code)
            .collect(Collectors.joining(", "));
    return MarkdownTables.code(command.name() + positional)
        + (aliases.isEmpty() ? "" : " (" + aliases + ")");
  }

  private static String optional(ArgSpec argument) {
    return argument.arity().min() == 0 ? "[" + argument.paramLabel() + "]" : argument.paramLabel();
  }

  private static String description(CommandSpec command) {
    return String.join(" ", command.usageMessage().description());
  }

  /// Those that are no settings, which have a table of their own, and no command shares.
  private static String ownOptions(CommandSpec command) {
    Set<String> settings =
        Stream.of(Setting.values()).map(Setting::option).collect(Collectors.toSet());
    return command.options().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !settings.contains(name) && !name.equals("--help"))
        .map(MarkdownTables::code)
        .collect(Collectors.joining(", "));
  }

  private static String settings() {
    Collection<CommandLine> commands = CommandSpecs.parser("").getSubcommands().values();
    return MarkdownTables.table(
        List.of("environment", "option", "value", "default", "what it is", "commands"),
        Stream.of(Setting.values())
            .map(
                setting ->
                    List.of(
                        MarkdownTables.code("Slipway__" + setting.key()),
                        MarkdownTables.code(option(setting)),
                        setting.form().text(),
                        setting.byDefault().isEmpty()
                            ? ""
                            : MarkdownTables.code(setting.byDefault()),
                        setting.description(),
                        concerned(setting, commands)))
            .toList());
  }

  /// The commands with that option, or those without it, whichever are fewer.
  private static String concerned(Setting setting, Collection<CommandLine> commands) {
    Set<String> with = new LinkedHashSet<>();
    Set<String> without = new LinkedHashSet<>();
    for (CommandLine command : commands) {
      CommandSpec spec = command.getCommandSpec();
      (spec.findOption(setting.option()) == null ? without : with).add(spec.name());
    }
    if (without.isEmpty()) {
      return "all";
    }
    return with.size() <= without.size()
        ? String.join(", ", with)
        : "all but " + String.join(", ", without);
  }

  /// A value that may be left out needs the equals sign: what comes behind a blank is not it.
  private static String option(Setting setting) {
    return CommandSpecs.parser("").getSubcommands().values().stream()
            .map(command -> command.getCommandSpec().findOption(setting.option()))
            .filter(Objects::nonNull)
            .anyMatch(option -> option.arity().min() == 0 && option.arity().max() > 0)
        ? "%s[=VALUE]".formatted(setting.option())
        : setting.option();
  }

  private static String exitCodes() {
    return MarkdownTables.table(
            List.of("code", "what it tells"),
            ExitCodes.ALL.stream()
                .map(code -> List.of(Integer.toString(code.code()), code.meaning()))
                .toList())
        + "\nWith several databases the gravest counts: "
        + ExitCodes.GRAVEST_FIRST.stream().map(String::valueOf).collect(Collectors.joining(", "))
        + ".\n";
  }
}
