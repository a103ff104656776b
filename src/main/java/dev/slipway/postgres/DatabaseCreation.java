package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the database that a connection string names.
public final class DatabaseCreation {
  /// The databases to connect to for it, the usual one first.
  public static final List<String> MAINTENANCE_DATABASES = List.of("postgres", "template1");

  /// What is to be made by whoever may.
  private static final Set<String> NOT_OURS_TO_DO =
      Set.of(SqlStates.INSUFFICIENT_PRIVILEGE, SqlStates.READ_ONLY_TRANSACTION);

  private DatabaseCreation() {}

  /// The name of the database to make.
  public static String name(ConnectionString connection) {
    return connection.database().orElse(HostSearch.user(connection));
  }

  /// Makes it, with the defaults of the server's template.
  ///
  /// @param maintenance a session with another database
  /// @param role who shall own it; empty for the role that logs in
  /// @return false if it is there already: another run may have made it meanwhile
  /// @throws CreationException if the server does not let us
  public static boolean create(
      Session maintenance, ConnectionString connection, Optional<Identifier> role) {
    var name = new Identifier(name(connection));
    try {
      maintenance.execute("CREATE DATABASE " + name.quoted());
      return true;
    } catch (SQLException e) {
      if (isThere(e)) {
        return false;
      }
      throw new CreationException(
          name, role.orElse(new Identifier(HostSearch.user(connection))), e);
    }
  }

  /// Of two at the same moment, one collides in the unique index of the catalog.
  private static boolean isThere(SQLException e) {
    return SqlStates.DUPLICATE_DATABASE.equals(e.getSQLState())
        || (SqlStates.UNIQUE_VIOLATION.equals(e.getSQLState())
            && ServerError.of(e).message().contains("pg_database_datname_index"));
  }

  /// The server does not make it.
  static final class CreationException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    CreationException(Identifier database, Identifier owner, SQLException cause) {
      super(
          kind(ServerError.of(cause)),
          "could not create database \"%s\": %s"
              .formatted(database, ServerError.of(cause).message()),
          "Slipway__CreateDatabase or --create-database asks for it; role \"%s\", SQLSTATE %s."
              .formatted(owner, ServerError.of(cause).sqlState()),
          hint(database, owner, ServerError.of(cause)),
          TargetState.UNCHANGED,
          cause);
    }

    private static String hint(Identifier database, Identifier owner, ServerError error) {
      return isTemplateInUse(error)
          ? "Run slipway again: nobody may be connected to template1 meanwhile. Who stays there tells:"
              + " SELECT pid, usename, application_name FROM pg_stat_activity"
              + " WHERE datname = 'template1'"
          : "Let an administrator run: CREATE DATABASE %s OWNER %s"
              .formatted(database.quoted(), owner.quoted());
    }

    /// The server waits a few seconds for the others to leave.
    private static boolean isTemplateInUse(ServerError error) {
      return error.sqlState().equals(SqlStates.OBJECT_IN_USE);
    }

    private static FailureKind kind(ServerError error) {
      if (NOT_OURS_TO_DO.contains(error.sqlState())) {
        return FailureKind.CONFIGURATION;
      }
      if (isTemplateInUse(error)) {
        return FailureKind.LOCKED;
      }
      return error.endsSession() ? FailureKind.CONNECTION : FailureKind.FAILED;
    }
  }
}
