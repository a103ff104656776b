package dev.slipway.cli;

import dev.slipway.failure.SlipwayException;
import dev.slipway.migrate.Rehearsal;
import dev.slipway.migration.DatabaseState;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Plan;
import dev.slipway.resync.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a command found and did in one database; JSON and summary lines are made from it.
final class Report {
  private final String name;
  private @Nullable Plan plan;
  private @Nullable History history;
  private final List<Done> appliedNow = new ArrayList<>();
  private final List<MigrationId> markedNow = new ArrayList<>();
  private final List<MigrationId> passedOverNow = new ArrayList<>();
  private List<Migration> wouldApply = List.of();
  private Rehearsal.@Nullable Result rehearsal;
  private @Nullable Progress resync;
  private @Nullable SlipwayException failure;

  /// A migration that this run applied.
  record Done(MigrationId id, Duration duration) {}

  Report(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void found(Plan found, History recorded) {
    plan = found;
    history = recorded;
  }

  void foundNothing() {
    plan = null;
    history = null;
  }

  void applied(MigrationId id, Duration duration) {
    appliedNow.add(new Done(id, duration));
  }

  /// This run recorded it without running it.
  void marked(MigrationId id) {
    markedNow.add(id);
  }

  /// This run left it pending and went on.
  void passedOver(MigrationId id) {
    passedOverNow.add(id);
  }

  void wouldApply(List<Migration> due) {
    wouldApply = List.copyOf(due);
  }

  List<Migration> wouldApply() {
    return wouldApply;
  }

  /// What is due was tried.
  void tried(Rehearsal.Result result) {
    rehearsal = result;
  }

  Optional<Rehearsal.Result> rehearsal() {
    return Optional.ofNullable(rehearsal);
  }

  void resync(Progress progress) {
    resync = progress;
  }

  /// How far the application has come with a resync, where the changelog's author defines that.
  Optional<Progress> resync() {
    return Optional.ofNullable(resync);
  }

  void failed(SlipwayException cause) {
    failure = cause;
  }

  Optional<Plan> plan() {
    return Optional.ofNullable(plan);
  }

  Optional<History> history() {
    return Optional.ofNullable(history);
  }

  List<Done> appliedNow() {
    return appliedNow;
  }

  List<MigrationId> markedNow() {
    return markedNow;
  }

  List<MigrationId> passedOverNow() {
    return passedOverNow;
  }

  Optional<SlipwayException> failure() {
    return Optional.ofNullable(failure);
  }

  Optional<DatabaseState> state() {
    return plan().map(Plan::state);
  }
}
