package dev.slipway.failure;

import org.jspecify.annotations.Nullable;

/// Something that the operator has to mend. It tells what happened, where, in what state the target
/// is now, and what to do. A subclass per failure owns the texts; any other runtime exception is a
/// bug.
public abstract class SlipwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  private final String detail;
  private final String hint;
  private final transient TargetState state;

  /// @param message what happened: one line, lower case, no full stop
  /// @param detail where, with the values that decide it; may have several lines, may be empty
  /// @param hint what to do next, as something that can be pasted
  /// @param state the target now
  protected SlipwayException(
      FailureKind kind,
      String message,
      String detail,
      String hint,
      TargetState state,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.detail = detail;
    this.hint = hint;
    this.state = state;
  }

  public final FailureKind kind() {
    return kind;
  }

  /// A word for programs, where the kind alone does not say enough; empty as a rule.
  public String reasonId() {
    return "";
  }

  /// What happened, in one line.
  public final String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  public final String detail() {
    return detail;
  }

  public final String hint() {
    return hint;
  }

  public final TargetState state() {
    return state;
  }
}
