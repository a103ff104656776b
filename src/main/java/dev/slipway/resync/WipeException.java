package dev.slipway.resync;

import static java.util.stream.Collectors.joining;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.LockHolder;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Schemas could not be emptied, or not to the end.
public final class WipeException extends SlipwayException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 100;

  private final boolean inUse;

  private WipeException(
      FailureKind kind,
      String message,
      String detail,
      String hint,
      TargetState state,
      boolean inUse,
      @Nullable Throwable cause) {
    super(kind, message, detail, hint, state, cause);
    this.inUse = inUse;
  }

  private WipeException(
      FailureKind kind,
      String message,
      String detail,
      String hint,
      TargetState state,
      @Nullable Throwable cause) {
    this(kind, message, detail, hint, state, false, cause);
  }

  /// A pooler is between, and its other connections cannot be told from clients.
  public static WipeException pooler(String database) {
    return new WipeException(
        FailureKind.CONFIGURATION,
        "database \"%s\" cannot be emptied behind a pooler".formatted(database),
        "Nobody knows there who else uses it: what answers is not the process that was announced when"
            + " the session began.",
        "Say how to reach the server itself, with the name of the connection string for X:"
            + " ConnectionStrings__X__Direct=\"Host=…\"",
        TargetState.UNCHANGED,
        null);
  }

  /// Some of what lies there is another role's.
  static WipeException notOurs(
      List<SchemaObject> objects, Identifier user, TargetState state, String command) {
    return new WipeException(
        FailureKind.CONFIGURATION,
        "role \"%s\" must not drop %s".formatted(user.value(), count(objects.size(), "object")),
        list(objects.stream().map(it -> it.text() + " belongs to role " + it.owner())),
        "Let their owners, or a superuser, run:\n%s\nThen: %s"
            .formatted(
                objects.stream()
                    .flatMap(object -> object.handOver(user).stream())
                    .collect(joining("\n")),
                command),
        state,
        null);
  }

  /// What lies elsewhere depends on what would be dropped.
  static WipeException others(
      List<Identifier> schemas, List<String> others, TargetState state, String command) {
    return new WipeException(
        FailureKind.CONFIGURATION,
        "%s elsewhere would go with what lies in %s"
            .formatted(count(others.size(), "object"), WipedSchemas.text(schemas)),
        list(others.stream()),
        "They are others', and are not dropped here. Drop or change them by hand, then: " + command,
        state,
        null);
  }

  /// A schema that the changelog makes cannot be removed.
  static WipeException remade(List<String> obstacles, TargetState state, String command) {
    return new WipeException(
        FailureKind.CONFIGURATION,
        "a schema that the changelog makes itself cannot be removed",
        list(obstacles.stream()),
        "Let its owner see to it, or write CREATE SCHEMA IF NOT EXISTS in the changelog; then: "
            + command,
        state,
        null);
  }

  /// Others are connected.
  static WipeException inUse(
      String database, List<LockHolder> clients, TargetState state, String command) {
    return new WipeException(
        FailureKind.LOCKED,
        "database \"%s\" is in use by %s"
            .formatted(database, count(clients.size(), "other session")),
        list(clients.stream().map(LockHolder::text)),
        "Stop the application and whatever else is connected, then: %s\nOr end these sessions: %s"
            .formatted(command, command + " --terminate"),
        state,
        true,
        null);
  }

  static WipeException cannotEnd(
      LockHolder client, SQLException cause, TargetState state, String command) {
    ServerError error = ServerError.of(cause);
    return new WipeException(
        FailureKind.LOCKED,
        "another session could not be ended",
        "%s\n%s (SQLSTATE %s)".formatted(client.text(), error.message(), error.sqlState()),
        "Let a superuser end it: SELECT pg_terminate_backend(%d); then: %s"
            .formatted(client.pid(), command),
        state,
        cause);
  }

  static WipeException lockTable(
      SchemaObject object, TargetState state, String command, SQLException cause) {
    return new WipeException(
        FailureKind.CONFIGURATION,
        "the server's lock table is too small to drop %s".formatted(object.text()),
        "%s (SQLSTATE %s)"
            .formatted(ServerError.of(cause).message(), ServerError.of(cause).sqlState()),
        "Raise max_locks_per_transaction and restart the server, or stop what else runs there; then: "
            + command,
        state,
        cause);
  }

  static WipeException interrupted(
      TargetState state, String command, @Nullable SQLException cause) {
    return new WipeException(
        FailureKind.INTERRUPTED, "stopped by a signal", "", "Finish it: " + command, state, cause);
  }

  static WipeException failed(SQLException cause, TargetState state, String command) {
    ServerError error = ServerError.of(cause);
    FailureKind kind = kind(error);
    boolean isHalf = kind == FailureKind.FAILED && state instanceof TargetState.HalfEmptied;
    return new WipeException(
        isHalf ? FailureKind.PARTIALLY_APPLIED : kind,
        error.message(),
        Stream.of(
                "The schemas were being emptied (SQLSTATE %s).".formatted(error.sqlState()),
                error.detail(),
                error.hint().isEmpty() ? "" : "HINT: " + error.hint(),
                error.where())
            .filter(text -> !text.isEmpty())
            .collect(joining("\n")),
        "Once the cause is mended: " + command,
        state,
        cause);
  }

  private static FailureKind kind(ServerError error) {
    return switch (error.sqlState()) {
      case SqlStates.INSUFFICIENT_PRIVILEGE -> FailureKind.CONFIGURATION;
      case SqlStates.LOCK_NOT_AVAILABLE, SqlStates.DEADLOCK_DETECTED -> FailureKind.LOCKED;
      default -> error.endsSession() ? FailureKind.CONNECTION : FailureKind.FAILED;
    };
  }

  /// Whether it is only others who are in the way.
  boolean isInUse() {
    return inUse;
  }

  private static String count(int number, String what) {
    return number == 1 ? "1 " + what : number + " " + what + "s";
  }

  private static String list(Stream<String> lines) {
    List<String> all = lines.toList();
    String shown = all.stream().limit(MOST_SHOWN).collect(joining("\n"));
    int more = all.size() - MOST_SHOWN;
    return more > 0 ? shown + "\n… and %d more".formatted(more) : shown;
  }
}
