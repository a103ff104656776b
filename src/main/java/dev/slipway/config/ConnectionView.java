package dev.slipway.config;

import java.util.List;
import java.util.Optional;

/// A connection string as far as it can be understood, to be shown: no secret is in its values.
///
/// @param name under which it was given
/// @param values those that were written and those that the environment adds
/// @param warnings what was accepted but has no effect, a sentence each
/// @param connection empty if something is wrong with it
public record ConnectionView(
    String name,
    List<EffectiveValue> values,
    List<String> warnings,
    Optional<ConnectionString> connection) {
  public ConnectionView {
    values = List.copyOf(values);
    warnings = List.copyOf(warnings);
  }
}
