package dev.slipway.cli;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.util.List;

/// The command line asks for something that there is not, or that never can be.
public final class UsageException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  UsageException(String message, String detail, String hint) {
    super(FailureKind.USAGE, message, detail, hint, TargetState.UNCHANGED, null);
  }

  static UsageException unknownMigration(String option, String reference, String changelog) {
    return new UsageException(
        "no migration \"%s\" in the changelog \"%s\"".formatted(reference, changelog),
        "It was asked for by %s.".formatted(option),
        "See what there is: slipway status --verbose");
  }

  static UsageException older(String reference, String applied) {
    return new UsageException(
        "cannot go back to \"%s\"".formatted(reference),
        "\"%s\", which comes after it, is applied; there are no down migrations."
            .formatted(applied),
        "Undo a change with a new migration: slipway new NAME");
  }

  static UsageException severalDatabases(String command, List<String> names) {
    return new UsageException(
        "%s works on one database".formatted(command),
        "There are: %s.".formatted(String.join(", ", names)),
        "Name one: --database %s".formatted(names.getFirst()));
  }

  static UsageException severalChangelogs(String reference) {
    return new UsageException(
        "\"%s\" is in several changelogs".formatted(reference), "", "Name one: --database NAME");
  }
}
