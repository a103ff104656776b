package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.history.IndexSql;
import dev.slipway.history.JournalSql;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import dev.slipway.sql.Statement;
import java.util.Optional;

/// One statement of a migration that runs without a transaction, and its mark in the journal.
///
/// @param history by names that psql fills in, which the migration's search path does not affect
/// @param id the migration's
/// @param number of the statement in it, from 1
/// @param lastReplay the number of the last statement for which this one, which sets something in
///     its session, has to be run again in another session; 0 for none
record StatementStep(
    HistorySql history,
    ScriptSettings settings,
    MigrationId id,
    Statement statement,
    int number,
    int lastReplay) {
  private static final String BEGIN = "BEGIN READ WRITE\\; ";

  /// A statement that works in several transactions waits for others in each. A limit that the
  /// migration itself has set is left to it.
  private static final String RESTORE =
      """
      SELECT pg_catalog.set_config('lock_timeout', :'slipway_lock_timeout', false) AS set \\gset slipway_
      """;

  /// The script goes on in UTF-8, also behind a RESET ALL.
  private static final String ENCODING = "SET client_encoding = 'UTF8';\n";

  String text() {
    return replay()
        + "SELECT %s AS due \\gset slipway_\n\\if :slipway_due\n".formatted(isNext(number))
        + (statement.isAtomic() ? atomic(quoted()) : byItself(quoted()))
        + "\\endif\n";
  }

  private String quoted() {
    return Statements.quoted(statement.text());
  }

  /// What follows may need what this statement has set, also where that was in another session.
  private String replay() {
    return lastReplay <= number
        ? ""
        : """
        SELECT :slipway_next BETWEEN %d AND %d AS replay \\gset slipway_
        \\if :slipway_replay
        SELECT %s \\gexec
        \\if :ERROR
        \\set slipway_next 0
        \\endif
        \\endif
        """
            .formatted(number + 1, lastReplay, quoted());
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
        .formatted(sql, number == 1 ? unmark() : "", ENCODING, aside(""), mark());
  }

  private String byItself(String sql) {
    Optional<ConcurrentBuild> build =
        statement
            .concurrentIndex()
            .map(
                index ->
                    new ConcurrentBuild(
                        new IndexSql(index), history.journal(), setRole(), id, number));
    String done = ENCODING + aside(BEGIN) + mark();
    return lift()
        + build.map(ConcurrentBuild::settle).orElseGet(this::settle)
        + begin()
        + "\\if :ERROR\nROLLBACK;\n\\set slipway_next 0\n\\else\n"
        + build.map(ConcurrentBuild::before).orElse("")
        + "SELECT %s WHERE :'slipway_run' \\gexec\n".formatted(sql)
        + "\\if :ERROR\n\\set slipway_next 0\n"
        + build
            .map(ConcurrentBuild::dropNew)
            .orElse(statement.isConcurrentReindex() ? dropNew() : "")
        + afterFailure()
        + "\\else\n"
        + build.map(index -> index.unlessInvalid(done, unmark())).orElse(done)
        + "\\endif\n"
        + RESTORE
        + "\\endif\n";
  }

  private String begin() {
    JournalSql journal = history.journal();
    return aside(BEGIN)
        + indexes()
            .map(names -> journal.begun(id, number, names))
            .orElseGet(() -> journal.begun(id, number))
        + "\\; COMMIT;\n";
  }

  /// A query for the indexes to note before it builds any.
  private Optional<String> indexes() {
    return statement.isConcurrentReindex()
        ? Optional.of(IndexSql.TRANSIENT)
        : statement.concurrentIndex().map(index -> new IndexSql(index).names());
  }

  private String settle() {
    return statement.isConcurrentReindex()
        ? """
          \\set slipway_run true
          SELECT :slipway_doubt = %d AS settle \\gset slipway_
          \\if :slipway_settle
          %s\\endif
          """
            .formatted(number, dropNew())
        : settleDrop();
  }

  /// Drops what a REINDEX CONCURRENTLY left that broke; nothing if nobody noted what was there.
  private String dropNew() {
    return """
        SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
        WHERE %s AND NOT is_being_built
          AND name <> ALL (COALESCE((%s), ARRAY[name])) \\gexec
        """
        .formatted(IndexSql.IS_TRANSIENT, history.journal().indexesBefore(id));
  }

  /// An index that is not there any more need not be dropped.
  private String settleDrop() {
    return statement
        .droppedIndex()
        .map(
            name ->
                "SELECT :slipway_doubt <> %d OR pg_catalog.to_regclass(%s) IS NOT NULL AS run \\gset slipway_\n"
                    .formatted(number, new Literal(name).quoted()))
        .orElse("\\set slipway_run true\n");
  }

  /// If the index that it left could not be dropped, or it may have committed a part, the mark
  /// stays.
  private String afterFailure() {
    if (indexes().isPresent()) {
      return "\\if :ERROR\n\\else\n" + unmark() + "\\endif\n";
    }
    return statement.mayStopHalfWay() ? "" : unmark();
  }

  private String lift() {
    return """
        SELECT setting AS lock_timeout, pg_catalog.set_config('lock_timeout',
          CASE setting WHEN '%d' THEN '0' ELSE setting END, false) AS set
        FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' \\gset slipway_
        """
        .formatted(settings.lockTimeout().toMillis());
  }

  private String aside(String begin) {
    return begin + setRole() + "\\; ";
  }

  /// The journal's own role: the migration may have taken another.
  private String setRole() {
    return "SET LOCAL ROLE " + settings.role().map(Identifier::quoted).orElse("NONE");
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
  private String unmark() {
    JournalSql journal = history.journal();
    return aside(BEGIN)
        + (number == 1 ? journal.forget(id.value()) : journal.notBegun(id))
        + "\\; COMMIT;\n\\if :ERROR\nROLLBACK;\n\\endif\n";
  }
}
