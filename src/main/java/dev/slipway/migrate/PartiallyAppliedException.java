package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Resumption;
import dev.slipway.migration.Step;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A migration without a transaction has stopped half-way. Its kind is `PARTIALLY_APPLIED` where a
/// person has to decide or to mend something; where the next run goes on by itself as soon as the
/// server or a lock lets it, it is that of the cause.
public final class PartiallyAppliedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private PartiallyAppliedException(
      FailureKind kind,
      String message,
      String detail,
      String hint,
      TargetState state,
      @Nullable Throwable cause) {
    super(kind, message, detail, hint, state, cause);
  }

  /// From where it can be gone on with.
  ///
  /// @throws PartiallyAppliedException if an earlier run left it so that only a person can decide
  static Resumption.Possible refuseImpossible(
      CompiledMigration compiled, History.JournalEntry begun) {
    return switch (Resumption.of(compiled, begun)) {
      case Resumption.Possible possible -> possible;
      case Resumption.Impossible reason -> throw impossible(compiled, begun, reason);
    };
  }

  /// An earlier run left it so that only a person can decide.
  static PartiallyAppliedException impossible(
      CompiledMigration compiled, History.JournalEntry begun, Resumption.Impossible reason) {
    return found(compiled, begun, reason(compiled, begun, reason), hint(compiled, begun, reason));
  }

  /// An earlier run left it so that the next one goes on with it, and something else is asked for.
  static PartiallyAppliedException toBeGoneOnWith(Step.PartiallyApplied step) {
    CompiledMigration compiled = CompiledMigration.of(step.migration());
    return found(
        compiled,
        step.begun(),
        stoppedAt(compiled, step.begun().statementsDone()),
        "Let a run go on with it first: slipway");
  }

  private static PartiallyAppliedException found(
      CompiledMigration compiled, History.JournalEntry begun, String detail, String hint) {
    return new PartiallyAppliedException(
        FailureKind.PARTIALLY_APPLIED,
        "migration \"%s\" is partially applied".formatted(compiled.migration()),
        detail,
        hint,
        new TargetState.HalfApplied(
            compiled.migration().id().value(),
            begun.statementsDone(),
            compiled.statements().size()),
        null);
  }

  private static String stoppedAt(CompiledMigration compiled, int done) {
    return done >= compiled.statements().size()
        ? "%s: all statements took effect, but it was not recorded."
            .formatted(compiled.migration().origin())
        : "%s: an earlier run stopped there.".formatted(compiled.place(done));
  }

  private static String reason(
      CompiledMigration compiled, History.JournalEntry begun, Resumption.Impossible reason) {
    return switch (reason) {
      case Resumption.InDoubt(int statement) ->
          "%s: an earlier run was cut off there, and nobody knows whether it took effect."
              .formatted(compiled.place(statement));
      case Resumption.SessionLost(int statement, int maker) ->
          "%s: an earlier run stopped there, and what statement %d made for its session (%s) is gone."
              .formatted(
                  compiled.place(statement), maker + 1, compiled.statements().get(maker).command());
      case Resumption.Edited() ->
          "%s: an earlier run stopped at statement %d, and the file was edited since: it has checksum %s, begun was %s."
              .formatted(
                  compiled.migration().origin(),
                  begun.statementsDone() + 1,
                  compiled.migration().checksum(),
                  begun.checksum());
    };
  }

  private static String hint(
      CompiledMigration compiled, History.JournalEntry begun, Resumption.Impossible reason) {
    var ways = new WaysOut(compiled);
    return switch (reason) {
      case Resumption.InDoubt(int statement) -> ways.afterLooking(statement);
      case Resumption.SessionLost(int statement, int _) ->
          "Either " + ways.byHand(statement, statement);
      case Resumption.Edited() -> ways.afterEdit(begun);
    };
  }

  /// The changelog has it no more.
  static PartiallyAppliedException abandoned(History.JournalEntry begun) {
    return new PartiallyAppliedException(
        FailureKind.PARTIALLY_APPLIED,
        "migration \"%s\" is partially applied".formatted(begun.id()),
        "An earlier run stopped half-way, and the changelog does not have it any more.",
        WaysOut.abandoned(begun),
        new TargetState.HalfApplied(begun.id(), begun.statementsDone(), begun.statements()),
        null);
  }

  /// This run has left it so, and the next one goes on where it stopped.
  ///
  /// @param done how many statements took effect
  /// @param kind of what stopped it
  static PartiallyAppliedException resumable(
      CompiledMigration compiled,
      int done,
      FailureKind kind,
      String detail,
      @Nullable Throwable cause) {
    var ways = new WaysOut(compiled);
    return switch (kind) {
      case INTERRUPTED -> stopped(compiled, done, kind, detail, ways.again("", done), cause);
      case CONNECTION ->
          stopped(
              compiled, done, kind, detail, ways.again(" when the server is there", done), cause);
      case LOCKED ->
          stopped(
              compiled, done, kind, detail, ways.again(" when nobody is in its way", done), cause);
      case USAGE, CONFIGURATION, CONFLICT, FAILED, PARTIALLY_APPLIED, BUG ->
          stopped(
              compiled,
              done,
              FailureKind.PARTIALLY_APPLIED,
              detail,
              afterFailure(ways, done, cause),
              cause);
    };
  }

  private static String afterFailure(WaysOut ways, int done, @Nullable Throwable cause) {
    return cause instanceof SQLException e
        ? ways.afterObstacle(done, e).orElseGet(() -> ways.afterMending(done))
        : ways.afterMending(done);
  }

  /// This run has left it so, and nobody knows whether the statement behind those that are done
  /// took effect.
  static PartiallyAppliedException inDoubt(
      CompiledMigration compiled, int done, String detail, Throwable cause) {
    return stopped(
        compiled,
        done,
        FailureKind.PARTIALLY_APPLIED,
        detail,
        new WaysOut(compiled).afterLooking(done),
        cause);
  }

  private static PartiallyAppliedException stopped(
      CompiledMigration compiled,
      int done,
      FailureKind kind,
      String detail,
      String hint,
      @Nullable Throwable cause) {
    Migration migration = compiled.migration();
    return new PartiallyAppliedException(
        kind,
        "migration \"%s\" stopped half-way".formatted(migration),
        detail,
        hint,
        new TargetState.HalfApplied(migration.id().value(), done, compiled.statements().size()),
        cause);
  }
}
