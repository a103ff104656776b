package dev.slipway.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What readers find in changelog files, collected.
public final class ChangelogContents {
  private final List<Migration> migrations = new ArrayList<>();
  private final Set<MigrationId> leftOut = new LinkedHashSet<>();
  private final Set<Path> referredTo = new LinkedHashSet<>();
  private final List<Precondition> preconditions = new ArrayList<>();
  private final List<ChangelogProblem> problems = new ArrayList<>();
  private final List<Claim> claims = new ArrayList<>();
  private final Set<String> repeated = new HashSet<>();
  private final List<String> notices = new ArrayList<>();
  private final Set<MigrationId> onClean = new LinkedHashSet<>();
  private HistoryUse historyUse = HistoryUse.OWN;
  private String afterResync = "Start the application, which reads its stream anew.";
  private Order order = Order.BY_ID;

  /// What decides on the order of the migrations.
  public enum Order {
    BY_ID,
    /// As they were added: a changelog whose ids have another form than EF's.
    AS_WRITTEN
  }

  /// No more than these.
  static ChangelogContents of(List<Migration> migrations) {
    var contents = new ChangelogContents();
    contents.migrations.addAll(migrations);
    return contents;
  }

  public void add(Migration migration) {
    migrations.add(migration);
  }

  /// A migration that is not for this database: not pending, and no surprise in its history.
  public void leaveOut(MigrationId id) {
    leftOut.add(id);
  }

  /// A file, or a folder, that belongs to the file that was read: it is no changelog by itself.
  public void refersTo(Path path) {
    referredTo.add(path);
  }

  /// What must hold before anything of the changelog is applied.
  public void require(Precondition precondition) {
    preconditions.add(precondition);
  }

  /// What a file says of the history that its migrations are recorded in.
  ///
  /// @param first the file's first migration
  /// @param origin where it says so
  public record Claim(HistoryDefinition history, MigrationId first, Origin origin) {}

  public void recordIn(Claim claim) {
    claims.add(claim);
  }

  /// A migration that several files have, so that one says what another one's first follows.
  public void repeated(MigrationId id) {
    repeated.add(id.key());
  }

  /// What people should know of how the changelog was read.
  public void notice(String text) {
    notices.add(text);
  }

  /// A migration that needs a clean database.
  public void needsCleanDatabase(MigrationId id) {
    onClean.add(id);
  }

  /// Whose ids the history holds.
  public void recordAmong(HistoryUse use) {
    historyUse = use;
  }

  /// What an operator does once a clean database is migrated.
  public void afterResync(String text) {
    afterResync = text;
  }

  public void problem(ChangelogProblem problem) {
    problems.add(problem);
  }

  public void keepOrder() {
    order = Order.AS_WRITTEN;
  }

  /// Adds what another file gave; its order is this one's if it keeps its own.
  public void addAll(ChangelogContents other) {
    migrations.addAll(other.migrations);
    leftOut.addAll(other.leftOut);
    referredTo.addAll(other.referredTo);
    preconditions.addAll(other.preconditions);
    problems.addAll(other.problems);
    claims.addAll(other.claims);
    notices.addAll(other.notices);
    onClean.addAll(other.onClean);
    if (other.order == Order.AS_WRITTEN) {
      order = Order.AS_WRITTEN;
    }
  }

  public List<Migration> migrations() {
    return migrations;
  }

  public Set<MigrationId> leftOut() {
    return leftOut;
  }

  public Set<Path> referredTo() {
    return referredTo;
  }

  public List<Precondition> preconditions() {
    return preconditions;
  }

  public List<Claim> claims() {
    return claims;
  }

  Set<String> repeated() {
    return repeated;
  }

  public List<String> notices() {
    return notices;
  }

  Set<MigrationId> onClean() {
    return onClean;
  }

  String afterResync() {
    return afterResync;
  }

  HistoryUse historyUse() {
    return historyUse;
  }

  public List<ChangelogProblem> problems() {
    return problems;
  }

  public Order order() {
    return order;
  }
}
