package dev.slipway.postgres;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;

/// The role to work as is not there, or not for us.
public final class RoleRefusedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  RoleRefusedException(Identifier role, String user, SQLException cause) {
    super(
        FailureKind.CONFIGURATION,
        "cannot work as role \"%s\": %s".formatted(role, ServerError.of(cause).message()),
        "Slipway__Role or --role asks for it, SQLSTATE %s.".formatted(cause.getSQLState()),
        SqlStates.INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState())
            ? "Let an administrator run: GRANT %s TO %s"
                .formatted(role.quoted(), new Identifier(user).quoted())
            : "Let an administrator run: CREATE ROLE %s".formatted(role.quoted()),
        TargetState.UNCHANGED,
        cause);
  }
}
