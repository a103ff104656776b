package dev.slipway.config;

/// What a `slipway.yaml` says behind `needs-clean-database`.
///
/// @param text the id of a migration, or `true`
/// @param line on which it stands
public record CleanMarkGiven(String text, String file, int line) {}
