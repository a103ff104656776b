package dev.slipway.config;

/// A value as it was given.
///
/// @param name its key, spelled as there
/// @param text the value, which may hold a secret
/// @param source where: `environment variable Slipway__LockTimeout`
record Given(String name, String text, String source) {
  @Override
  public String toString() {
    return name + " from " + source;
  }
}
