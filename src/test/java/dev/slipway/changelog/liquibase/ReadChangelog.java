package dev.slipway.changelog.liquibase;

import dev.slipway.changelog.ChangelogLoader;
import dev.slipway.changelog.sql.PlainSqlReader;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.sql.Statement;
import dev.slipway.testing.Folder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A changelog that a test writes and has read, without a database.
///
/// @param folder that holds it
/// @param root what is read: the folder, or a file in it
record ReadChangelog(Folder folder, Path root, ChangelogOptions options) {
  static ReadChangelog in(Path folder) {
    return new ReadChangelog(new Folder(folder), folder, ChangelogOptions.NONE);
  }

  /// A file with this text inside of its root element.
  ReadChangelog xml(String file, String body) {
    return xml(file, "", body);
  }

  /// @param attributes of the root element
  ReadChangelog xml(String file, String attributes, String body) {
    folder.write(
        file,
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" %s>
        %s
        </databaseChangeLog>
        """
            .formatted(attributes, body));
    return this;
  }

  ReadChangelog file(String name, String text) {
    folder.write(name, text);
    return this;
  }

  ReadChangelog from(String file) {
    return new ReadChangelog(folder, folder.path().resolve(file), options);
  }

  ReadChangelog with(ChangelogOptions given) {
    return new ReadChangelog(folder, root, given);
  }

  ReadChangelog withContexts(String contexts) {
    return with(new ChangelogOptions(contexts, "", ""));
  }

  ReadChangelog withLabels(String labels) {
    return with(new ChangelogOptions("", labels, ""));
  }

  /// A changeset with one statement that tells what it is.
  static String changeset(String id) {
    return changeset(id, "");
  }

  static String changeset(String id, String attributes) {
    return changeset(id, attributes, "<sql>SELECT '" + id + "'</sql>");
  }

  static String changeset(String id, String attributes, String changes) {
    return "<changeSet id=\"%s\" author=\"ann\" %s>%s</changeSet>\n"
        .formatted(id, attributes, changes);
  }

  Changelog read() {
    return ChangelogLoader.load(
        root, List.of(new LiquibaseReader(), new PlainSqlReader()), options);
  }

  List<String> ids() {
    return read().migrations().stream().map(migration -> migration.id().value()).toList();
  }

  Migration migration(String id) {
    return read().byId(id).orElseThrow();
  }

  CompiledMigration compiled(String id) {
    return CompiledMigration.of(migration(id));
  }

  List<String> statements(String id) {
    return compiled(id).statements().stream().map(Statement::text).toList();
  }

  /// Each statement's file and line.
  List<String> places(String id) {
    CompiledMigration compiled = compiled(id);
    List<String> places = new ArrayList<>();
    for (int i = 0; i < compiled.statements().size(); i++) {
      places.add(
          folder.path().relativize(Path.of(compiled.files().get(i)))
              + ":"
              + compiled.statements().get(i).position().line());
    }
    return places;
  }

  String checksum(String id) {
    return migration(id).checksum().value();
  }

  /// What is wrong with it.
  List<String> problems() {
    try {
      CompiledMigration.check(read().migrations());
      return List.of();
    } catch (ChangelogException e) {
      return e.problems().stream().map(ChangelogProblem::message).toList();
    }
  }
}
