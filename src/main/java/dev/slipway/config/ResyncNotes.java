package dev.slipway.config;

import java.util.Optional;

/// What a changelog's author says of the time behind a resync.
///
/// @param after what an operator does then; may have several lines
/// @param progress how far the application has come
public record ResyncNotes(Optional<String> after, Optional<ResyncProgress> progress) {
  static final ResyncNotes NONE = new ResyncNotes(Optional.empty(), Optional.empty());

  ResyncNotes withAfter(String text) {
    return new ResyncNotes(Optional.of(text), progress);
  }

  ResyncNotes withProgress(ResyncProgress defined) {
    return new ResyncNotes(after, Optional.of(defined));
  }
}
