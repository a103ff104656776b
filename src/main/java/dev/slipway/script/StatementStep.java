package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.ConcurrentIndex;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Statement;
import java.util.Optional;

/// One statement of a migration that runs without a transaction, and its mark in the journal.
///
/// @param history by names that psql fills in, which the migration's search path does not affect
/// @param id the migration's
/// @param number of the statement in it, from 1
record StatementStep(
    HistorySql history, ScriptSettings settings, MigrationId id, Statement statement, int number) {
  /// A statement that works in several transactions waits for others in each. A limit that the
  /// migration itself has set is left to it.
  private static final String RESTORE =
      """
      SELECT pg_catalog.set_config('lock_timeout', :'slipway_lock_timeout', false) AS set \\gset slipway_
      """;

  /// The script goes on in UTF-8, also behind a RESET ALL.
  private static final String ENCODING = "SET client_encoding = 'UTF8';\n";

  /// Whether it can be run again where nobody knows whether it took effect.
  static boolean canBeResumed(Statement statement) {
    return canBeBegunAgain(statement) || isAtomic(statement);
  }

  /// The same without a mark in its own transaction.
  static boolean canBeBegunAgain(Statement statement) {
    return statement.isRepeatable()
        || statement.concurrentIndex().flatMap(ConcurrentIndex::name).isPresent();
  }

  /// Whether it can take effect in one transaction with its mark.
  private static boolean isAtomic(Statement statement) {
    return statement.outsideTransaction().isEmpty() && !statement.mayStopHalfWay();
  }

  String text() {
    String sql = Statements.quoted(statement.text());
    return "SELECT %s AS due \\gset slipway_\n\\if :slipway_due\n".formatted(isNext(number))
        + (isAtomic(statement) ? atomic(sql) : byItself(sql))
        + "\\endif\n";
  }

  /// Whether this statement is next and the migration lock is held: a statement before it may have
  /// given that up, and another run may have it since.
  static String isNext(int number) {
    return "CASE :slipway_next WHEN %d THEN :slipway_locked ELSE false END".formatted(number);
  }

  /// What the migration itself has made read-only has to be marked all the same.
  private String atomic(String sql) {
    return """
        BEGIN READ WRITE;
        SELECT %s \\gexec
        \\if :ERROR
        ROLLBACK;
        \\set slipway_next 0
        %s\\else
        %s%s%s\\endif
        """
        .formatted(sql, forget(), ENCODING, aside(""), mark());
  }

  private String byItself(String sql) {
    Optional<ConcurrentBuild> build =
        statement.concurrentIndex().map(index -> new ConcurrentBuild(index, number));
    String done = ENCODING + aside("BEGIN READ WRITE\\; ") + mark();
    return lift()
        + build.map(ConcurrentBuild::before).orElse("")
        + "SELECT %s%s \\gexec\n".formatted(sql, build.isEmpty() ? "" : " WHERE :'slipway_run'")
        + "\\if :ERROR\n\\set slipway_next 0\n"
        + build.map(ConcurrentBuild::dropNew).orElse("")
        + afterFailure()
        + "\\else\n"
        + build.map(index -> index.unlessInvalid(done)).orElse(done)
        + RESTORE
        + "\\endif\n";
  }

  /// If the index that it left could not be dropped, the mark stays.
  private String afterFailure() {
    String forget = forget();
    if (forget.isEmpty()) {
      return "";
    }
    if (statement.concurrentIndex().isPresent()) {
      return "\\if :ERROR\n\\else\n" + forget + "\\endif\n";
    }
    return statement.mayStopHalfWay() ? "" : forget;
  }

  private String lift() {
    return """
        SELECT setting AS lock_timeout, pg_catalog.set_config('lock_timeout',
          CASE setting WHEN '%d' THEN '0' ELSE setting END, false) AS set
        FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' \\gset slipway_
        """
        .formatted(settings.lockTimeout().toMillis());
  }

  /// The mark's own role: the migration may have taken another.
  private String aside(String begin) {
    return begin
        + "SET LOCAL ROLE "
        + settings.role().map(Identifier::quoted).orElse("NONE")
        + "\\; ";
  }

  private String mark() {
    return """
        %s\\; COMMIT;
        \\if :ERROR
        ROLLBACK;
        \\set slipway_next 0
        \\else
        \\set slipway_next %d
        \\endif
        """
        .formatted(history.journal().progress(id, number), number + 1);
  }

  /// Takes the mark back where nothing took effect.
  private String forget() {
    return number == 1 ? history.journal().forget(id.value()) + ";\n" : "";
  }
}
