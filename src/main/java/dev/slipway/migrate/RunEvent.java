package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.history.LockHolder;
import dev.slipway.history.SessionActivity;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import java.time.Duration;
import java.util.Optional;

/// What happens during a run, in order. Text and JSON are renderings of these.
public sealed interface RunEvent {

  /// Another run holds the migration lock; sent again every few seconds.
  ///
  /// @param holder empty where it cannot be seen
  record WaitingForRun(Optional<LockHolder> holder, Duration waited) implements RunEvent {}

  /// The history cannot be read because another session, most likely EF Core's own migrator, has
  /// locked it.
  record WaitingForHistory(Optional<LockHolder> holder, Duration waited) implements RunEvent {}

  /// Another session is building an index on a table on which the run has to build one; sent again
  /// every few seconds.
  record WaitingForBuild(LockHolder builder, Duration waited) implements RunEvent {}

  /// A migration failed as it does where somebody else has applied it, or a part of it, and another
  /// session may be doing that; sent again every few seconds.
  record WaitingForRecord(MigrationId id, LockHolder other, Duration waited) implements RunEvent {}

  /// @param number of this migration among those that are due, from 1
  record Started(Migration migration, int number, int due) implements RunEvent {}

  record Applied(MigrationId id, Duration duration) implements RunEvent {}

  /// Somebody else applied it in the meantime.
  record AppliedElsewhere(MigrationId id) implements RunEvent {}

  /// Its precondition does not let it be applied; it is recorded as if it had been, because its
  /// author wants that.
  ///
  /// @param why with the place
  record Marked(MigrationId id, String why) implements RunEvent {}

  /// Its precondition does not let it be applied; nothing was done, and the next run asks again.
  ///
  /// @param why with the place
  record PassedOver(MigrationId id, String why) implements RunEvent {}

  /// It failed, nothing is left of it, and the run goes on, because its author wants that; the next
  /// run tries it again.
  record GaveUp(MigrationId id, SlipwayException failure) implements RunEvent {}

  /// What people should know although the run goes on.
  record Warning(String text) implements RunEvent {}

  /// What the run does beside applying migrations.
  record Note(String text) implements RunEvent {}

  /// Something in a migration's text was mended on its way to the server.
  record Repaired(String text) implements RunEvent {}

  /// The server said something while a migration ran.
  record Notice(String text) implements RunEvent {}

  /// What runs waits for a lock that another session has.
  ///
  /// @param on the table; empty where it is no table's
  record Blocked(String on, LockHolder blocker, Duration waited) implements RunEvent {}

  /// What runs takes its time.
  record Working(Duration elapsed, Optional<SessionActivity.Progress> progress)
      implements RunEvent {}

  /// A migration lost against others, nothing is left of it, and it is tried again.
  record Retrying(MigrationId id, String why) implements RunEvent {}

  /// Receives the events of one run, on the thread that runs it or, of what runs long, on the
  /// thread that observes it.
  @FunctionalInterface
  interface Listener {
    void on(RunEvent event);
  }
}
