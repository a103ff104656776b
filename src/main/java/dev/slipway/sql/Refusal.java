package dev.slipway.sql;

import java.util.Optional;
import java.util.regex.Pattern;

/// What a migration's text cannot hold, with the reason and the way out.
final class Refusal {
  private static final String INSERTS =
      "Write the rows as INSERT statements; pg_dump --inserts writes them so.";

  private static final String NUL = "NUL character in the text";
  private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^a-z0-9]");
  private static final Pattern FALSE = Pattern.compile("of|off|n|no|0|f|fa|fal|fals|false");

  private Refusal() {}

  /// The problem with a statement that is complete and still cannot be sent.
  static Optional<Problem> of(Statement statement) {
    var phrase = new Phrase(statement.text());
    return switch (phrase.word()) {
      case "BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE" ->
          Optional.of(transactionControl(statement));
      case "START", "PREPARE" -> {
        phrase.next();
        yield phrase.at("TRANSACTION")
            ? Optional.of(transactionControl(statement))
            : Optional.empty();
      }
      case "COPY" -> copy(statement, phrase);
      case "SET" -> setting(statement, phrase);
      default -> Optional.empty();
    };
  }

  /// Whether psql would take the lines after the statement for rows.
  static boolean isFollowedByData(Statement statement) {
    var phrase = new Phrase(statement.text());
    return phrase.at("COPY") && stream(phrase).equals("FROM STDIN");
  }

  static Problem unterminatedString(Position position) {
    return new Problem(
        position,
        "unterminated string",
        "Close it with a single quote; write a single quote inside it twice.");
  }

  static Problem unterminatedIdentifier(Position position) {
    return new Problem(
        position,
        "unterminated quoted identifier",
        "Close it with a double quote; write a double quote inside it twice.");
  }

  static Problem unterminatedDollarQuote(Position position, String tag) {
    return new Problem(
        position,
        "unterminated dollar quote %s".formatted(tag),
        "Close it with %s, in the same letter case.".formatted(tag));
  }

  static Problem unterminatedComment(Position position) {
    return new Problem(
        position,
        "unterminated comment",
        "Close it with */; a comment inside a comment needs a */ of its own.");
  }

  static Problem openBody(Position position) {
    return new Problem(
        position,
        "unterminated BEGIN ATOMIC body",
        "Close it with END; after the `;` that its last statement needs.");
  }

  static Problem openParenthesis(Position position) {
    return new Problem(
        position,
        "parenthesis that is never closed",
        "Close it; a `;` inside parentheses does not end the statement.");
  }

  static Problem nul(Position position) {
    return new Problem(
        position,
        NUL,
        "Take it out: PostgreSQL cannot hold it. A file full of them is UTF-16; save it as UTF-8.");
  }

  static boolean isNul(Problem problem) {
    return problem.message().equals(NUL);
  }

  static Problem metaCommand(Position position, String name) {
    return new Problem(
        position,
        "cannot run %s: it is a command of psql, not SQL".formatted(name),
        switch (name) {
          case "\\i", "\\ir", "\\include", "\\include_relative" ->
              "Put the SQL of that file here, or make it a migration of its own.";
          case "\\copy" -> INSERTS;
          case "\\;", "\\g", "\\gx", "\\gset", "\\gexec" -> "End the statement with a plain `;`.";
          default -> "Take it out, or write in SQL what it does.";
        });
  }

  private static Problem transactionControl(Statement statement) {
    return new Problem(
        statement.position(),
        "cannot run %s inside a migration".formatted(statement.command()),
        "Take it out: each migration runs in a transaction of its own, and in one marked"
            + " no-transaction each statement commits by itself.");
  }

  private static Optional<Problem> copy(Statement statement, Phrase phrase) {
    return switch (stream(phrase)) {
      case "FROM STDIN" ->
          Optional.of(
              new Problem(
                  statement.position(),
                  "cannot run COPY ... FROM STDIN: its rows are not SQL",
                  INSERTS));
      case "TO STDOUT" ->
          Optional.of(
              new Problem(
                  statement.position(),
                  "cannot run COPY ... TO STDOUT: nobody would read its rows",
                  "Take it out, or write to a file on the server: COPY ... TO '/path/file'."));
      default -> Optional.empty();
    };
  }

  /// Through which stream of the client the COPY goes, if any. To PostgreSQL, STDIN and STDOUT are
  /// the same word.
  private static String stream(Phrase phrase) {
    while (!phrase.atEnd()) {
      boolean from = phrase.at("FROM");
      if (from || phrase.at("TO")) {
        phrase.next();
        boolean isStream = phrase.at("STDIN") || phrase.at("STDOUT");
        return isStream ? from ? "FROM STDIN" : "TO STDOUT" : "";
      }
      phrase.nextOutsideParentheses();
    }
    return "";
  }

  private static Optional<Problem> setting(Statement statement, Phrase phrase) {
    phrase.next();
    if (phrase.skip("NAMES")) {
      return clientEncoding(statement, phrase.skipValue());
    }
    if (!phrase.skip("SESSION")) {
      phrase.skip("LOCAL");
    }
    String name = phrase.skipName().map(Identifier::value).map(Ascii::lower).orElse("");
    if (!phrase.skip('=')) {
      phrase.skip("TO");
    }
    return switch (name) {
      case "client_encoding" -> clientEncoding(statement, phrase.skipValue());
      case "standard_conforming_strings" -> conformingStrings(statement, phrase.skipValue());
      default -> Optional.empty();
    };
  }

  private static Optional<Problem> clientEncoding(Statement statement, String value) {
    // PostgreSQL compares names of encodings by their letters and digits alone.
    return switch (NOT_ALPHANUMERIC.matcher(value).replaceAll("")) {
      case "", "utf8", "unicode", "default" -> Optional.empty();
      default ->
          Optional.of(
              new Problem(
                  statement.position(),
                  "cannot set client_encoding to %s".formatted(value),
                  "Take it out and save the file as UTF-8: that is how it is read and sent."));
    };
  }

  private static Optional<Problem> conformingStrings(Statement statement, String value) {
    return FALSE.matcher(value).matches()
        ? Optional.of(
            new Problem(
                statement.position(),
                "cannot set standard_conforming_strings to %s".formatted(value),
                "Take it out, and write strings with backslash escapes as E'...'."))
        : Optional.empty();
  }
}
