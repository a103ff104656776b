package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands by which README.md leads to a database of one's own, as they stand there, run by a
/// shell: but for the name of the database, and for those of Docker.
@Tag("slow")
final class ReadmeCommandsTest {
  private static final EfGolden EF = new EfGolden("bookshop", "ef9");

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void make_a_checkout_and_a_home() throws IOException {
    new Folder(path)
        .program("checkout/scripts/slipway", Program.shellCommand())
        .program("bin/dotnet", EF.dotnet());
    Files.createDirectory(path.resolve("home"));
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private static List<String> blocks() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String part =
        readme.substring(
            readme.indexOf("## Migrate a database of yours"), readme.indexOf("## Guides"));
    return Pattern.compile("(?ms)^```sh\n(.*?)^```$")
        .matcher(part)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /// What they print; each has to do what it says.
  private String follow(Predicate<String> wanted) throws IOException, InterruptedException {
    String commands =
        blocks().stream()
            .filter(wanted)
            .collect(Collectors.joining())
            .replace(
                "Host=localhost;Database=shop;Username=shop;Password=secret",
                database.connectionString(""))
            .replace(
                "host=localhost dbname=shop user=shop",
                "host=localhost port=%d dbname=%s user=%s"
                    .formatted(database.server().port(), database.name(), database.owner()));
    var builder = new ProcessBuilder("sh", "-e", "-c", commands);
    builder.directory(path.resolve("checkout").toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", path.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("HOME", path.resolve("home").toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void with_plain_sql_they_lead_to_a_migrated_database() throws Exception {
    String output = follow(block -> !block.startsWith("dotnet ") && !block.startsWith("docker "));

    assertThat(output)
        .containsSubsequence(
            "would apply  ",
            "Shop: 1 would be applied, nothing was changed",
            "_AddOrders  ",
            "Shop: 1 applied, up-to-date at ",
            "Shop: up-to-date at ",
            "slipway: 0 applied, 1 already there",
            "shop.sql: nothing is wrong");
    assertThat(database.tables()).contains("public.orders");
  }

  @Test
  void with_a_script_of_ef_they_lead_to_a_migrated_database() throws Exception {
    String output = follow(block -> !block.contains("slipway new") && !block.startsWith("docker "));

    assertThat(output)
        .containsSubsequence(
            "Shop: 10 applied, up-to-date at ", "0 applied, 10 already there", "nothing is wrong");
    assertThat(database.history()).isEqualTo(EF.ids());
  }
}
