package dev.slipway.changelog.ef;

/// What keeps a script of EF's from being applied.
enum ScriptProblem {
  CUT_OFF("the script is cut off: what begins here has no end", ScriptProblem.ALL_OF_IT),
  ENDS_EARLY(
      "the script is cut off: it ends within a transaction, or within a statement",
      ScriptProblem.ALL_OF_IT),
  NO_GUARDS(
      "a script of EF's without guards: it would apply everything each time",
      "Generate it with guards: dotnet ef migrations script --idempotent -o migrations.sql"),
  DOWN(
      "a down-script: it takes migrations back",
      "Slipway goes forward only; generate the way up: dotnet ef migrations script --idempotent -o"
          + " migrations.sql"),
  ANOTHER_HISTORY(
      "the block asks another history than the blocks before it",
      "Give the script of each context a changelog of its own: one folder for each, named like its"
          + " connection string."),
  NOT_RECORDED(
      "no block records the migration that begins here",
      "The script is cut off, or a block was taken out: generate it again."),
  EDITED_GUARD(
      "a block that records a migration, and asks the history in another way than EF does",
      "Generate the script again; a block begins with IF NOT EXISTS(SELECT 1 FROM history WHERE id ="
          + " '…') THEN."),
  NO_ID(
      "the id of the migration that begins here is no migration id",
      "Give it up to 150 characters."),
  EMPTY(
      "the script holds no migration",
      "Generate it behind the first one: dotnet ef migrations add NAME");

  private static final String ALL_OF_IT =
      "Generate it again, or copy all of it: it ends with COMMIT; or with END $EF$;";

  private final String message;
  private final String hint;

  ScriptProblem(String message, String hint) {
    this.message = message;
    this.hint = hint;
  }

  String message() {
    return message;
  }

  String hint() {
    return hint;
  }
}
