package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `scripts/demo` shows, in a copy of the checkout that runs the classes under test: nothing
/// is built.
@Tag("slow")
final class DemoTest {
  @TempDir private Path path;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void make_a_checkout() {
    Tool.run("cp", "-r", "scripts", "changelog", path.toString());
    String server = "slipway.test.postgres.newest";
    new Folder(path)
        .program("scripts/build", "exit 0")
        .program("scripts/slipway", Program.shellCommand())
        .program(
            "scripts/test-main",
            "exec '%s/bin/java' -cp '%s' '-D%s=%s' \"dev.slipway.$@\""
                .formatted(
                    System.getProperty("java.home"),
                    System.getProperty("java.class.path"),
                    server,
                    System.getProperty(server)));
  }

  /// What it prints until it has ended well; it leaves nothing.
  private String demo(String... topic) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(path.resolve("scripts/demo").toString());
    builder.command().addAll(List.of(topic));
    builder.redirectErrorStream(true).environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("TMPDIR", path.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(path).as("what it left").isDirectoryNotContaining("glob:**/tmp*");
    return output;
  }

  @Test
  void without_a_topic_three_databases_are_migrated_and_a_fourth_by_a_script() throws Exception {
    String output = demo();

    assertThat(output)
        .containsSubsequence(
            "Gateway: 12 applied, up-to-date",
            "Miner: 4 applied, up-to-date",
            "Validator: 8 applied, up-to-date",
            "$ slipway status\nGateway: up-to-date",
            "$ slipway \nGateway: nothing to do",
            "_AddPriority  ",
            "Miner: 1 applied",
            "slipway: 5 applied, 0 already there",
            "slipway: 0 applied, 5 already there",
            "1 finding\nexit 1\n",
            "== All of it took ");
    assertThat(output).containsOnlyOnce("exit ");
  }

  @Test
  void databases_of_the_one_who_runs_it_are_left_alone() throws Exception {
    try (var real = TestDatabase.create()) {
      new Folder(path)
          .write("changelog/warehouse/20260101000000_One.sql", "CREATE TABLE one (id int);")
          .write("changelog/granary/20260101000000_Two.sql", "CREATE TABLE two (id int);")
          .write(
              "appsettings.json",
              "{\"ConnectionStrings\": {\"Granary\": \"%s\"}}"
                  .formatted(real.connectionString("")));
      environment.put("ConnectionStrings__Warehouse", real.connectionString(""));
      environment.put("Slipway__DryRun", "true");
      environment.put("PGOPTIONS", "-c search_path=nowhere");

      String output = demo();

      assertThat(output).contains("Gateway: 12 applied").doesNotContain(real.name());
      assertThat(real.tables()).isEmpty();
    }
  }

  @Test
  void resync_shows_refusal_check_wipe_migration_and_progress() throws Exception {
    String output = demo("resync");

    assertThat(output)
        .containsSubsequence(
            "Gateway: 2 applied, up-to-date at 20240301090000_Prices",
            "error: Gateway: this release cannot go on top of database \"gateway\"\n",
            "4. Empty the database, and migrate it:"
                + " slipway resync --wipe --database Gateway --confirm gateway\n",
            "exit 6\n",
            "$ slipway resync --check --database Gateway\n",
            "table    public.orders                 about 5000 rows",
            "exit 1\n",
            "$ slipway resync --wipe --database Gateway\n",
            "needs your consent",
            "exit 2\n",
            "--confirm validator\n",
            "consent was given for database \"validator\", and this is \"gateway\"\n",
            "exit 2\n",
            "$ slipway resync --wipe --database Gateway --confirm gateway\n",
            "wiped    3 objects with about 5000 rows",
            "applied  20260901090000_Ledger  ",
            "next     Start the application with one replica",
            "resync    2000 of 9000 (22 %)\n",
            "resync    5000 of 9000 (55 %), ",
            " per second since ",
            ", done about ",
            "resync    9000 of 9000, complete\n",
            "== All of it took ");
    assertThat(output.split("exit ", -1)).hasSize(5);
  }
}
