package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.failure.TargetState;
import dev.slipway.testing.Folder;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user gets to see when the memory does not suffice.
final class MemoryTest {
  private static final long SIZE = 200_000_000;

  @TempDir private Path path;

  @Test
  void a_changelog_that_is_too_large_is_told_in_four_parts() throws Exception {
    String name = "changelog/20240101000000_One.sql";
    new Folder(path).write(name, "");
    try (var file = new RandomAccessFile(path.resolve(name).toFile(), "rw")) {
      file.setLength(SIZE);
    }

    Program.Result result =
        Program.finish(Program.in(path).with("JDK_JAVA_OPTIONS", "-Xmx48m").start("show", "head"));

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .contains("error: \"20240101000000_One.sql\" has 190 MiB, and the JVM may use 4")
        .containsPattern("\n  where   \\S+/20240101000000_One.sql:1\n")
        .contains("  state   nothing was changed\n")
        .contains("JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75")
        .doesNotContain("\tat ");
  }

  @Test
  void what_a_migration_has_changed_is_not_known() {
    var error = new OutOfMemoryError("Java heap space");
    error.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("dev.slipway.changelog.sql.PlainSqlReader", "read", "", 1),
          new StackTraceElement("dev.slipway.migrate.Runner", "run", "", 1)
        });

    var failure = new MemoryExhaustedException(error);

    assertThat(failure.state()).isEqualTo(new TargetState.NotLookedAt());
    assertThat(failure.message()).contains("migrated");
  }
}
