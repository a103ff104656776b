package dev.slipway.script;

import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.script.Finding.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Runs the blocks of a script in one transaction that is rolled back, as far as that can be: what
/// only psql can run is left out, and all that comes behind the use of an enum's value that was
/// added in the same transaction.
public final class ScriptTrial implements AutoCloseable {
  private static final String NOT_ROLLED_BACK = "as that cannot be rolled back";

  private final Session session;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Set<Integer>> leftOut = new LinkedHashMap<>();
  private Optional<String> end = Optional.empty();

  /// The migration of the block in front, as SQL, if that was left out.
  private Optional<String> passedOver = Optional.empty();

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
    int number = block.mark().number();
    if (end.isEmpty() && !block.actual().guard().equals(block.mark().guard())) {
      end = Optional.of("since block %d was changed around its statements".formatted(number));
    }
    if (end.isPresent()) {
      leaveOut(number, end.get());
      return;
    }
    try {
      goOn(block);
      if (block.needsPsql()) {
        leaveOut(number, NOT_ROLLED_BACK);
        passedOver = block.quotedId();
        return;
      }
      session.execute(block.text());
    } catch (SQLException e) {
      ServerError error = ServerError.of(e);
      if (error.sqlState().equals(SqlStates.UNSAFE_NEW_ENUM_VALUE)) {
        end = Optional.of(NOT_ROLLED_BACK);
        leaveOut(number, NOT_ROLLED_BACK);
        return;
      }
      end = Optional.of("since block %d fails".formatted(number));
      findings.add(
          new Finding(
              block.line(),
              Kind.FAILS,
              "block %d fails: %s (SQLSTATE %s)"
                  .formatted(number, error.message(), error.sqlState())));
    }
  }

  private void leaveOut(int block, String reason) {
    leftOut.computeIfAbsent(reason, _ -> new TreeSet<>()).add(block);
  }

  /// Goes on behind a block that was left out as it would have done itself.
  private void goOn(ScriptBlock block) throws SQLException {
    if (passedOver.isEmpty()) {
      return;
    }
    session.execute(SessionSql.goOnBehind(passedOver.get(), block.quotedId().orElse("''")));
    passedOver = Optional.empty();
  }

  /// The failure, if there was one.
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// The numbers of the blocks that were left out, by the reason.
  public Map<String, Set<Integer>> leftOut() {
    return Collections.unmodifiableMap(leftOut);
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
