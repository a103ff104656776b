package dev.slipway.changelog.ef;

import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The statement that makes the history's schema, as EF's versions write it
/// (`NpgsqlMigrationsSqlGenerator.Generate(EnsureSchemaOperation)`).
final class SchemaSql {
  private static final Pattern BLOCK =
      Pattern.compile(
          "DO\\s+(\\$\\w*\\$)\\s*BEGIN\\s+IF NOT EXISTS\\s*\\("
              + "SELECT 1 FROM pg_namespace WHERE nspname = '(?:[^']|'')*'\\)\\s+THEN\\s+"
              + "CREATE SCHEMA (\"(?:[^\"]|\"\")+\"|[^\\s;]+);\\s+END IF;\\s+END\\s*\\1");

  private SchemaSql() {}

  /// The schema that the statement makes, and it does nothing else; empty for any other statement.
  static Optional<Identifier> schema(String statement) {
    Matcher block = BLOCK.matcher(statement);
    if (block.matches()) {
      return new Phrase(block.group(2)).skipName();
    }
    var phrase = new Phrase(statement);
    if (!phrase.skip("CREATE", "SCHEMA")) {
      return Optional.empty();
    }
    phrase.skip("IF", "NOT", "EXISTS");
    Optional<Identifier> name = phrase.skipName();
    return phrase.atEnd() ? name : Optional.empty();
  }
}
