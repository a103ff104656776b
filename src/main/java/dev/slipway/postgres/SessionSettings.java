package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a connection string wants to be in force in a session.
///
/// A server is told when the session begins. A pooler is not told, or tells nobody: it may give
/// each transaction another connection, which others use before and after. So there each
/// transaction makes its settings by itself, and leaves the connection as it found it.
final class SessionSettings {
  /// What the pooler has made on its connection: settings, the role among them, and prepared
  /// statements. Settings of the transaction itself are none of the connection.
  static final String FOUND =
      """
      SELECT 'role', pg_catalog.current_setting('role'), false
      UNION ALL
      SELECT name, setting, false FROM pg_catalog.pg_settings
      WHERE source = 'session' AND name NOT LIKE 'transaction\\_%'
      UNION ALL
      SELECT name, '', true FROM pg_catalog.pg_prepared_statements WHERE from_sql""";

  /// What a transaction found on a pooler's connection.
  ///
  /// @param prepared the names of statements
  record Found(Map<String, String> settings, List<String> prepared) {
    static final Found NOTHING = new Found(Map.of(), List.of());

    /// @param rows what [#FOUND] says
    static Found of(List<Row> rows) {
      Map<String, String> settings = new LinkedHashMap<>();
      List<String> prepared = new ArrayList<>();
      for (Row row : rows) {
        if (row.isTrue(2)) {
          prepared.add(row.text(0));
        } else {
          settings.put(row.text(0), row.text(1));
        }
      }
      return new Found(settings, prepared);
    }
  }

  private final ConnectionString connection;
  private final Optional<Identifier> role;

  /// @param role that all is done as; empty for the one that logs in
  SessionSettings(ConnectionString connection, Optional<Identifier> role) {
    this.connection = connection;
    this.role = role;
  }

  /// Takes a session back to the state in which it began.
  List<String> reset() {
    return SessionReset.statements(role);
  }

  /// See [SessionReset#asideFromMigration].
  List<String> asideFromMigration() {
    return SessionReset.asideFromMigration(role);
  }

  /// Makes them for one transaction. The first of these statements returns a row.
  List<String> local() {
    Map<String, String> settings = new LinkedHashMap<>();
    connection.options().flatMap(StartupOptions::settings).ifPresent(settings::putAll);
    connection.searchPath().ifPresent(path -> settings.put("search_path", path));
    connection.timezone().ifPresent(zone -> settings.put("TimeZone", zone));
    settings.put("standard_conforming_strings", "on");
    List<String> statements = new ArrayList<>();
    statements.add(set(settings, true));
    role.ifPresent(name -> statements.add("SET LOCAL ROLE " + name.quoted()));
    return statements;
  }

  /// Takes a pooler's connection back to the state in which it was found, within the transaction
  /// that found it; what follows in the transaction has the settings again.
  List<String> restore(Found found) {
    List<String> statements = new ArrayList<>();
    statements.add("RESET SESSION AUTHORIZATION");
    statements.add("RESET ALL");
    statements.add(set(found.settings(), false));
    statements.add("CLOSE ALL");
    statements.add("UNLISTEN *");
    statements.add("DISCARD TEMP");
    statements.addAll(dropWhatOutlivesTransactions(found));
    statements.addAll(local());
    return statements;
  }

  /// What is left on a pooler's connection also by a transaction that was rolled back. What a
  /// driver has prepared, or the pooler, is none of SQL's.
  List<String> dropWhatOutlivesTransactions(Found found) {
    List<String> names = new ArrayList<>();
    for (String name : found.prepared()) {
      names.add(new Literal(name).quoted());
    }
    String deallocate =
        """
        DO $slipway$
        DECLARE prepared text;
        BEGIN
          FOR prepared IN SELECT name FROM pg_catalog.pg_prepared_statements
            WHERE from_sql AND name <> ALL (ARRAY[%s]::text[]) LOOP
            EXECUTE pg_catalog.format('DEALLOCATE %%I', prepared);
          END LOOP;
        END
        $slipway$"""
            .formatted(String.join(", ", names));
    return List.of(deallocate, "DISCARD SEQUENCES", "SELECT pg_catalog.pg_advisory_unlock_all()");
  }

  private static String set(Map<String, String> settings, boolean local) {
    List<String> calls = new ArrayList<>();
    settings.forEach(
        (name, value) ->
            calls.add(
                "pg_catalog.set_config(%s, %s, %s)"
                    .formatted(new Literal(name).quoted(), new Literal(value).quoted(), local)));
    return "SELECT " + String.join(", ", calls);
  }
}
