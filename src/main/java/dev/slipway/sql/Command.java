package dev.slipway.sql;

import dev.slipway.sql.Statement.SessionEffect;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What a statement is, from its words.
final class Command {
  private static final Set<String> ANSWER_WITH_ROWS =
      Set.of("SELECT", "VALUES", "TABLE", "WITH", "SHOW", "EXPLAIN", "EXECUTE", "FETCH", "CALL");
  private static final Set<String> CAN_RETURN = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

  /// Words between CREATE and the kind of object.
  private static final Set<String> MODIFIERS =
      Set.of(
          "OR",
          "REPLACE",
          "GLOBAL",
          "LOCAL",
          "TEMP",
          "TEMPORARY",
          "UNLOGGED",
          "UNIQUE",
          "RECURSIVE",
          "TRUSTED",
          "PROCEDURAL",
          "CONSTRAINT");

  /// Commands and kinds of objects whose names have more than one word, after the first.
  private static final List<List<String>> SECOND_WORDS =
      List.of(
          List.of("ACCESS", "METHOD"),
          List.of("DEFAULT", "CONVERSION"),
          List.of("DEFAULT", "PRIVILEGES"),
          List.of("EVENT", "TRIGGER"),
          List.of("FOREIGN", "DATA", "WRAPPER"),
          List.of("FOREIGN", "SCHEMA"),
          List.of("FOREIGN", "TABLE"),
          List.of("INDEX", "CONCURRENTLY"),
          List.of("LARGE", "OBJECT"),
          List.of("MATERIALIZED", "VIEW"),
          List.of("OPERATOR", "CLASS"),
          List.of("OPERATOR", "FAMILY"),
          List.of("TEXT", "SEARCH", "CONFIGURATION"),
          List.of("TEXT", "SEARCH", "DICTIONARY"),
          List.of("TEXT", "SEARCH", "PARSER"),
          List.of("TEXT", "SEARCH", "TEMPLATE"),
          List.of("USER", "MAPPING"));

  private static final Set<String> WITH_SECOND_WORD =
      Set.of("ALTER", "CREATE", "DISCARD", "DROP", "IMPORT", "REASSIGN", "REFRESH", "SECURITY");

  private static final Pattern ENDS_TRANSACTION =
      Pattern.compile("\\b(commit|rollback|call)\\b", Pattern.CASE_INSENSITIVE);

  private Command() {}

  static String name(Phrase phrase) {
    if (phrase.at('(')) {
      return "SELECT";
    }
    String verb = phrase.word();
    phrase.next();
    return switch (verb) {
      // PostgreSQL's own tag for a command that it does not know.
      case "" -> "???";
      case "WITH" -> afterWith(phrase);
      case "COMMIT", "ROLLBACK" -> completion(phrase, verb);
      case "START", "PREPARE" -> phrase.skip("TRANSACTION") ? verb + " TRANSACTION" : verb;
      case "SET" -> phrase.skip("CONSTRAINTS") ? "SET CONSTRAINTS" : verb;
      default -> WITH_SECOND_WORD.contains(verb) ? verb + kindOfObject(phrase) : verb;
    };
  }

  static boolean mayReturnRows(Phrase phrase) {
    String verb = phrase.word();
    return phrase.at('(')
        || ANSWER_WITH_ROWS.contains(verb)
        || (CAN_RETURN.contains(verb) && phrase.skipTo("RETURNING"));
  }

  /// Whether the text of a DO block may end the transaction: it then says so, or calls what may.
  /// EXECUTE of a text that is put together refuses to.
  static boolean mayEndTransaction(String block) {
    return ENDS_TRANSACTION.matcher(block).find();
  }

  static SessionEffect sessionEffect(Phrase phrase) {
    String verb = phrase.word();
    phrase.next();
    return switch (verb) {
      case "SET" -> setting(phrase);
      case "RESET", "PREPARE", "DEALLOCATE", "LISTEN", "UNLISTEN", "LOAD" -> SessionEffect.SETTING;
      case "DISCARD" -> phrase.at("ALL") ? SessionEffect.ALL_DISCARDED : SessionEffect.SETTING;
      case "CREATE" -> created(phrase);
      case "SELECT" -> selected(phrase);
      case "DECLARE" -> SessionEffect.TEMPORARY_OBJECT;
      default -> SessionEffect.NONE;
    };
  }

  private static SessionEffect setting(Phrase phrase) {
    return phrase.at("LOCAL") || phrase.at("TRANSACTION") || phrase.at("CONSTRAINTS")
        ? SessionEffect.NONE
        : SessionEffect.SETTING;
  }

  private static SessionEffect created(Phrase phrase) {
    phrase.skip("OR", "REPLACE");
    if (!phrase.skip("GLOBAL")) {
      phrase.skip("LOCAL");
    }
    return phrase.at("TEMP") || phrase.at("TEMPORARY") || phrase.skipTo("PG_TEMP")
        ? SessionEffect.TEMPORARY_OBJECT
        : SessionEffect.NONE;
  }

  /// `SELECT set_config(…)`, as pg_dump writes it, and `SELECT … INTO TEMP`.
  private static SessionEffect selected(Phrase phrase) {
    if (phrase.skip("PG_CATALOG")) {
      phrase.skip('.');
    }
    if (phrase.at("SET_CONFIG")) {
      return SessionEffect.SETTING;
    }
    boolean into = phrase.skipTo("INTO");
    return into && (phrase.at("TEMP") || phrase.at("TEMPORARY") || phrase.at("LOCAL"))
        ? SessionEffect.TEMPORARY_OBJECT
        : SessionEffect.NONE;
  }

  private static String afterWith(Phrase phrase) {
    while (!phrase.atEnd()) {
      String word = phrase.word();
      if (CAN_RETURN.contains(word)) {
        return word;
      }
      phrase.nextOutsideParentheses();
    }
    return "SELECT";
  }

  private static String completion(Phrase phrase, String verb) {
    if (phrase.skip("PREPARED")) {
      return verb + " PREPARED";
    }
    return phrase.skipTo("TO") ? verb + " TO SAVEPOINT" : verb;
  }

  private static String kindOfObject(Phrase phrase) {
    while (MODIFIERS.contains(phrase.word())) {
      phrase.next();
    }
    for (List<String> words : SECOND_WORDS) {
      if (phrase.skip(words.toArray(String[]::new))) {
        return " " + String.join(" ", words);
      }
    }
    return phrase.word().isEmpty() ? "" : " " + phrase.word();
  }
}
