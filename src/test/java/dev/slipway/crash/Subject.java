package dev.slipway.crash;

import dev.slipway.Program;
import dev.slipway.testing.TestDatabase;
import java.util.List;

/// What is run, broken and run again: a process that connects to a server.
interface Subject {
  /// In the order in which a run comes by.
  List<CrashPoint> points();

  /// Starts it in a process of its own.
  ///
  /// @param port where it takes the server to be
  Process start(TestDatabase database, int port);

  /// Runs it to its end, undisturbed.
  Program.Result run(TestDatabase database);

  /// Does what the failure of a run says is to be done by hand, where nothing else is right.
  ///
  /// @return whether it says anything
  boolean mend(TestDatabase database, Program.Result failed);
}
