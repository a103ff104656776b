package dev.slipway.script;

import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.script.Finding.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Runs the blocks of a script in one transaction that is rolled back, as far as that can be: what
/// only psql can run is left out, and all that comes behind the use of an enum's value that was
/// added in the same transaction.
public final class ScriptTrial implements AutoCloseable {
  private final Session session;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Integer> leftOut = new TreeSet<>();
  private boolean isOver;

  public ScriptTrial(Session session) throws SQLException {
    this.session = session;
    session.execute("BEGIN ISOLATION LEVEL READ COMMITTED");
  }

  /// Runs the next block, unless one before it failed. A block that was changed around its
  /// statements is not run: it might end the transaction. The last would miss what was left out.
  public void run(ScriptBlock block) {
    if (block.isLast() && !leftOut.isEmpty()) {
      return;
    }
    isOver = isOver || !block.actual().guard().equals(block.mark().guard());
    if (isOver || block.needsPsql()) {
      leftOut.add(block.mark().number());
      return;
    }
    try {
      session.execute(takeTurn(block) + block.text());
    } catch (SQLException e) {
      isOver = true;
      ServerError error = ServerError.of(e);
      if (error.sqlState().equals(SqlStates.UNSAFE_NEW_ENUM_VALUE)) {
        leftOut.add(block.mark().number());
        return;
      }
      findings.add(
          new Finding(
              block.line(),
              Kind.FAILS,
              "block %d fails: %s (SQLSTATE %s)"
                  .formatted(block.mark().number(), error.message(), error.sqlState())));
    }
  }

  /// It is the block's turn although blocks before it were left out.
  private String takeTurn(ScriptBlock block) {
    return leftOut.isEmpty()
        ? ""
        : "SET slipway.next = %s;\n".formatted(block.quotedId().orElse("''"));
  }

  /// The failure, if there was one.
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// The numbers of the blocks that were left out.
  public Set<Integer> leftOut() {
    return Collections.unmodifiableSet(leftOut);
  }

  /// Rolls everything back.
  @Override
  public void close() {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      session.close();
    }
  }
}
