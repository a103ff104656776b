package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.Localhost;
import dev.slipway.config.SslMode;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/// No server can be reached, or none lets us in, or none is of the kind that is asked for.
public final class ConnectionFailedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final boolean missingDatabase;
  private final boolean refusal;

  /// @param failures those of all hosts, at least one
  /// @param limit the setting that says how long is waited
  ConnectionFailedException(
      ConnectionString to,
      Optional<String> database,
      Optional<Identifier> role,
      List<HostFailure> failures,
      Duration waited,
      String limit) {
    super(
        areSettings(failures) ? FailureKind.CONFIGURATION : FailureKind.CONNECTION,
        "could not connect to database \"%s\": %s"
            .formatted(database.orElse(HostSearch.user(to)), reason(failures)),
        "%s %s, user \"%s\"%s%s.%s"
            .formatted(
                failures.size() == 1 ? "Server" : "Servers",
                names(failures),
                HostSearch.user(to),
                role.map(name -> ", role \"" + name + "\"").orElse(""),
                waited.toSeconds() > 0 ? ", after %d s".formatted(waited.toSeconds()) : "",
                otherTry(to, failures)),
        hint(to, database, failures, limit),
        TargetState.UNCHANGED,
        cause(failures));
    this.missingDatabase = isDatabaseMissing(failures);
    this.refusal = isRefusal(failures);
  }

  /// Whether a server has answered that there is no such database.
  public boolean isMissingDatabase() {
    return missingDatabase;
  }

  /// What they have in common, else what each of them says.
  static String reason(List<HostFailure> failures) {
    HostFailure first = failures.getFirst();
    if (isOne(failures)) {
      return failures.size() > 1 && first instanceof HostFailure.Unsuitable
          ? "each of them " + first.reason()
          : first.reason();
    }
    var all = new StringJoiner("; ");
    for (HostFailure failure : failures) {
      all.add(failure.host() + ": " + failure.reason());
    }
    return all.toString();
  }

  private static boolean isOne(List<HostFailure> failures) {
    HostFailure first = failures.getFirst();
    for (HostFailure failure : failures) {
      if (!isOne(first, failure)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOne(HostFailure one, HostFailure other) {
    return one.reason().equals(other.reason())
        || (one instanceof HostFailure.Refused refused
            && other instanceof HostFailure.Refused otherRefused
            && refused.isLike(otherRefused));
  }

  private static String names(List<HostFailure> failures) {
    var names = new StringJoiner(", ");
    for (HostFailure failure : failures) {
      names.add(failure.host().toString());
    }
    return names.toString();
  }

  private static boolean areSettings(List<HostFailure> failures) {
    for (HostFailure failure : failures) {
      if (!(failure instanceof HostFailure.Refused refused && refused.isSetting())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDatabaseMissing(List<HostFailure> failures) {
    for (HostFailure failure : failures) {
      if (failure instanceof HostFailure.Refused refused && refused.isMissingDatabase()) {
        return true;
      }
    }
    return false;
  }

  /// Whether another database of the same servers might let us in.
  public boolean isRefusal() {
    return refusal;
  }

  private static boolean isRefusal(List<HostFailure> failures) {
    for (HostFailure failure : failures) {
      if (failure.mayPass()) {
        return false;
      }
    }
    return true;
  }

  private static String otherTry(ConnectionString to, List<HostFailure> failures) {
    return failures.size() == 1 && failures.getFirst() instanceof HostFailure.Refused refused
        ? LoginRefusal.ofOtherTry(to, refused)
        : "";
  }

  private static @Nullable Throwable cause(List<HostFailure> failures) {
    return failures.getFirst() instanceof HostFailure.Refused refused ? refused.cause() : null;
  }

  /// That of a host where somebody has to do something, if there is one.
  private static String hint(
      ConnectionString to, Optional<String> database, List<HostFailure> failures, String limit) {
    HostFailure told = failures.getFirst();
    for (HostFailure failure : failures) {
      if (told.mayPass() && !failure.mayPass()) {
        told = failure;
      }
    }
    return switch (told) {
      case HostFailure.Unsuitable _ ->
          "Target Session Attributes=%s lets none of the hosts do: check it and Host in"
                  .formatted(to.targetSession().text())
              + " ConnectionStrings__%s.".formatted(to.name());
      case HostFailure.Refused refused ->
          hint(to, database.orElse(HostSearch.user(to)), refused, limit);
    };
  }

  private static String hint(
      ConnectionString to, String database, HostFailure.Refused refused, String limit) {
    if (refused.login().isPresent()) {
      return refused.login().get().hint(to);
    }
    if (refused.isSetting()) {
      return "Check Search Path, Timezone and Options in ConnectionStrings__%s."
          .formatted(to.name());
    }
    if (refused.isWithoutTls()) {
      return "Let the server offer TLS (ssl = on), or do without: SSL Mode=Prefer in"
          + " ConnectionStrings__%s.".formatted(to.name());
    }
    if (refused.isMeantime()) {
      return "Run slipway again when the server is up, or let it wait longer:"
          + " %s=5min".formatted(limit);
    }
    if (refused.isUnknownToPooler()) {
      return "Check Database in ConnectionStrings__%s, or add it to PgBouncer's [databases]."
          .formatted(to.name());
    }
    if (refused.isOtherProtocol()) {
      return "Check Host and Port in ConnectionStrings__%s.".formatted(to.name());
    }
    String role = new Identifier(HostSearch.user(to)).quoted();
    return switch (String.valueOf(refused.cause().getSQLState())) {
      case SqlStates.CONNECTION_REJECTED ->
          "Add the password to ConnectionStrings__%s: ;Password=…".formatted(to.name());
      case SqlStates.INVALID_PASSWORD ->
          "Check Username and Password in ConnectionStrings__%s.".formatted(to.name());
      case SqlStates.INVALID_AUTHORIZATION -> authorizationHint(to, refused, role);
      case SqlStates.INVALID_CATALOG_NAME ->
          "Create it: CREATE DATABASE %s, or let slipway do it: --create-database"
              .formatted(new Identifier(database).quoted());
      case SqlStates.NOT_IN_PREREQUISITE_STATE -> closedHint(to, database, refused);
      case SqlStates.INSUFFICIENT_PRIVILEGE ->
          "Let an administrator run: GRANT CONNECT ON DATABASE %s TO %s"
              .formatted(new Identifier(database).quoted(), role);
      case SqlStates.TOO_MANY_CONNECTIONS ->
          "End idle sessions, or let slipway wait longer: %s=5min".formatted(limit);
      default -> addressHint(to, refused, limit);
    };
  }

  /// It lets nobody in, or it is what a DROP DATABASE that was cut off has left (`postinit.c`).
  private static String closedHint(
      ConnectionString to, String database, HostFailure.Refused refused) {
    String name = new Identifier(database).quoted();
    return "Check Database in ConnectionStrings__%s, or let an administrator run: "
            .formatted(to.name())
        + (routine(refused).equals("InitPostgres")
            ? "DROP DATABASE " + name
            : "ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(name));
  }

  private static String addressHint(
      ConnectionString to, HostFailure.Refused refused, String limit) {
    return refused.host().unixSocket().isPresent() && !ServerError.isAnswer(refused.cause())
        ? "Check Host and Port in ConnectionStrings__%s: the folder is what the server's"
                .formatted(to.name())
            + " unix_socket_directories names."
        : "Check Host and Port in ConnectionStrings__%s; if the server is only slow to start, wait longer: %s=5min"
                .formatted(to.name(), limit)
            + localhostHint(to, refused);
  }

  private static String localhostHint(ConnectionString to, HostFailure.Refused refused) {
    return to.localhost() == Localhost.CONTAINER
            && refused.host().isLocalhost()
            && refused.isNothingListening()
        ? "\nWithin a container, localhost is the container itself, unless it has the network of its"
            + " host (docker run --network host). A server outside has another name there, as that of"
            + " its service."
        : "";
  }

  /// One SQLSTATE stands for many refusals. Which it was, the server's function tells in every
  /// language (`auth.c`, `miscinit.c`).
  private static String authorizationHint(
      ConnectionString to, HostFailure.Refused refused, String role) {
    return switch (routine(refused)) {
      case "ClientAuthentication" ->
          (to.sslMode() == SslMode.DISABLE
                  ? "Try SSL Mode=Require in ConnectionStrings__%s, or let".formatted(to.name())
                  : "Let")
              + " an administrator allow it in the server's pg_hba.conf.";
      case "InitializeSessionUserId" ->
          "Check Username in ConnectionStrings__%s, or let an administrator run: CREATE ROLE %s"
                  .formatted(to.name(), role)
              + " LOGIN (ALTER ROLE, if it is there)";
      default -> "Check Username and Password in ConnectionStrings__%s.".formatted(to.name());
    };
  }

  private static String routine(HostFailure.Refused refused) {
    return refused.cause() instanceof PSQLException e && e.getServerErrorMessage() != null
        ? String.valueOf(e.getServerErrorMessage().getRoutine())
        : "";
  }
}
