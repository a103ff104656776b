package dev.slipway.sql;

import dev.slipway.sql.Concern.Aftermath;
import dev.slipway.sql.Need.Scope;
import java.util.List;
import java.util.Optional;

/// The DO block by which EF makes a schema if that is missing (`EnsureSchema`); of all blocks the
/// only one of which is known what it does.
final class BlockConcern {
  private BlockConcern() {}

  /// @param phrase behind the DO
  static Concern concern(Phrase phrase) {
    return phrase
        .skipDollarQuoted()
        .flatMap(BlockConcern::schema)
        .map(BlockConcern::made)
        .orElse(Concern.RUN);
  }

  private static Concern made(Identifier schema) {
    return new Concern(
        List.of(new Need.NewSchema(schema, Scope.IF_MISSING)),
        List.of(),
        List.of(schema),
        Aftermath.PATH);
  }

  private static Optional<Identifier> schema(String body) {
    var phrase = new Phrase(body);
    boolean opens =
        phrase.skip("BEGIN", "IF", "NOT", "EXISTS")
            && phrase.skip('(')
            && phrase.skip("SELECT")
            && phrase.skipNumber()
            && phrase.skip("FROM", "PG_NAMESPACE", "WHERE", "NSPNAME")
            && phrase.skip('=');
    Optional<String> asked = opens ? phrase.skipString() : Optional.empty();
    boolean goesOn = phrase.skip(')') && phrase.skip("THEN", "CREATE", "SCHEMA");
    Optional<Identifier> made = goesOn ? phrase.skipName() : Optional.empty();
    boolean ends =
        phrase.skip(';')
            && phrase.skip("END", "IF")
            && phrase.skip(';')
            && phrase.skip("END")
            && (phrase.skip(';') || phrase.atEnd())
            && phrase.atEnd();
    return made.filter(name -> ends && asked.filter(name.value()::equals).isPresent());
  }
}
