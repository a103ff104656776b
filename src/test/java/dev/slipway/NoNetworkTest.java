package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network namespace without any network: not even the loopback interface is up. What is left is
/// the Unix socket.
class NoNetworkTest {
  @Test
  void liquibase_changelogs_are_migrated_without_a_network(@TempDir Path path) throws Exception {
    new Folder(path)
        .write(
            "changelog/changelog.xml",
            """
            <databaseChangeLog
                xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                    http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
              <changeSet id="1" author="ann">
                <createTable tableName="orders"><column name="id" type="int"/></createTable>
              </changeSet>
              <include file="more.yaml"/>
            </databaseChangeLog>
            """)
        .write(
            "changelog/more.yaml",
            """
            databaseChangeLog:
              - changeSet:
                  id: add-index
                  author: bob
                  changes:
                    - createIndex:
                        indexName: ix_orders
                        tableName: orders
                        columns:
                          - column: {name: id}
            """);
    try (var database = TestDatabase.create()) {
      Program.Result result =
          Program.finish(
              Program.in(path)
                  .with(
                      "ConnectionStrings__Gateway",
                      database.connectionString("").replace("localhost", socketFolder(database)))
                  .startWithin(List.of("unshare", "-n")));

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).containsExactly("1", "add-index");
    }
  }

  private static String socketFolder(TestDatabase database) {
    return database.rows("SHOW unix_socket_directories").getFirst();
  }
}
