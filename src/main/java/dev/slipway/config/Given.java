package dev.slipway.config;

/// A value as it was given.
///
/// @param name its key, spelled as there
/// @param text the value, which may hold a secret
/// @param source where: `environment variable Slipway__LockTimeout`
record Given(String name, String text, String source, Origin origin) {

  /// What kind of source it is.
  enum Origin {
    VARIABLE,
    /// Another value may stand there at the next look.
    FILE,
    /// The command line, which others on the machine can see.
    ARGUMENT
  }

  /// From the environment.
  Given(String name, String text, String source) {
    this(name, text, source, Origin.VARIABLE);
  }

  Given named(String other) {
    return new Given(other, text, source, origin);
  }

  @Override
  public String toString() {
    return name + " from " + source;
  }
}
