package dev.slipway.sql;

/// A thing in the text that keeps it from being sent.
///
/// @param position where it is, or where what is never closed was opened
/// @param message what it is: one line, lower case, no full stop
/// @param hint what to do about it
public record Problem(Position position, String message, String hint) {}
