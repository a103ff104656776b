package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.cli.ExitCodes;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The unit for hosts without Docker: what it runs is run, from the unpacked archive, with what it
/// sets; the unit itself is read by systemd.
@Tag("image")
@Claims({"docker/systemd/environment", "docker/systemd/slipway.service"})
final class SystemdExampleTest {
  private static final Path UNIT = Path.of("docker/systemd/slipway.service");
  private static final Path ENVIRONMENT = Path.of("docker/systemd/environment");
  private static final String PASSWORD = "s3cret";

  @TempDir private static Path root;

  @TempDir private Path path;

  @BeforeAll
  static void unpack_the_archive() throws IOException {
    Path slipway = Files.createDirectories(root.resolve("opt/slipway"));
    Path changelog = Files.createDirectories(root.resolve("opt/gateway/changelog"));
    Tool.run("tar", "-xzf", archive(), "-C", slipway.toString(), "--strip-components=1");
    Tool.run("cp", "-r", "changelog/gateway/.", changelog.toString());
  }

  private static String archive() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target/image"))) {
      return files
          .map(Path::toString)
          .filter(name -> name.matches(".*/slipway-.*-linux-.*\\.tar\\.gz"))
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("there is no archive; build it with: scripts/image"));
    }
  }

  /// What the unit says, with the folders of this test in place of those in `/opt`.
  private static String placed(String setting) {
    return setting.replace("/opt/", root.resolve("opt") + "/");
  }

  @Test
  void the_command_of_the_unit_migrates_from_the_unpacked_archive() throws Exception {
    SystemdUnit unit = SystemdUnit.read(UNIT);
    try (var database = TestDatabase.on(TestServer.askingForPasswords())) {
      database.execute("ALTER ROLE %s PASSWORD '%s'".formatted(database.owner(), PASSWORD));

      Program.Result result = run(unit, environment(unit, database));

      assertThat(result.code()).as(result.toString()).isEqualTo(ExitCodes.DONE);
      assertThat(database.history()).contains("20230912081530_InitialCreate").hasSize(12);
    }
  }

  private static Program.Result run(SystemdUnit unit, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(placed(unit.get("ExecStart")).split(" "));
    builder.directory(Path.of(placed(unit.get("WorkingDirectory"))).toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return Program.finish(builder.start());
  }

  /// What systemd makes of `Environment`, `EnvironmentFile` and `LoadCredential`.
  private Map<String, String> environment(SystemdUnit unit, TestDatabase database)
      throws IOException {
    assertThat(unit.get("EnvironmentFile")).isEqualTo("/etc/slipway/" + ENVIRONMENT.getFileName());
    List<String> credential = List.of(unit.get("LoadCredential").split(":"));
    Files.writeString(path.resolve(credential.getFirst()), PASSWORD + "\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin");
    unit.all("Environment").forEach(line -> put(environment, line.replace("%d", path.toString())));
    Files.readAllLines(ENVIRONMENT).stream()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> put(environment, line.replace("\"", "")));
    environment.replaceAll((_, value) -> in(database, value));
    return environment;
  }

  private static void put(Map<String, String> environment, String assignment) {
    int equals = assignment.indexOf('=');
    environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
  }

  /// The example's connection string, which leads to the test's database.
  private static String in(TestDatabase database, String value) {
    return value.replace(
        "Host=localhost;Database=gateway;Username=gateway",
        "Host=localhost;Port=%d;Database=%s;Username=%s"
            .formatted(database.server().port(), database.name(), database.owner()));
  }

  @Test
  void systemd_finds_nothing_wrong_with_the_unit() throws IOException {
    assertThat(verify(Files.readString(UNIT))).isEmpty();
  }

  @Test
  void systemd_names_a_setting_that_it_does_not_know() throws IOException {
    String unit = Files.readString(UNIT);

    assertThat(verify(unit.replace("NoNewPrivileges=", "NoNewPrivilege=")))
        .contains("NoNewPrivilege");
  }

  /// What `systemd-analyze verify` says; it ends with 0 also where it says something.
  private String verify(String unit) throws IOException {
    Path file = Files.writeString(path.resolve("slipway.service"), placed(unit));
    return Tool.run("systemd-analyze", "verify", "--man=no", file.toString());
  }

  /// From 0, nothing is open, to 10; what is left is mostly the network.
  @Test
  void systemd_finds_the_unit_well_confined() throws IOException {
    Path file = Files.writeString(path.resolve("slipway.service"), placed(Files.readString(UNIT)));

    assertThat(
            Tool.run(
                "systemd-analyze", "security", "--offline=yes", "--threshold=20", file.toString()))
        .contains("Overall exposure level");
  }
}
