package dev.slipway.config;

/// One thing that is wrong with the configuration.
///
/// @param source where it was given: `environment variable Slipway__LockTimeout`,
///     `appsettings.json:3:7`, `--Slipway:LockTimeout`
/// @param message what is wrong: one line, lower case, no full stop
/// @param hint what to write instead
public record ConfigurationProblem(String source, String message, String hint) {}
