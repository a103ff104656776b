package dev.slipway.cli;

import dev.slipway.config.Setting;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.ShellWord;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Migration;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The command line asks for something that there is not, or that never can be.
public final class UsageException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  /// What is told of an ID that is no option's value.
  static final String ARGUMENT = "the argument ID";

  UsageException(String message, String detail, String hint) {
    super(FailureKind.USAGE, message, detail, hint, TargetState.UNCHANGED, null);
  }

  /// The one migration that was meant.
  ///
  /// @param found what the reference fits
  /// @throws UsageException if that is not one
  static Migration only(List<Migration> found, String option, String reference, String changelog) {
    if (reference.isEmpty()) {
      throw new UsageException(
          "%s needs the id of a migration".formatted(option),
          "It is the id, the name behind the digits, or head.",
          "See what there is: slipway status --verbose");
    }
    if (found.isEmpty()) {
      throw new UsageException(
          "no migration \"%s\" in the changelog \"%s\"".formatted(reference, changelog),
          "It was asked for by %s.".formatted(option),
          dryRun(option, reference) + "See what there is: slipway status --verbose");
    }
    if (found.size() > 1) {
      throw new UsageException(
          "%d migrations are named \"%s\"".formatted(found.size(), reference),
          found.stream()
              .map(migration -> migration.id() + ", " + migration.origin())
              .collect(Collectors.joining("\n")),
          "Write the whole id, as %s; if they are in several changelogs, name one: --database NAME"
              .formatted(found.getFirst()));
    }
    return found.getFirst();
  }

  /// What comes behind `--dry-run` and a blank is an argument.
  private static String dryRun(String option, String reference) {
    return option.equals(ARGUMENT) && Setting.DRY_RUN.objection(reference).isEmpty()
        ? "Did you mean %s=%s? ".formatted(Setting.DRY_RUN.option(), reference)
        : "";
  }

  /// An option or argument that is there and says nothing, as an unset variable of a shell.
  static UsageException empty(String argument) {
    return new UsageException(
        "%s is empty".formatted(argument),
        "It was read from the command line.",
        "Write a value, or leave it out.");
  }

  static UsageException noDryRun() {
    return new UsageException(
        "--dry-run is plan or execute, and nothing else",
        "It was read from the command line.",
        "Write --dry-run to see what is due, --dry-run=execute to try it and roll it back.");
  }

  /// A command that changes only what is recorded has nothing to try.
  static UsageException notTried(String command) {
    return new UsageException(
        "%s cannot be tried".formatted(command),
        "A dry run that executes is for migrate; %s runs no migration.".formatted(command),
        "See what it would do: slipway %s --dry-run".formatted(command));
  }

  static UsageException noExtent(String option) {
    return new UsageException(
        "baseline needs the id of a migration, or %s".formatted(option),
        "It is the last one that the database holds: the id, the name behind the digits, head, or 0"
            + " for none.",
        "See what there is: slipway status --verbose");
  }

  static UsageException twoExtents(String id, String option) {
    return new UsageException(
        "baseline takes an id or %s, not both".formatted(option),
        "The id is \"%s\".".formatted(id),
        "Write one of them.");
  }

  static UsageException older(String reference, String applied) {
    return new UsageException(
        "cannot go back to \"%s\"".formatted(reference),
        "\"%s\", which comes after it, is applied; there are no down migrations."
            .formatted(applied),
        "Undo a change with a new migration, behind all others.");
  }

  /// A new file would be no part of the changelog.
  ///
  /// @param last of its migrations
  static UsageException noFile(Path changelog, String reason, Migration last) {
    return new UsageException(
        "no file can be added to the changelog \"%s\"".formatted(changelog),
        "%s; its last migration is \"%s\", %s.".formatted(reason, last, last.origin()),
        last.foreignId().isPresent()
            ? "Write a changeset behind it, in " + last.origin().file()
            : "Name the folder: --changelog " + changelog.toAbsolutePath().getParent());
  }

  /// @param asked what asks for the loss
  /// @param name of the connection string
  /// @param then what says so, to be pasted
  static UsageException noConsent(String asked, String name, String database, String then) {
    return new UsageException(
        "%s needs your consent to lose what database \"%s\" holds".formatted(asked, database),
        "The consent is the database's own name.",
        "See what would be lost: slipway resync --check --database %s\nThen: %s"
            .formatted(ShellWord.of(name), then));
  }

  static UsageException otherConsent(String confirmed, String database, String name) {
    return new UsageException(
        "consent was given for database \"%s\", and this is \"%s\"".formatted(confirmed, database),
        "It is the database of the connection string \"%s\".".formatted(name),
        "See what would be lost, and look at the name: slipway resync --check --database %s"
            .formatted(ShellWord.of(name)));
  }

  static UsageException wipeNotTried() {
    return new UsageException(
        "emptying a database cannot be tried",
        "Both a dry run and a wipe were asked for.",
        "See what would be lost: slipway resync --check");
  }

  static UsageException severalDatabases(String command, List<String> names) {
    return new UsageException(
        "%s works on one database".formatted(command),
        "There are: %s.".formatted(String.join(", ", names)),
        "Name one: --database %s".formatted(names.getFirst()));
  }
}
