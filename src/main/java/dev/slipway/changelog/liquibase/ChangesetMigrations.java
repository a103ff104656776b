package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader.Place;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.Edits;
import dev.slipway.migration.ForeignId;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes migrations of the changesets that were found: gives them ids, and holds their order
/// against it.
final class ChangesetMigrations {
  private static final String DEFAULT_TEMPLATE = "{id}";

  private final ChangelogWalk walk;
  private final FileFinder finder;
  private final Selection selection;
  private final String template;
  private final Place place;
  private final ChangelogContents contents;
  private final ChangesetCompiler compiler;
  private final Map<Changeset, MigrationId> ids = new HashMap<>();

  ChangesetMigrations(
      ChangelogWalk walk,
      FileFinder finder,
      Selection selection,
      String template,
      Place place,
      ChangelogContents contents) {
    this.walk = walk;
    this.finder = finder;
    this.selection = selection;
    this.template = template.isEmpty() ? DEFAULT_TEMPLATE : template;
    this.place = place;
    this.contents = contents;
    this.compiler = new ChangesetCompiler(finder, selection, this::recordedAs);
  }

  /// Adds them to the contents.
  void add() {
    List<Changeset> chosen = new ArrayList<>();
    for (Changeset changeset : walk.changesets()) {
      if (isChosen(changeset)) {
        chosen.add(changeset);
      } else {
        leaveOut(changeset);
      }
    }
    chosen.forEach(this::giveId);
    checkForms(chosen);
    for (Changeset changeset : chosen) {
      MigrationId id = ids.get(changeset);
      if (id != null) {
        addMigration(changeset, id);
      }
    }
    for (ChangelogWalk.Requirement requirement : walk.requirements()) {
      contents.require(
          compiler.precondition(
              requirement.node(),
              requirement.file(),
              requirement.properties(),
              Quoting.of(requirement.file()),
              contents.problems()));
    }
  }

  private boolean isChosen(Changeset changeset) {
    return Selection.isForPostgres(changeset.attribute("dbms"))
        && !changeset.file().isIgnored()
        && !changeset.flag("ignore", false)
        && selection.hasContext(
            changeset.attribute("contextFilter", "context"), changeset.file().contexts())
        && selection.hasLabels(changeset.attribute("labels"), changeset.file().labels());
  }

  private void leaveOut(Changeset changeset) {
    refer(ChangesetText.digest(changeset, finder, new ArrayList<>()));
    migrationId(changeset).ifPresent(contents::leaveOut);
  }

  private void refer(ChangesetText.Digest digest) {
    digest.files().forEach(contents::refersTo);
  }

  private void giveId(Changeset changeset) {
    Optional<MigrationId> id = migrationId(changeset);
    if (id.isPresent()) {
      ids.put(changeset, id.get());
    } else {
      problem(
          changeset,
          "\"%s\" cannot be a migration id".formatted(fill(changeset)),
          "An id has 1 to 150 characters, and no control characters among them.");
    }
  }

  private Optional<MigrationId> migrationId(Changeset changeset) {
    return id(fill(changeset));
  }

  private static Optional<MigrationId> id(String text) {
    try {
      return Optional.of(new MigrationId(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private String fill(Changeset changeset) {
    return fill(name(changeset), changeset.author(), changeset.paths().getFirst());
  }

  private String fill(String id, String author, String path) {
    return template.replace("{path}", path).replace("{author}", author).replace("{id}", id);
  }

  /// A plain SQL file is called by its name, as it would be without Liquibase.
  private static String name(Changeset changeset) {
    if (!changeset.id().equals(PlainSql.ID) || !changeset.author().equals(PlainSql.AUTHOR)) {
      return changeset.id();
    }
    String file = String.valueOf(changeset.file().path().getFileName());
    return file.substring(0, file.lastIndexOf('.'));
  }

  /// All ids are of EF's form and in their own order; or none is, and it is a root file.
  private void checkForms(List<Changeset> chosen) {
    List<Changeset> own = new ArrayList<>();
    boolean timestamps = false;
    for (Changeset changeset : chosen) {
      MigrationId id = ids.get(changeset);
      if (id != null && !MigrationId.hasTimestampForm(id.value())) {
        own.add(changeset);
      } else {
        timestamps = timestamps || id != null;
      }
    }
    if (own.isEmpty()) {
      checkOrder(chosen);
    } else if (timestamps) {
      own.forEach(this::refuseMixed);
    } else if (place == Place.MEMBER) {
      own.forEach(this::refuseForm);
    } else {
      contents.keepOrder();
    }
    refuseDuplicates(chosen);
  }

  private void refuseMixed(Changeset changeset) {
    problem(
        changeset,
        "\"%s\" is an id of another form than others of the changelog"
            .formatted(ids.get(changeset)),
        "Give all changesets ids of the form 20260822093000_AddOrders, or none.");
  }

  private void refuseForm(Changeset changeset) {
    problem(
        changeset,
        "\"%s\" is no migration id".formatted(ids.get(changeset)),
        "Give it the form 20260822093000_AddOrders; or keep the ids as they are in a root file that"
            + " includes all others, changelog.xml, changelog.yaml, changelog.json or"
            + " changelog.sql.");
  }

  private void checkOrder(List<Changeset> chosen) {
    @Nullable MigrationId last = null;
    for (Changeset changeset : chosen) {
      MigrationId id = ids.get(changeset);
      if (last != null && id != null && id.compareTo(last) < 0) {
        problem(
            changeset,
            "\"%s\" stands behind \"%s\"".formatted(id, last),
            "Write changesets in the order of their ids, which is the order in which they are"
                + " applied.");
      } else if (id != null) {
        last = id;
      }
    }
  }

  /// The loader finds those of the whole folder; here the way out can be named.
  private void refuseDuplicates(List<Changeset> chosen) {
    Map<String, Changeset> seen = new HashMap<>();
    for (Changeset changeset : chosen) {
      MigrationId id = ids.get(changeset);
      Changeset first = id == null ? null : seen.putIfAbsent(id.key(), changeset);
      if (first != null) {
        ids.remove(changeset);
        problem(
            changeset,
            "duplicate migration id \"%s\": also in %s".formatted(id, first.origin()),
            "Make ids unique, whatever their letter case: with migration-id: \"{author}.{id}\" in"
                + " slipway.yaml, or \"{path}.{author}.{id}\".");
      }
    }
  }

  private void addMigration(Changeset changeset, MigrationId id) {
    ChangesetText.Digest digest = ChangesetText.digest(changeset, finder, contents.problems());
    refer(digest);
    contents.add(
        new Migration(
            id,
            changeset.origin(),
            digest.checksum(),
            conduct(changeset),
            edits(changeset),
            Optional.of(new ForeignId(changeset.id(), changeset.author(), changeset.paths())),
            Optional.empty(),
            () -> compiler.compile(changeset)));
  }

  private static Conduct conduct(Changeset changeset) {
    boolean always = changeset.flag("runAlways", changeset.flag("alwaysRun", false));
    Rerun rerun =
        always
            ? Rerun.ALWAYS
            : changeset.flag("runOnChange", false) ? Rerun.ON_CHANGE : Rerun.NEVER;
    return new Conduct(
        changeset.flag("runInTransaction", true) ? TransactionMode.ONE : TransactionMode.NONE,
        rerun,
        changeset.flag("failOnError", true) ? OnFailure.STOP : OnFailure.GO_ON);
  }

  /// Liquibase's own checksums are of another kind and say nothing here; `any` does.
  private static Edits edits(Changeset changeset) {
    if (changeset.attribute("onValidationFail").equals("MARK_RAN")) {
      return new Edits.Any();
    }
    Set<Checksum> accepted = new HashSet<>();
    for (Node child : changeset.node().children()) {
      if (child.is("validCheckSum") || child.is("validCheckSums")) {
        for (String value : child.values()) {
          String checksum = value.strip();
          if (checksum.equalsIgnoreCase("any") || checksum.equalsIgnoreCase("1:any")) {
            return new Edits.Any();
          }
          accepted.add(new Checksum(checksum));
        }
      }
    }
    return new Edits.Listed(accepted);
  }

  /// Under which id the history records a changeset that a precondition asks for. One that is no
  /// part of the changelog may be recorded all the same, unless its id is another one's.
  private Optional<MigrationId> recordedAs(String id, String author, String path) {
    Optional<MigrationId> wanted = id(fill(id, author, path));
    for (Changeset changeset : walk.changesets()) {
      if (changeset.id().equalsIgnoreCase(id)
          && changeset.author().equalsIgnoreCase(author)
          && isRecordedIn(path, changeset)) {
        return migrationId(changeset);
      }
    }
    boolean isTaken =
        walk.changesets().stream()
            .flatMap(changeset -> migrationId(changeset).stream())
            .anyMatch(other -> wanted.filter(mine -> mine.key().equals(other.key())).isPresent());
    return isTaken ? Optional.empty() : wanted;
  }

  private boolean isRecordedIn(String path, Changeset changeset) {
    List<String> paths = changeset.paths();
    return paths.getFirst().equalsIgnoreCase(path)
        || (paths.size() == 1
            && finder
                .find(path, Optional.empty())
                .filter(found -> found.normalize().equals(changeset.file().path().normalize()))
                .isPresent());
  }

  private void problem(Changeset changeset, String message, String hint) {
    contents.problem(new ChangelogProblem(changeset.origin(), message, hint));
  }
}
