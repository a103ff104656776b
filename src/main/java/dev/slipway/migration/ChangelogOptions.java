package dev.slipway.migration;

/// What is asked of a changelog beside its files.
///
/// @param contexts those in force, separated by commas; empty: all migrations whatever theirs
/// @param labels an expression of labels; empty: all migrations whatever theirs
/// @param idTemplate how ids that a format has of its own become migration ids; empty: as they are
public record ChangelogOptions(String contexts, String labels, String idTemplate) {
  public static final ChangelogOptions NONE = new ChangelogOptions("", "", "");
}
