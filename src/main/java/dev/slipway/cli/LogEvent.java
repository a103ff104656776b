package dev.slipway.cli;

import java.util.Map;

/// One thing that a command tells: a line for people, or an object for log collectors.
///
/// @param database that it concerns, by the name of its connection string; empty for none
/// @param message a clause; what it concerns stands in front where people read it
/// @param values what a machine wants of it: texts and whole numbers, by names of .NET's style
/// @param trace a stack trace; empty for none
record LogEvent(
    Type type, String database, String message, Map<String, Object> values, String trace) {

  /// How grave it is, by .NET's names.
  enum Level {
    INFORMATION("Information"),
    WARNING("Warning"),
    ERROR("Error");

    private final String id;

    Level(String id) {
      this.id = id;
    }

    /// The name of .NET's `LogLevel`.
    String id() {
      return id;
    }
  }

  /// What kind of thing it is. Names and numbers are what collectors' filters hold on to: they do
  /// not change.
  enum Type {
    RESULT(1, "Result", Level.INFORMATION, "", "a line of what a command was asked for"),
    NOTICE(2, "Notice", Level.INFORMATION, "notice: ", "what people may want to know"),
    WARNING(
        3,
        "Warning",
        Level.WARNING,
        "warning: ",
        "what people should know; where something is done without, with the parts of a failure"),
    FAILED(
        4,
        "Failed",
        Level.ERROR,
        "error: ",
        "a failure: `Kind`, `Detail`, `TargetState`, `Hint`; it ends the work on its database"),
    CRASHED(5, "Crashed", Level.ERROR, "error: ", "the stack trace of a bug, in `Exception`"),
    WAITING(
        10,
        "Waiting",
        Level.INFORMATION,
        "",
        "`For` a `server`, `run`, `history`, `build`, `record` or `lock`; `Seconds`"),
    CREATED_DATABASE(
        11, "CreatedDatabase", Level.INFORMATION, "", "the database was missing and was created"),
    APPLYING(20, "Applying", Level.INFORMATION, "", "`MigrationId` begins; with `Verbose` only"),
    APPLIED(21, "Applied", Level.INFORMATION, "", "`MigrationId` was applied in `Milliseconds`"),
    MARKED(22, "Marked", Level.INFORMATION, "", "`MigrationId` was recorded without being run"),
    PASSED_OVER(
        23, "PassedOver", Level.INFORMATION, "notice: ", "`MigrationId` was left for the next run"),
    GAVE_UP(
        24,
        "GaveUp",
        Level.WARNING,
        "warning: ",
        "a migration failed, with the parts of a failure, and the run goes on without it"),
    SERVER_NOTICE(25, "ServerNotice", Level.INFORMATION, "", "what PostgreSQL said meanwhile"),
    WORKING(
        26,
        "Working",
        Level.INFORMATION,
        "",
        "a statement that takes long: `Seconds`, and where the server tells `Phase`, `Percent`"),
    RETRYING(
        27,
        "Retrying",
        Level.INFORMATION,
        "",
        "`MigrationId` lost against others, was rolled back, and is tried again"),
    WIPED(
        28, "Wiped", Level.INFORMATION, "", "the schemas were emptied of `Objects`, with `Bytes`"),
    FINISHED(
        30,
        "Finished",
        Level.INFORMATION,
        "",
        "the summary of a database: `State`, `Applied`, `Pending`, `AppliedNow`");

    private final int number;
    private final String id;
    private final Level level;
    private final String prefix;
    private final String description;

    Type(int number, String id, Level level, String prefix, String description) {
      this.number = number;
      this.id = id;
      this.level = level;
      this.prefix = prefix;
      this.description = description;
    }

    int number() {
      return number;
    }

    String id() {
      return id;
    }

    Level level() {
      return level;
    }

    /// What stands before it where people read it.
    String prefix() {
      return prefix;
    }

    /// What it means and what values it has, for documentation.
    String description() {
      return description;
    }
  }

  LogEvent {
    values = Map.copyOf(values);
  }

  static LogEvent of(Type type, String database, String message, Map<String, Object> values) {
    return new LogEvent(type, database, message, values, "");
  }

  static LogEvent of(Type type, String database, String message) {
    return of(type, database, message, Map.of());
  }

  /// The message and what it concerns.
  String sentence() {
    return database.isEmpty() ? message : database + ": " + message;
  }
}
