package dev.slipway.migration;

import java.util.List;
import java.util.Optional;

/// What is asked of a changelog beside its files.
///
/// @param contexts those in force, separated by commas; empty: all migrations whatever theirs
/// @param labels an expression of labels; empty: all migrations whatever theirs
/// @param idTemplate how ids that a format has of its own become migration ids; empty: as they are
/// @param historyUse whose ids its history holds
/// @param cleanMarks which migrations need a clean database
/// @param afterResync what an operator does once such a database is migrated
public record ChangelogOptions(
    String contexts,
    String labels,
    String idTemplate,
    HistoryUse historyUse,
    List<CleanMark> cleanMarks,
    Optional<String> afterResync) {
  public static final ChangelogOptions NONE = new ChangelogOptions("", "", "");

  /// Of a changelog that has its history for itself, and nothing to be marked.
  public ChangelogOptions(String contexts, String labels, String idTemplate) {
    this(contexts, labels, idTemplate, HistoryUse.OWN, List.of(), Optional.empty());
  }

  public ChangelogOptions {
    cleanMarks = List.copyOf(cleanMarks);
  }
}
