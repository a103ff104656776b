package dev.slipway.migrate;

import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.postgres.Row;
import java.util.Optional;

/// A precondition that stands in the way.
sealed interface Unmet {

  /// It does not hold.
  ///
  /// @param asked the clause that decided
  record Fails(Precondition precondition, String asked) implements Unmet {
    @Override
    public Otherwise otherwise() {
      return precondition.onFail();
    }

    @Override
    public String reason() {
      String said = precondition.failMessage();
      return "does not hold: " + (said.isEmpty() ? asked : said);
    }

    @Override
    public String detail() {
      return "%s, asked whether %s".formatted(precondition.origin(), asked);
    }

    @Override
    public String remedy() {
      return "See to it that it holds, or change it in %s".formatted(precondition.origin().file());
    }
  }

  /// It cannot be evaluated.
  ///
  /// @param asked the clause whose query failed
  /// @param message the server's
  record Errs(Precondition precondition, String asked, String sqlState, String message)
      implements Unmet {
    @Override
    public Otherwise otherwise() {
      return precondition.onError();
    }

    @Override
    public String reason() {
      String said = precondition.errorMessage();
      return "could not be evaluated: " + (said.isEmpty() ? message : said);
    }

    @Override
    public String detail() {
      return "%s, SQLSTATE %s, asked whether %s".formatted(precondition.origin(), sqlState, asked)
          + (precondition.errorMessage().isEmpty() ? "" : "\n" + message);
    }

    @Override
    public String remedy() {
      return "Mend it in %s".formatted(precondition.origin().file());
    }
  }

  /// @param answer as [dev.slipway.history.PreconditionSql#ANSWER] gives it
  /// @return empty if it holds
  static Optional<Unmet> of(Precondition precondition, Row answer) {
    return switch (answer.text(0)) {
      case "true" -> Optional.empty();
      case "false" -> Optional.of(new Fails(precondition, answer.text(1)));
      case "error" ->
          Optional.of(new Errs(precondition, answer.text(1), answer.text(2), answer.text(3)));
      default -> throw new IllegalStateException("no answer: " + answer.text(0));
    };
  }

  Precondition precondition();

  /// What its author wants instead.
  Otherwise otherwise();

  /// What is wrong with it, as the end of a message.
  String reason();

  /// Where it stands, and the values that decided.
  String detail();

  /// What to do, as the begin of a sentence.
  String remedy();

  /// The reason with the place, for a line by itself.
  default String line() {
    return "its precondition %s (%s)".formatted(reason(), precondition().origin());
  }
}
