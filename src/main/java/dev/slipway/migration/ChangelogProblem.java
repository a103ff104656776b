package dev.slipway.migration;

/// One thing in a changelog that has to be mended before a database is touched.
///
/// @param message what is wrong: one line, lower case, no full stop
/// @param hint what to do
public record ChangelogProblem(Origin origin, String message, String hint) {}
