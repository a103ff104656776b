package dev.slipway.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Slipway's own settings: one constant each, from which a table for documentation can be made. In
/// files and on the command line a key is `Slipway:LockTimeout`, in the environment
/// `Slipway__LockTimeout`, as an option `--lock-timeout`, in a changelog's `slipway.yaml`
/// `lock-timeout`.
public enum Setting {
  CHANGELOG(
      "Changelog",
      "--changelog",
      Form.PATH,
      "changelog",
      "the changelog, or a folder with one per database"),
  DATABASE(
      "Database", "--database", Form.TEXT, "", "the connection string to work on, by its name"),
  TO("To", "--to", Form.TEXT, "", "the last migration to apply"),
  FROM("From", "--from", Form.TEXT, "", "the migration behind which the script begins"),
  PENDING(
      "Pending",
      "--pending",
      Form.FLAG,
      "false",
      "ask the database, and write only what it lacks; else all is written, and no database asked"),
  PLAIN("Plain", "--plain", Form.FLAG, "false", "refuse what only psql can run"),
  OUTPUT_FILE(
      "OutputFile",
      "--output-file",
      Form.PATH,
      "",
      "the file to write; a folder, ending with /, for several databases"),
  DRY_RUN(
      "DryRun",
      "--dry-run",
      Form.DRY_RUN,
      "false",
      "say what would be done, and change nothing; execute: try it, and roll it back"),
  JSON("Json", "--json", Form.FLAG, "false", "print one JSON object instead of text"),
  OUTPUT(
      "Output",
      "--output",
      Form.OUTPUT,
      "text",
      "how events are told: text, or json, a line per event for log collectors"),
  VERBOSE("Verbose", "--verbose", Form.FLAG, "false", "tell more on the way"),
  STOP_ON_ERROR(
      "StopOnError",
      "--stop-on-error",
      Form.FLAG,
      "false",
      "let the failure of one database stop the others"),
  PARALLEL("Parallel", "--parallel", Form.COUNT, "1", "how many databases to work on side by side"),
  SECRETS_PATH(
      "SecretsPath",
      "--secrets-path",
      Form.PATH,
      "",
      "a folder with a file per value; /run/secrets if it is there"),
  CREATE_SCHEMA(
      "CreateSchema",
      "--create-schema",
      Form.FLAG,
      "false",
      "create the first schema of the search path if it is missing"),
  CREATE_DATABASE(
      "CreateDatabase",
      "--create-database",
      Form.FLAG,
      "false",
      "create the database if it is missing, as EF does"),
  CONFIRM(
      "Confirm",
      "--confirm",
      Form.TEXT,
      "",
      "the database's own name, where a command asks for consent"),
  TERMINATE(
      "Terminate",
      "--terminate",
      Form.FLAG,
      "false",
      "end the sessions of others that use a database which is to be emptied"),
  START_WAIT(
      "StartWait",
      "--start-wait",
      Form.DURATION,
      "60s",
      "how long to wait for a server that starts"),
  RUN_LOCK_WAIT(
      "RunLockWait",
      "--run-lock-wait",
      Form.DURATION,
      "10min",
      "how long to wait for another run on the same database"),
  TIMEOUT(
      "Timeout",
      "--timeout",
      Form.DURATION,
      "60s",
      "how long to wait until the database holds all that the changelog holds"),
  LOCK_TIMEOUT(
      "LockTimeout",
      "--lock-timeout",
      Form.DURATION,
      "5s",
      "PostgreSQL's lock_timeout for migrations; 0: no limit",
      Scope.CHANGELOG),
  LOCK_WAIT(
      "LockWait",
      "--lock-wait",
      Form.DURATION,
      "1min",
      "how long to try again a migration that could not get its locks; 0: not at all",
      Scope.CHANGELOG),
  ROLE("Role", "--role", Form.NAME, "", "the role to work as, by SET ROLE", Scope.CHANGELOG),
  HISTORY_TABLE(
      "HistoryTable",
      "--history-table",
      Form.NAME,
      "",
      "the history table's name; found by itself, else __EFMigrationsHistory",
      Scope.CHANGELOG),
  HISTORY_SCHEMA(
      "HistorySchema",
      "--history-schema",
      Form.NAME,
      "",
      "the history table's schema; the first of the search path if not given",
      Scope.CHANGELOG),
  SHARED_HISTORY(
      "SharedHistory",
      "--shared-history",
      Form.FLAG,
      "false",
      "others record their migrations in the history, too: ids that the changelog lacks are theirs",
      Scope.CHANGELOG),
  CONTEXTS(
      "Contexts",
      "--contexts",
      Form.EXPRESSION,
      "",
      "the contexts in force, separated by commas; without any, contexts leave out nothing",
      Scope.CHANGELOG),
  LABELS(
      "Labels",
      "--labels",
      Form.EXPRESSION,
      "",
      "an expression of labels; without one, labels leave out nothing",
      Scope.CHANGELOG),
  MIGRATION_ID(
      "MigrationId",
      "--migration-id",
      Form.TEMPLATE,
      "",
      "how the ids of a Liquibase root file become migration ids, as {author}.{id}",
      Scope.CHANGELOG);

  /// A dry run that looks at what is due, and no more.
  public static final String PLAN = "plan";

  /// A dry run that applies what is due, and rolls it back.
  public static final String EXECUTE = "execute";

  /// What a value looks like.
  public enum Form {
    TEXT("text", "Write any text."),
    NAME("name", "Write a name of at most 63 bytes, as PostgreSQL's are."),
    PATH("path", "Write the path of a file or folder."),
    FLAG("true or false", "Write true or false."),
    DRY_RUN(
        "true, false, plan or execute",
        "Write plan, which true means too, or execute; false for neither."),
    COUNT("number", "Write a whole number from 1 to 100."),
    OUTPUT(Output.FORMS, "Write " + Output.FORMS + "."),
    EXPRESSION("expression", Expression.EXPECTATION),
    TEMPLATE(
        "text with {id}",
        "Write a text with {id}; {author} and {path} are the only other names in braces."),
    DURATION("duration", "Write a duration: " + DurationText.FORMS + ".");

    private static final int LONGEST_NAME_BYTES = 63;

    private final String text;
    private final String expectation;

    Form(String text, String expectation) {
      this.text = text;
      this.expectation = expectation;
    }

    /// Its name in documentation.
    public String text() {
      return text;
    }

    private boolean accepts(String value) {
      return switch (this) {
        case TEXT -> value.indexOf('\0') < 0;
        case NAME -> isName(value);
        case PATH -> isPath(value);
        case FLAG -> isFlag(value);
        case DRY_RUN -> isFlag(value) || isDryRun(value.strip());
        case COUNT -> new ValueForm.Whole(1, 100).canonical(value).isPresent();
        case OUTPUT -> Output.parse(value).isPresent();
        case EXPRESSION -> Expression.isSound(value);
        case TEMPLATE -> isTemplate(value);
        case DURATION -> DurationText.parse(value).isPresent();
      };
    }

    /// PostgreSQL would cut a longer one (NAMEDATALEN), and another object would be meant.
    private static boolean isName(String value) {
      return value.indexOf('\0') < 0
          && value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME_BYTES;
    }

    /// Without the id, all migrations of an author would be one.
    private static boolean isTemplate(String value) {
      return value.contains("{id}")
          && value.matches("(?:[^{}\\p{Cntrl}]|\\{(?:id|author|path)\\})*");
    }

    private static boolean isFlag(String value) {
      String trimmed = value.strip();
      return trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false");
    }

    private static boolean isDryRun(String value) {
      return value.equalsIgnoreCase(PLAN) || value.equalsIgnoreCase(EXECUTE);
    }

    private static boolean isPath(String value) {
      try {
        return !Path.of(value).toString().isEmpty();
      } catch (InvalidPathException _) {
        return false;
      }
    }
  }

  /// Who can decide on it.
  private enum Scope {
    /// Whoever runs Slipway.
    RUN,
    /// The changelog's author too, whom whoever runs Slipway overrules.
    CHANGELOG
  }

  private final String key;
  private final String option;
  private final Form form;
  private final String byDefault;
  private final String description;
  private final Scope scope;

  Setting(String key, String option, Form form, String byDefault, String description) {
    this(key, option, form, byDefault, description, Scope.RUN);
  }

  Setting(String key, String option, Form form, String byDefault, String description, Scope scope) {
    this.key = key;
    this.option = option;
    this.form = form;
    this.byDefault = byDefault;
    this.description = description;
    this.scope = scope;
  }

  /// The key within the section `Slipway`.
  public String key() {
    return key;
  }

  /// The option of the command line, with its dashes.
  public String option() {
    return option;
  }

  public Form form() {
    return form;
  }

  /// The value where nothing is given; empty if there is none.
  public String byDefault() {
    return byDefault;
  }

  /// A clause, lower case, without a full stop.
  public String description() {
    return description;
  }

  /// Whether a changelog's `slipway.yaml` may give it.
  public boolean isForChangelogs() {
    return scope == Scope.CHANGELOG;
  }

  /// The key in a changelog's `slipway.yaml`.
  public String changelogKey() {
    return option.substring(2);
  }

  /// What to write instead of a text that cannot be the value; empty if it can.
  public Optional<String> objection(String text) {
    return form.accepts(text) ? Optional.empty() : Optional.of(form.expectation);
  }
}
