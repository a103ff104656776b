package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.OtherTool;
import dev.slipway.history.PreconditionSql;
import dev.slipway.migration.History;
import dev.slipway.migration.Precondition;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The first block: it puts the session into its state, makes history and journal where they are
/// missing, and refuses a database to which this changelog cannot be applied.
final class OpeningBlock {
  /// Another session may be making it at the same moment.
  private static final String CREATE_SCHEMA =
      """
        IF pg_catalog.to_regnamespace(pg_catalog.quote_ident({schema})) IS NULL THEN
          IF NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') THEN
            RAISE SQLSTATE '42501' USING
              MESSAGE = pg_catalog.format('slipway: role "%s" must not create schema "%s"',
                current_user, {schema}),
              HINT = pg_catalog.format('GRANT CREATE ON DATABASE %I TO %I;',
                pg_catalog.current_database(), current_user);
          END IF;
          BEGIN
            EXECUTE pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I', {schema});
          EXCEPTION WHEN unique_violation OR duplicate_schema THEN
            NULL;
          END;
        END IF;
      """;

  private static final String HISTORY_SCHEMA =
      """

        IF pg_catalog.has_schema_privilege(
            pg_catalog.to_regnamespace(pg_catalog.quote_ident({schema})), 'USAGE') IS NOT TRUE THEN
          RAISE SQLSTATE '3F000' USING
            MESSAGE = pg_catalog.format('slipway: schema "%s" of the history cannot be used',
              {schema}),
            HINT = pg_catalog.format('CREATE SCHEMA %1$I; or: GRANT USAGE ON SCHEMA %1$I TO %2$I;',
              {schema}, current_user);
        END IF;
      """;

  private static final String ROLE =
      """
        IF NOT pg_catalog.pg_has_role(session_user, {role}, 'MEMBER') THEN
          RAISE SQLSTATE '42501' USING
            MESSAGE = pg_catalog.format('slipway: role "%s" was not granted to role "%s"',
              {role}, session_user),
            HINT = pg_catalog.format('GRANT %I TO %I;', {role}, session_user);
        END IF;
      """;

  /// Else what is made would belong to another role than the one who runs it believes.
  private static final String KEEP_ROLE =
      """

        IF current_user <> worker THEN
          RAISE SQLSTATE '55000' USING
            MESSAGE = pg_catalog.format('slipway: this session works as role "%s", the script would '
              'work as "%s"', worker, current_user),
            DETAIL = 'Each migration starts from the state in which the session began.',
            HINT = pg_catalog.format('Log in as that role, or have the script written with --role %s.',
              worker);
        END IF;
      """;

  private final ScriptOrder order;
  private final SessionSql session;
  private final HistorySql history;
  private final Places places;
  private final KnownMigrations known;
  private final HistoryGuards guards;

  OpeningBlock(ScriptOrder order) {
    this.order = order;
    this.session = new SessionSql(order.settings());
    this.history = order.history();
    this.places = new Places(order.changelog().name());
    this.known = new KnownMigrations(order);
    this.guards = new HistoryGuards(order, schema());
  }

  /// @param behind what of the script comes behind it
  String text(String behind) {
    Map<String, String> values = values();
    values.put("encoding", encoding(behind));
    String block = Template.named("opening.sql").fill(values);
    return """
    SET client_encoding = 'UTF8';
    SET standard_conforming_strings = on;
    SET default_transaction_isolation = 'read committed';
    SET slipway.next = %s;
    DO %s;
    """
        .formatted(literal(SessionSql.BEGINNING), DollarQuote.around("\n" + block, "slipway"));
  }

  /// A client that takes the script for text of another encoding would have other texts stored,
  /// without an error. Any character beyond ASCII shows it.
  private static String encoding(String script) {
    if (script.getBytes(StandardCharsets.UTF_8).length == script.length()) {
      return "";
    }
    int first = 0;
    while (script.charAt(first) < 0x80) {
      first++;
    }
    return refuseEncoding(Character.toString(script.codePointAt(first)));
  }

  private static String refuseEncoding(String character) {
    String refuse =
        """
        IF pg_catalog.convert_to(%s, 'UTF8') <> pg_catalog.decode('%s', 'hex') THEN
          RAISE SQLSTATE '22021' USING
            MESSAGE = 'slipway: the client takes this script for text in another encoding than UTF-8',
            HINT = 'Set the client''s encoding to UTF-8; for psql: PGCLIENTENCODING=UTF8.';
        END IF;
        """
            .formatted(
                literal(character),
                HexFormat.of().formatHex(character.getBytes(StandardCharsets.UTF_8)));
    return "\n" + Indented.by(2, refuse).stripTrailing();
  }

  private Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    values.put("path", path());
    values.put("role", role());
    values.put("keepRole", order.settings().role().isEmpty() ? KEEP_ROLE.stripTrailing() : "");
    values.put("reset", literal(session.state()));
    values.put("lock", code(session.lock(history), "lock"));
    values.put(
        "journalApplied",
        code(
            history.journal().appliedFormat("%2$L", "%4$L", "%5$s", order.settings().version()),
            "journal"));
    values.put("historyWait", Long.toString(order.settings().historyWait().toMillis()));
    values.put("createSchema", createSchema());
    values.put("historySchema", historySchema());
    values.put("schema", schema());
    values.put("history", history.table());
    values.put("journal", history.journal().table());
    values.put("historyName", literal(history.tableName().value()));
    values.put("journalName", literal(HistoryTable.JOURNAL.value()));
    values.put("id", history.idColumn());
    values.put("idName", literal(history.idColumnName().value()));
    values.put("otherTools", otherTools());
    values.put("createHistory", Indented.by(6, history.createHistory()).stripTrailing());
    values.put("createJournal", Indented.by(6, history.journal().create()).stripTrailing());
    values.put("isJournalComplete", Indented.by(4, history.journal().isComplete()).strip());
    values.put("extendJournal", Indented.by(4, extendJournal()).stripTrailing());
    values.put("migrations", known.list());
    values.put("anyChecksum", literal(KnownMigrations.ANY_CHECKSUM));
    values.put("joined", Indented.by(4, history.joinToMigrations()).stripTrailing());
    values.put("emptying", literal(History.EMPTYING));
    values.put("beginning", guards.beginning());
    values.put("leftOut", guards.leftOut());
    values.put("abandoned", guards.abandoned());
    values.put("foreign", guards.foreign());
    values.put("firstMarked", guards.hasMarked() ? "\n  first_marked pg_catalog.text;" : "");
    values.put("notClean", guards.notClean());
    values.put("preconditions", preconditions());
    return values;
  }

  private String extendJournal() {
    List<String> statements = history.journal().extend();
    return statements.isEmpty() ? "NULL" : String.join(";\n", statements);
  }

  private String createSchema() {
    Stream<String> schemas =
        switch (order.settings().missingSchema()) {
          case REFUSE -> order.changelog().makesHistorySchema() ? Stream.of(schema()) : Stream.of();
          case CREATE -> Stream.of("wanted", schema()).distinct();
        };
    return schemas
        .map(schema -> new Template(CREATE_SCHEMA).fill(Map.of("schema", schema)))
        .collect(Collectors.joining())
        .stripTrailing();
  }

  /// Where the history has a schema of its own.
  private String historySchema() {
    return history.schema().isEmpty()
        ? ""
        : new Template(HISTORY_SCHEMA).fill(Map.of("schema", schema())).stripTrailing();
  }

  private String role() {
    return order
        .settings()
        .role()
        .map(role -> new Template(ROLE).fill(Map.of("role", literal(role.value()))))
        .orElse("");
  }

  private String path() {
    return order
        .settings()
        .searchPath()
        .map(OpeningBlock::literal)
        .orElse("pg_catalog.current_setting('search_path')");
  }

  /// The name of the schema in which history and journal lie, as an expression.
  private String schema() {
    return history.schema().map(schema -> literal(schema.value())).orElse("wanted");
  }

  private static String otherTools() {
    return Arrays.stream(OtherTool.values())
        .map(tool -> literal(tool.table()))
        .collect(Collectors.joining(", "));
  }

  /// Statements as a text.
  private static String code(String statements, String tag) {
    return DollarQuote.around("\n" + Indented.by(6, statements).stripTrailing(), tag);
  }

  /// Only a warning lets a changelog be applied whose precondition does not hold.
  private String preconditions() {
    List<Precondition> preconditions = order.changelog().preconditions();
    if (preconditions.isEmpty()) {
      return "";
    }
    var code = new PlpgsqlCode();
    code.line("");
    code.begin("");
    code.line("-- What must hold before anything is applied.");
    code.begin("IF due_count > 0 THEN");
    for (Precondition precondition : preconditions) {
      new PreconditionCode(precondition, new PreconditionSql(history), places)
          .append(
              code,
              (otherwise, reason) ->
                  code.line(
                      switch (otherwise) {
                        case WARN ->
                            PreconditionCode.raise(
                                "WARNING", "slipway: the changelog is applied although ", reason);
                        case HALT, CONTINUE, MARK_RAN ->
                            PreconditionCode.raise(
                                "SQLSTATE '55000'",
                                "slipway: the changelog cannot be applied: ",
                                reason);
                      }));
    }
    code.end("END IF;");
    return code.text();
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
