package dev.slipway.crash;

import dev.slipway.Program;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `slipway migrate`.
///
/// @param folder of the changelog
record ProgramSubject(Path folder) implements Subject {
  private static final int PARTIALLY_APPLIED = 8;
  private static final Pattern REPAIR =
      Pattern.compile("slipway (repair --mark-pending " + Release.SETTLE + ")");

  @Override
  public List<CrashPoint> points() {
    return Release.points();
  }

  @Override
  public Process start(TestDatabase database, int port) {
    return Program.in(folder)
        .with(
            "ConnectionStrings__Gateway", database.connectionString(";Host=127.0.0.1;Port=" + port))
        .with("Slipway__StartWait", "20s")
        .start();
  }

  @Override
  public Program.Result run(TestDatabase database) {
    return program(database).run();
  }

  private Program program(TestDatabase database) {
    return Program.in(folder).with("Gateway", database);
  }

  /// Only the procedure needs a person: who looks, undoes what it did, and says so.
  @Override
  public boolean mend(TestDatabase database, Program.Result failed) {
    Matcher repair = REPAIR.matcher(failed.err());
    if (failed.code() != PARTIALLY_APPLIED || !repair.find()) {
      return false;
    }
    database.executeAsOwner("DELETE FROM ledger; DELETE FROM settled");
    return program(database).run(repair.group(1).split(" ")).code() == 0;
  }
}
