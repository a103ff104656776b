package dev.slipway.postgres;

import dev.slipway.sql.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The statements that take a session back to the state in which it began, so that a migration
/// cannot affect the next: role, settings, temporary tables, sequences' last values, cursors,
/// prepared statements, notifications. They may run inside a transaction, which `DISCARD ALL` may
/// not, and they leave advisory locks alone.
///
/// `RESET ALL` returns to what role, database and server are set to, since nothing else stands in
/// the start-up packet ([StartupPacket]).
public final class SessionReset {
  /// Our lexer reads string literals by the standard, so the server must, too, whatever role or
  /// database are set to.
  static final String STANDARD_STRINGS = "SET standard_conforming_strings = on";

  private SessionReset() {}

  /// @param role what SET ROLE goes back to; empty for the role that logged in
  public static List<String> statements(Optional<Identifier> role) {
    List<String> statements = new ArrayList<>();
    statements.add("RESET SESSION AUTHORIZATION");
    statements.add("RESET ALL");
    statements.add(STANDARD_STRINGS);
    statements.add(setRole(role));
    statements.add("CLOSE ALL");
    statements.add("DEALLOCATE ALL");
    statements.add("UNLISTEN *");
    statements.add("DISCARD TEMP");
    statements.add("DISCARD SEQUENCES");
    return statements;
  }

  /// Begins a transaction's statements of ours between those of a migration that may have taken
  /// another role, or made its transactions read-only.
  ///
  /// @param role as for [#statements]
  public static List<String> asideFromMigration(Optional<Identifier> role) {
    return List.of(
        "SET TRANSACTION READ WRITE",
        "SET LOCAL ROLE " + role.map(Identifier::quoted).orElse("NONE"));
  }

  static String setRole(Optional<Identifier> role) {
    return role.map(name -> "SET ROLE " + name.quoted()).orElse("RESET ROLE");
  }
}
