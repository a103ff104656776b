package dev.slipway.changelog.liquibase;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What a changeset has beside its changes.
enum ChangesetAttribute {
  ID("id", "the migration id, by itself or in `migration-id`"),
  AUTHOR("author", "for `{author}` in `migration-id`, and to find what Liquibase recorded"),
  LOGICAL_FILE_PATH("logicalFilePath", "the same, for the path"),
  CONTEXT("context", "left out unless `Slipway__Contexts` matches, if that is given"),
  CONTEXT_FILTER("contextFilter", "the same"),
  LABELS("labels", "left out unless `Slipway__Labels` selects them, if that is given"),
  DBMS("dbms", "left out unless it means postgresql"),
  IGNORE("ignore", "left out if true"),
  RUN_ORDER("runOrder", "`first` or `last` of the whole changelog"),
  RUN_ALWAYS("runAlways", "applied with each run"),
  ALWAYS_RUN("alwaysRun", "the same"),
  RUN_ON_CHANGE("runOnChange", "applied again when it was edited"),
  RUN_IN_TRANSACTION(
      "runInTransaction", "if false, each statement by itself, noted in the journal"),
  FAIL_ON_ERROR("failOnError", "if false, a failure is a warning: rolled back, not recorded"),
  PRECONDITIONS("preConditions", "asked in the migration's transaction; see below"),
  VALID_CHECKSUM(
      "validCheckSum", "`any`, or a checksum as `show` prints it: that edit is accepted"),
  VALID_CHECKSUMS("validCheckSums", "the same"),
  ON_VALIDATION_FAIL("onValidationFail", "`MARK_RAN`: any edit is accepted"),
  OBJECT_QUOTING_STRATEGY("objectQuotingStrategy", "how names are quoted in generated SQL"),
  RUN_WITH("runWith", "refused, unless it is `jdbc`: other executors are extensions"),
  RUN_WITH_SPOOL_FILE("runWithSpoolFile", "read; of no meaning without such an executor"),
  COMMENT("comment", "read, never run"),
  CREATED("created", "read, never run"),
  ROLLBACK("rollback", "read, never run: there is no way down");

  private static final Set<String> NAMES =
      Arrays.stream(values())
          .map(attribute -> attribute.title.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private final String title;
  private final String description;

  ChangesetAttribute(String title, String description) {
    this.title = title;
    this.description = description;
  }

  /// Whether there is one of this name; letter case does not count.
  static boolean isOne(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Its name in changelogs.
  String title() {
    return title;
  }

  /// A clause, for documentation.
  String description() {
    return description;
  }
}
