package dev.slipway.crash;

import dev.slipway.testing.ProtocolProxy.Where;

/// What breaks. Each says by what it is known to have hit: a fault that did not is no test.
enum Fault {
  KILL("`kill -9`") {
    @Override
    String strike(Cell cell) {
      cell.signal(ProcessHandle::destroyForcibly);
      cell.waitForProcess();
      // What had been sent arrives all the same, and the server goes on with it.
      cell.letGo(cell.reached().where() == Where.REQUEST);
      return cell.code() == KILLED ? "" : "it ended by itself with " + cell.code();
    }
  },

  TERM("SIGTERM") {
    @Override
    String strike(Cell cell) {
      cell.signal(ProcessHandle::destroy);
      cell.waitForCancelOrEnd();
      if (cell.isHeldByNetwork()) {
        cell.letGo(false);
      }
      cell.waitForProcess();
      cell.letGo(false);
      return cell.code() == TERMINATED ? "" : "it ended with " + cell.code();
    }
  },

  TERMINATE("`pg_terminate_backend`") {
    @Override
    String strike(Cell cell) {
      boolean gone = cell.terminateBackend();
      cell.letGo(false);
      cell.waitForProcess();
      return gone ? "" : "the backend did not go";
    }
  },

  CRASH("server stopped by `-m immediate`, started again") {
    @Override
    String strike(Cell cell) {
      String before = cell.server().incarnation();
      cell.server().crash();
      cell.letGo(false);
      cell.waitForProcess();
      return cell.server().incarnation().equals(before) ? "the server was not restarted" : "";
    }
  },

  RESET("TCP reset") {
    @Override
    String strike(Cell cell) {
      cell.proxy().reset();
      cell.letGo(true);
      cell.waitForProcess();
      return cell.proxy().broken() > 0 ? "" : "no connection was broken";
    }
  },

  STALL("stalled connection, then SIGTERM") {
    @Override
    String strike(Cell cell) {
      cell.proxy().stall();
      cell.letGo(false);
      boolean hangs = cell.isStillWaiting();
      cell.signal(ProcessHandle::destroy);
      cell.waitForCancelOrEnd();
      cell.proxy().reset();
      cell.waitForProcess();
      return hangs && cell.code() == TERMINATED
          ? ""
          : "it did not hang, or ended with " + cell.code();
    }
  },

  DISK_FULL("disk full") {
    @Override
    String strike(Cell cell) {
      boolean felt = cell.keepDiskFull();
      cell.server().freeDisk();
      cell.server().raise();
      cell.waitForProcess();
      return felt ? "" : "the server had space enough";
    }
  };

  private static final int KILLED = 137;
  private static final int TERMINATED = 143;

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /// Breaks it, and lets what is left come to its end.
  ///
  /// @return why the fault did not hit; empty if it did
  abstract String strike(Cell cell);
}
