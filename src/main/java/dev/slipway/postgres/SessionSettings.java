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
  /// The settings that the pooler has made on its connection, and the role. Those of the
  /// transaction itself are no settings of the connection.
  static final String FOUND =
      """
      SELECT 'role', pg_catalog.current_setting('role')
      UNION ALL
      SELECT name, setting FROM pg_catalog.pg_settings
      WHERE source = 'session' AND name NOT LIKE 'transaction\\_%'""";

  /// What SQL has prepared; what a driver has prepared, or the pooler, has other owners.
  private static final String DEALLOCATE =
      """
      DO $slipway$
      DECLARE prepared text;
      BEGIN
        FOR prepared IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql LOOP
          EXECUTE pg_catalog.format('DEALLOCATE %I', prepared);
        END LOOP;
      END
      $slipway$""";

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
  ///
  /// @param found what [#FOUND] said
  List<String> restore(Map<String, String> found) {
    List<String> statements = new ArrayList<>();
    statements.add("RESET SESSION AUTHORIZATION");
    statements.add("RESET ALL");
    statements.add(set(found, false));
    statements.add("CLOSE ALL");
    statements.add("UNLISTEN *");
    statements.add("DISCARD TEMP");
    statements.addAll(dropWhatOutlivesTransactions());
    statements.addAll(local());
    return statements;
  }

  /// What is left on a pooler's connection by a transaction that was rolled back.
  List<String> dropWhatOutlivesTransactions() {
    return List.of(DEALLOCATE, "DISCARD SEQUENCES");
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
