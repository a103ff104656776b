package dev.slipway.failure;

/// What sort of failure it is, as far as a job controller can act on it. The program maps each kind
/// to one exit code; [#CONNECTION] and [#LOCKED] are worth another try.
public enum FailureKind {
  /// The command line cannot be understood, or asks for what never can be.
  USAGE("usage"),
  /// The configuration, the changelog, what the database grants, or the memory does not fit.
  CONFIGURATION("configuration"),
  /// The server cannot be reached or does not let us in.
  CONNECTION("connection"),
  /// Another session holds what is needed for longer than we may wait.
  LOCKED("locked"),
  /// The history and the changelog contradict each other.
  CONFLICT("conflict"),
  /// A migration failed and was rolled back.
  FAILED("failed"),
  /// A migration, or the emptying of schemas, stopped half-way and needs a person.
  PARTIALLY_APPLIED("partially-applied"),
  /// A signal stopped the run.
  INTERRUPTED("interrupted"),
  /// The program is wrong.
  BUG("bug");

  private final String id;

  FailureKind(String id) {
    this.id = id;
  }

  /// The name in JSON output.
  public String id() {
    return id;
  }
}
