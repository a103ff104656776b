package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `slipway check`: what it answers, and what it does with files that are no script of ours.
class CheckCommandTest {
  private static final int MEGABYTES = 100;

  @TempDir private Path path;
  private Folder folder;

  @BeforeEach
  void writeScript() {
    folder =
        new Folder(path)
            .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);")
            .write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);");
    Program.Result written = Program.in(path).run("script", "-o", "release.sql");
    assertThat(written.code()).as(written.toString()).isZero();
  }

  @Test
  void a_sound_script_is_called_so() {
    Program.Result result = Program.in(path).run("check", "release.sql");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("release.sql: nothing is wrong\n");
    assertThat(Program.in(path).run("check", "release.sql", "--json").out())
        .isEqualTo("{\"findings\":[]}\n");
  }

  @Test
  void a_finding_has_its_line_kind_and_message() throws IOException {
    edit("CREATE TABLE two", "CREATE TABLE three");

    Program.Result result = Program.in(path).run("check", "release.sql");

    int line =
        1
            + script()
                .lines()
                .toList()
                .indexOf("      EXECUTE $sql$CREATE TABLE three (id int)$sql$;");
    String message = "the statements of block 2 are not those whose checksum it records";
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo(
            "release.sql:%d: statements-changed: %s\nrelease.sql: 1 finding\n"
                .formatted(line, message));
    assertThat(Program.in(path).run("check", "release.sql", "--json").out())
        .isEqualTo(
            "{\"findings\":[{\"line\":%d,\"kind\":\"statements-changed\",\"message\":\"%s\"}]}\n"
                .formatted(line, message));
  }

  @Test
  void a_script_is_tried_in_a_database_and_rolled_back() {
    try (var database = TestDatabase.create()) {
      Program program = Program.in(path).with("Gateway", database);

      Program.Result sound = program.run("check", "release.sql", "--database", "gateway");
      database.executeAsOwner("CREATE TABLE two ()");
      Program.Result failing = program.run("check", "release.sql", "--database", "gateway");

      assertThat(sound.code()).as(sound.toString()).isZero();
      assertThat(failing.code()).isEqualTo(1);
      assertThat(failing.out())
          .contains(": fails: block 2 fails: relation \"two\" already exists (SQLSTATE 42P07)\n");
      assertThat(failing.err()).contains("not tried, since block 2 fails: blocks [3]\n");
      assertThat(database.tables()).containsExactly("public.two");
    }
  }

  @Test
  void what_cannot_be_rolled_back_is_not_tried() {
    folder
        .write(
            "changelog/20240103000000_Index.sql",
            "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY ix ON one (id);")
        .write("changelog/20240104000000_Four.sql", "CREATE TABLE four (id int);");
    Program.in(path).run("script", "-o", "release.sql");
    try (var database = TestDatabase.create()) {
      Program program = Program.in(path).with("Gateway", database);

      Program.Result sound = program.run("check", "release.sql", "--database", "gateway");
      database.executeAsOwner("CREATE TABLE four ()");
      Program.Result failing = program.run("check", "release.sql", "--database", "gateway");

      assertThat(sound.code()).as(sound.toString()).isZero();
      assertThat(sound.err()).contains("not tried, as that cannot be rolled back: blocks [3]");
      assertThat(failing.out()).contains("block 4 fails: relation \"four\" already exists");
      assertThat(database.tables()).containsExactly("public.four");
    }
  }

  /// A block that was changed around its statements might end the transaction.
  @Test
  void a_changed_guard_is_not_run() throws IOException {
    String turn = "\nBEGIN\n  IF pg_catalog.current_setting('slipway.next'";
    int block = script().lastIndexOf("\nDO $slipway$", script().indexOf(turn));
    String from = script().substring(block, script().indexOf(turn));
    edit(from, "\nCREATE TABLE harm (); COMMIT;" + from);
    try (var database = TestDatabase.create()) {
      Program.Result result =
          Program.in(path)
              .with("Gateway", database)
              .run("check", "release.sql", "--database", "gateway");

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.out()).contains("guard-changed");
      assertThat(result.err())
          .contains("not tried, since block 1 was changed around its statements: blocks [1, 2]");
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void it_needs_a_file() {
    Program.Result result = Program.in(path).run("check");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: check needs a file\n");
  }

  @Test
  void a_file_that_is_not_there_is_a_usage_failure() {
    Program.Result result = Program.in(path).run("check", "another.sql");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("no file \"another.sql\"");
  }

  @Test
  void another_tools_script_is_none_of_ours() throws IOException {
    Path golden = Path.of("src/test/resources/changelog/gateway/20230926140210_AddBalances.sql");
    Files.copy(golden.toAbsolutePath(), path.resolve("other.sql"));

    assertNoScript("other.sql");
  }

  @Test
  void an_empty_file_is_none_of_ours() {
    folder.write("empty.sql", "");

    assertNoScript("empty.sql");
  }

  @Test
  void half_a_script_is_cut_off() throws IOException {
    String script = script();
    Files.writeString(path.resolve("half.sql"), script.substring(0, script.length() / 2));

    Program.Result result = Program.in(path).run("check", "half.sql");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains(": cut-off: ").endsWith("half.sql: 1 finding\n");
  }

  @Test
  @Tag("slow")
  void a_dump_is_none_of_ours() throws IOException {
    try (var database = TestDatabase.on(TestServer.oldest())) {
      database.executeAsOwner("CREATE TABLE one (id int)");
      Files.writeString(path.resolve("dump.sql"), Tool.pgDump(database));

      assertNoScript("dump.sql");
    }
  }

  @Test
  @Tag("slow")
  void a_hundred_megabytes_of_anything_take_no_memory() throws Exception {
    byte[] random = new byte[1 << 20];
    Randomness.of(Randomness.seed()).nextBytes(random);
    write("binary", random, MEGABYTES);
    write("blank.sql", " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII), MEGABYTES);

    assertNoScriptInLittleMemory("binary");
    assertNoScriptInLittleMemory("blank.sql");
  }

  private void write(String name, byte[] part, int times) throws IOException {
    try (OutputStream out = Files.newOutputStream(path.resolve(name))) {
      for (int i = 0; i < times; i++) {
        out.write(part);
      }
    }
  }

  private void assertNoScriptInLittleMemory(String file) throws InterruptedException {
    Program.Result result =
        Program.finish(Program.in(path).with("JAVA_TOOL_OPTIONS", "-Xmx32m").start("check", file));

    assertThat(result.code()).as(result.toString()).isEqualTo(1);
    assertThat(result.out()).startsWith(file + ":1: not-a-script: ");
  }

  private void assertNoScript(String file) {
    Program.Result result = Program.in(path).run("check", file);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith(file + ":1: not-a-script: ").hasLineCount(2);
  }

  private String script() throws IOException {
    return Files.readString(path.resolve("release.sql"));
  }

  private void edit(String from, String to) throws IOException {
    assertThat(script()).contains(from);
    Files.writeString(path.resolve("release.sql"), script().replace(from, to));
  }
}
