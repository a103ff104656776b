package dev.slipway.cli;

import dev.slipway.failure.FailureKind;
import dev.slipway.migration.DatabaseState;
import java.util.List;

/// The exit codes, on which job controllers act: 4 and 5 are worth another try. Codes are added,
/// never renumbered.
public final class ExitCodes {
  public static final int DONE = 0;

  /// The answer is no: something is pending, or differs.
  public static final int NO = 1;

  public static final int USAGE = 2;
  public static final int CONFIGURATION = 3;
  public static final int CONNECTION = 4;
  public static final int LOCKED = 5;
  public static final int CONFLICT = 6;
  public static final int FAILED = 7;
  public static final int PARTIALLY_APPLIED = 8;
  public static final int BUG = 70;

  /// Stopped by SIGINT: the JVM ends with this code by itself.
  static final int INTERRUPTED = 130;

  /// Stopped by SIGTERM.
  public static final int TERMINATED = 143;

  /// A code and what it tells, for documentation.
  ///
  /// @param meaning a clause, lower case, without a full stop
  record ExitCode(int code, String meaning) {}

  /// All of them, by number.
  static final List<ExitCode> ALL =
      List.of(
          new ExitCode(DONE, "done; for `status`: up to date, or ahead of the changelog"),
          new ExitCode(
              NO,
              "the answer is no: migrations are pending, schemas are not clean, a script has findings"),
          new ExitCode(USAGE, "the command line cannot be understood"),
          new ExitCode(
              CONFIGURATION,
              "the configuration, the changelog, what the database grants, or too little memory"),
          new ExitCode(
              CONNECTION,
              "no connection; worth another try, unless database, role or password are wrong"),
          new ExitCode(
              LOCKED, "another session held what was needed for too long; worth another try"),
          new ExitCode(CONFLICT, "the history conflicts with the changelog"),
          new ExitCode(
              FAILED, "a migration failed and was rolled back, or a precondition stopped it"),
          new ExitCode(
              PARTIALLY_APPLIED,
              "a migration, or the emptying of a database, stopped half-way and needs a person"),
          new ExitCode(BUG, "a bug in Slipway"),
          new ExitCode(INTERRUPTED, "stopped by SIGINT (Ctrl+C)"),
          new ExitCode(TERMINATED, "stopped by SIGTERM"));

  /// With several databases the gravest counts.
  static final List<Integer> GRAVEST_FIRST =
      List.of(
          BUG,
          TERMINATED,
          PARTIALLY_APPLIED,
          CONFLICT,
          CONFIGURATION,
          FAILED,
          CONNECTION,
          LOCKED,
          USAGE,
          NO,
          DONE);

  private ExitCodes() {}

  public static int of(FailureKind kind) {
    return switch (kind) {
      case USAGE -> USAGE;
      case CONFIGURATION -> CONFIGURATION;
      case CONNECTION -> CONNECTION;
      case LOCKED -> LOCKED;
      case CONFLICT -> CONFLICT;
      case FAILED -> FAILED;
      case PARTIALLY_APPLIED -> PARTIALLY_APPLIED;
      case INTERRUPTED -> TERMINATED;
      case BUG -> BUG;
    };
  }

  /// What `status` answers.
  static int of(DatabaseState state) {
    return switch (state) {
      case UP_TO_DATE, AHEAD -> DONE;
      case EMPTY, PENDING -> NO;
      case CONFLICT -> CONFLICT;
      case PARTIALLY_APPLIED -> PARTIALLY_APPLIED;
    };
  }

  static int gravest(int one, int other) {
    return GRAVEST_FIRST.indexOf(one) < GRAVEST_FIRST.indexOf(other) ? one : other;
  }
}
