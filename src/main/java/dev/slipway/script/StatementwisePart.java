package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.IndexSql;
import dev.slipway.history.JournalSql;
import dev.slipway.history.RunLock;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.Edits;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.SessionState;
import dev.slipway.script.SessionSql.Counter;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import dev.slipway.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// The part of a migration that runs without a transaction, statement by statement: what has to be
/// decided between them only psql can, by its conditions and variables.
///
/// psql's `slipway_next` is the number of the statement that is next, 0 where the migration is not
/// to be applied or has failed; `slipway_doubt` that of a statement of which nobody knows whether
/// it took effect, 0 for none.
final class StatementwisePart {
  private final GuardCode guard;
  private final HistorySql history;
  private final ScriptSettings settings;

  StatementwisePart(GuardCode guard, HistorySql history, ScriptSettings settings) {
    this.guard = guard;
    this.history = history;
    this.settings = settings;
  }

  /// What all such parts of a script need, written once.
  String preamble() {
    return """
        -- For the migrations that run without a transaction: the key of the lock that keeps other runs
        -- away, whether this session has it or can take it, and the indexes of all tables.
        SELECT key AS lock, pg_catalog.format(%s, key) AS locked, %s AS indexes
        FROM (SELECT %s) AS migration_lock(key) \\gset slipway_
        """
        .formatted(
            DollarQuote.around(RunLock.keepSql("%1$s"), "sql"),
            DollarQuote.around("(" + IndexSql.ALL + ") AS there", "sql"),
            history.lockKeySql());
  }

  /// @param next the id of the one behind it; empty for the last
  String text(CompiledMigration compiled, String next) {
    var part = new StringBuilder();
    part.append(begin(compiled, next));
    List<Statement> statements = compiled.statements();
    HistorySql marks = history.named(":slipway_history", ":slipway_journal");
    var session = new LostSession(new SessionState(statements));
    for (int i = 0; i < statements.size(); i++) {
      part.append("\n-- Statement %d of %d\n".formatted(i + 1, statements.size()));
      part.append(
          new StatementStep(
                  marks,
                  settings.of(compiled.migration().conduct()),
                  compiled.migration().id(),
                  statements.get(i),
                  i + 1,
                  session.lastReplay(i))
              .text());
    }
    part.append(end(compiled, next));
    return part.toString();
  }

  private String begin(CompiledMigration compiled, String next) {
    return """
        \\set slipway_next 0
        \\set slipway_doubt 0
        \\set slipway_stop :ON_ERROR_STOP
        DO %s;
        \\if :ERROR
        \\else
        SELECT pg_catalog.split_part(pg_catalog.current_setting('slipway.claim'), ' ', 1) AS next,
          pg_catalog.split_part(pg_catalog.current_setting('slipway.claim'), ' ', 2) AS doubt,
          pg_catalog.current_setting('slipway.shared') AS shared,
          pg_catalog.format('%%I.%%I', %2$s, %3$s) AS history,
          pg_catalog.format('%%I.%%I', %2$s, %4$s) AS journal \\gset slipway_
        \\endif
        SELECT :slipway_next > 0 AS claimed \\gset slipway_
        \\set ON_ERROR_STOP off
        """
        .formatted(
            DollarQuote.around("\n" + claim(compiled, next), "slipway"),
            schema(),
            literal(history.tableName().value()),
            literal(HistoryTable.JOURNAL.value()));
  }

  private String schema() {
    return history
        .schema()
        .map(Identifier::value)
        .map(StatementwisePart::literal)
        .orElse("pg_catalog.current_schema()");
  }

  /// Decides whether the migration is to be applied, and from which statement on.
  private String claim(CompiledMigration compiled, String next) {
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(SessionSql.declaration());
    code.line("  claim pg_catalog.text := '0 0';");
    code.line("  done pg_catalog.int4 := 0;");
    code.line("  begun pg_catalog.text;");
    code.line("  doubt pg_catalog.int4 := 0;");
    code.line("  noted pg_catalog.int4;");
    code.line("  to_note pg_catalog.int4;");
    code.add(Indented.by(2, "lock_key pg_catalog.int8 := " + history.lockKeySql() + ";"));
    code.begin("BEGIN");
    guard.append(compiled, next, code, () -> appendClaim(compiled, code));
    code.line("PERFORM pg_catalog.set_config('slipway.claim', claim, false);");
    code.end("END");
    return code.text();
  }

  private void appendClaim(CompiledMigration compiled, PlpgsqlCode code) {
    Migration migration = compiled.migration();
    code.add(
        """
        IF NOT pg_catalog.pg_try_advisory_lock(lock_key) THEN
          RAISE SQLSTATE '55P03' USING
            MESSAGE = %1$s,
            HINT = 'Wait until it has ended, then run this script again.';
        END IF;
        SELECT statements_done, checksum, statement_begun INTO done, begun, noted FROM %2$s
        WHERE %3$s
          AND %15$s;
        IF FOUND THEN
          doubt := CASE WHEN noted <> done + 1 OR done >= %11$d THEN 0 ELSE done + 1 END;
          to_note := CASE
            WHEN %4$s THEN LEAST(done, %11$d)
            WHEN %14$s THEN %11$d
            WHEN doubt NOT IN (%12$s) THEN doubt
          END;
          IF to_note IS NOT NULL THEN
            PERFORM pg_catalog.pg_advisory_unlock(lock_key);
            RAISE SQLSTATE '55000' USING
              MESSAGE = pg_catalog.format('slipway: migration "%%s" stopped at statement %%s',
                %5$s, done + 1),
              DETAIL = CASE WHEN %4$s THEN 'Its text was edited since.'
                WHEN %14$s THEN 'What was temporary is gone with its session.'
                ELSE 'Nobody knows whether that took effect.' END,
              HINT = pg_catalog.format('See to it that exactly the first %%s of its statements took '
                'effect, then note that: UPDATE %%I.%%I SET statements_done = %%s, '
                'statement_begun = 0, checksum = %%L WHERE %%s; and run this script again.',
                to_note, %6$s, %13$s, to_note,
                %7$s,
                %8$s);
          END IF;
        ELSE
          done := 0;
          %9$s;
        END IF;
        claim := (done + 1) || ' ' || doubt;
        PERFORM pg_catalog.set_config('lock_timeout', '%10$d', false);
        """
            .formatted(
                literal("slipway: not applied: " + migration + ", because another run is at work"),
                history.journal().table(),
                history.journal().key(migration.id().value()),
                isEdited(migration),
                literal(migration.id().value()),
                schema(),
                literal(migration.checksum().value()),
                literal(history.journal().key(migration.id().value())),
                history
                    .journal()
                    .started(
                        migration.id(),
                        migration.checksum(),
                        compiled.statements().size(),
                        settings.version())
                    .replace("\n", "\n  "),
                settings.of(migration.conduct()).lockTimeout().toMillis(),
                compiled.statements().size(),
                resumable(compiled.statements()),
                literal(HistoryTable.JOURNAL.value()),
                new LostSession(new SessionState(compiled.statements())).isLost("done"),
                JournalSql.HALF_APPLIED));
  }

  private static String isEdited(Migration migration) {
    return switch (migration.edits()) {
      case Edits.Any _ -> "false";
      case Edits.Regenerated _ -> "begun NOT IN ('', %s)".formatted(checksum(migration));
      case Edits.Listed(var accepted) ->
          accepted.stream()
              .map(Checksum::value)
              .sorted()
              .map(StatementwisePart::literal)
              .collect(
                  Collectors.joining(
                      ", ",
                      "begun NOT IN ('', %s%s"
                          .formatted(checksum(migration), accepted.isEmpty() ? "" : ", "),
                      ")"));
    };
  }

  private static String checksum(Migration migration) {
    return literal(migration.checksum().value());
  }

  /// The numbers of those that can be gone on with where they are in doubt; 0 is none's.
  private static String resumable(List<Statement> statements) {
    var numbers = new StringJoiner(", ");
    numbers.add("0");
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i).isResumable()) {
        numbers.add(Integer.toString(i + 1));
      }
    }
    return numbers.toString();
  }

  private String end(CompiledMigration compiled, String next) {
    return """

        -- Is it complete?
        \\set ON_ERROR_STOP :slipway_stop
        \\if :slipway_claimed
        SELECT pg_catalog.set_config('slipway.shared', :'slipway_shared', false) AS set,
          pg_catalog.set_config('slipway.next', %s, false) AS own,
          pg_catalog.set_config('default_transaction_read_only', 'off', false) AS read_only,
          %s AS complete \\gset slipway_
        \\if :slipway_complete
        DO %s;
        SELECT pg_catalog.pg_advisory_unlock(:slipway_lock) AS set \\gset slipway_
        \\else
        DO %s;
        SELECT pg_catalog.pg_advisory_unlock(:slipway_lock) AS set \\gset slipway_
        DO %s;
        \\endif
        \\endif
        """
        .formatted(
            literal(compiled.migration().id().value()),
            StatementStep.isNext(compiled.statements().size() + 1),
            quoted(finish(compiled, next)),
            quoted(reset(compiled.migration().id())),
            quoted(stop(compiled, next)));
  }

  private String finish(CompiledMigration compiled, String next) {
    Migration migration = compiled.migration();
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(SessionSql.declaration());
    code.begin("BEGIN");
    code.add(SessionSql.take());
    code.add(SessionSql.reset());
    code.add(SessionSql.lock());
    guard.appendRecordIfMissing(migration, code);
    code.add(
        history
                .journal()
                .finished(migration.id(), migration.checksum(), compiled.statements().size())
            + ";");
    code.line(SessionSql.tellApplied(migration));
    code.add(SessionSql.goOn(migration.id(), next));
    code.end("END");
    return code.text();
  }

  private String reset(MigrationId next) {
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(SessionSql.declaration());
    code.begin("BEGIN");
    code.add(SessionSql.take());
    code.add(SessionSql.reset());
    code.add(SessionSql.setNext(next.value()));
    code.end("END");
    return code.text();
  }

  /// Says how far it came. One that may fail, and of which nothing is left, is passed over.
  private String stop(CompiledMigration compiled, String next) {
    Migration migration = compiled.migration();
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(SessionSql.declaration());
    code.line("  done pg_catalog.int4;");
    code.begin("BEGIN");
    code.add(
        "SELECT statements_done INTO done FROM %s\nWHERE %s\n  AND finished_at IS NULL;"
            .formatted(history.journal().table(), history.journal().key(migration.id().value())));
    if (migration.conduct().onFailure() == OnFailure.GO_ON) {
      code.begin("IF done IS NULL THEN");
      code.line(
          "RAISE WARNING USING MESSAGE = "
              + literal("slipway: passed over " + migration + ": it failed")
              + ";");
      code.add(SessionSql.take());
      code.add(SessionSql.skip(Counter.PASSED, migration.id(), next));
      code.line("RETURN;");
      code.end("END IF;");
    }
    code.add(
        """
        RAISE SQLSTATE '55000' USING
          MESSAGE = %s || COALESCE(
            ' stopped: ' || done || ' of %d statements took effect',
            ' was not applied; nothing of it is left'),
          HINT = 'See the error above; mend its cause and run the script again.';
        """
            .formatted(
                literal("slipway: migration \"" + migration + "\""), compiled.statements().size()));
    code.end("END");
    return code.text();
  }

  private static String quoted(String code) {
    return DollarQuote.around("\n" + code, "slipway");
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
