package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The scripts in a copy of the checkout, with a JDK and a Maven that only tell how they were
/// called.
final class ScriptsTest {
  @TempDir private Path temporary;
  private Path checkout = Path.of("");
  private Path jdk = Path.of("");
  private Path maven = Path.of("");

  private record Output(int code, String out, String err) {}

  @BeforeEach
  void make_a_checkout() throws IOException {
    checkout = Files.createDirectories(temporary.resolve("check out"));
    Files.createDirectories(checkout.resolve("src/main"));
    Files.createDirectories(checkout.resolve(".mvn"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    copyScripts();
    jdk = makeJdk("jdk-25", "25.0.3");
    maven =
        script(
            temporary.resolve("maven/mvn"),
            """
            echo "$JAVA_HOME" >> "%s"
            sleep 0.5
            echo building
            mkdir -p target && touch target/slipway.jar"""
                .formatted(temporary.resolve("maven.log")));
  }

  private void copyScripts() throws IOException {
    Path scripts = Files.createDirectories(checkout.resolve("scripts"));
    try (Stream<Path> files = Files.list(Path.of("scripts"))) {
      for (Path file : files.toList()) {
        Files.copy(file, scripts.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private Path makeJdk(String name, String version) throws IOException {
    Path home = temporary.resolve(name);
    script(home.resolve("bin/javac"), "exit 0");
    script(
        home.resolve("bin/java"),
        "echo \"pid $$ in $(pwd) with $LC_ALL: $*\"; exit ${EXIT_CODE:-0}");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static Path script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private Process start(Path folder, Map<String, String> variables, String... command)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", maven.getParent() + ":" + System.getenv("PATH"));
    builder.environment().put("HOME", temporary.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(variables);
    return builder.start();
  }

  private static Output finish(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), out, err);
  }

  private Output slipway(Path folder, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(checkout.resolve("scripts/slipway").toString());
    command.addAll(List.of(arguments));
    return finish(start(folder, variables, command.toArray(String[]::new)));
  }

  private List<String> builds() throws IOException {
    Path log = temporary.resolve("maven.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  @Test
  void slipway_builds_first_and_prints_nothing_of_that_on_stdout() throws Exception {
    Output output = slipway(temporary, Map.of(), "status");

    assertThat(output.out()).startsWith("pid ").hasLineCount(1);
    assertThat(output.err()).contains("building");
    assertThat(builds()).containsExactly(jdk.toString());
  }

  @Test
  void slipway_starts_no_maven_while_the_build_is_newer_than_the_sources() throws Exception {
    slipway(temporary, Map.of());

    Output second = slipway(temporary, Map.of());

    assertThat(second.err()).isEmpty();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void slipway_builds_again_when_a_source_is_newer() throws Exception {
    slipway(temporary, Map.of());
    Path source = Files.writeString(checkout.resolve("src/main/New.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));

    slipway(temporary, Map.of());

    assertThat(builds()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"class A {}, 1", "class B {}, 2"})
  void what_a_copied_build_is_worth_is_told_by_its_sources(String source, int builds)
      throws Exception {
    Path file = Files.writeString(checkout.resolve("src/main/A.java"), "class A {}");
    slipway(temporary, Map.of());
    Path other = temporary.resolve("other");
    Tool.run("cp", "-r", checkout.toString(), other.toString());
    Files.writeString(other.resolve(checkout.relativize(file)), source);
    Files.setLastModifiedTime(
        other.resolve(checkout.relativize(file)), FileTime.from(Instant.now().minusSeconds(60)));
    checkout = other;

    slipway(temporary, Map.of());
    slipway(temporary, Map.of());

    assertThat(builds()).hasSize(builds);
  }

  @Test
  void sources_that_are_newer_and_the_same_are_not_built_again() throws Exception {
    slipway(temporary, Map.of());
    Files.setLastModifiedTime(
        checkout.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(1)));

    slipway(temporary, Map.of());

    assertThat(builds()).hasSize(1);
  }

  @Test
  void several_that_start_together_build_once() throws Exception {
    List<Process> processes = new ArrayList<>();
    String program = checkout.resolve("scripts/slipway").toString();
    for (int i = 0; i < 4; i++) {
      processes.add(start(temporary, Map.of(), program));
    }

    for (Process process : processes) {
      assertThat(finish(process).out()).startsWith("pid ").hasLineCount(1);
    }

    assertThat(builds()).hasSize(1);
  }

  @Test
  void a_build_that_was_killed_holds_up_no_other() throws Exception {
    String built = Files.readString(maven);
    script(maven, "echo running >&2; exec sleep 600");
    Process killed = start(temporary, Map.of(), checkout.resolve("scripts/slipway").toString());
    assertThat(killed.errorReader().lines().anyMatch("running"::equals)).isTrue();
    killed.descendants().forEach(ProcessHandle::destroyForcibly);
    killed.destroyForcibly().waitFor();
    Files.writeString(maven, built);

    assertThat(slipway(temporary, Map.of()).code()).isZero();
  }

  @Test
  void the_working_directory_stays_and_a_link_will_do() throws Exception {
    Path elsewhere = Files.createDirectories(temporary.resolve("else where"));
    Path link =
        Files.createSymbolicLink(temporary.resolve("link"), checkout.resolve("scripts/slipway"));

    Output output = finish(start(elsewhere, Map.of(), link.toString(), "show", "a b"));

    assertThat(output.out())
        .contains("in " + elsewhere.toRealPath())
        .contains("with C.UTF-8")
        .contains("@" + checkout.toRealPath().resolve("scripts/jvm-options"))
        .endsWith("show a b\n");
    assertThat(checkout.resolve("scripts/jvm-options"))
        .content()
        .contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
  }

  @ParameterizedTest
  @CsvSource({"., scripts/slipway", "scripts, ./slipway", "src, ../scripts/slipway"})
  void a_relative_path_will_do(String folder, String command) throws Exception {
    Output output = finish(start(checkout.resolve(folder), Map.of(), "sh", command, "status"));

    assertThat(output.code()).as(output.err()).isZero();
    assertThat(output.out()).contains("target/slipway.jar").endsWith("status\n");
  }

  @Test
  void what_the_build_trained_is_run_with_its_cache_and_its_jars_in_their_order() throws Exception {
    slipway(temporary, Map.of());
    Path target = checkout.toRealPath().resolve("target");
    Path app = Files.createDirectories(target.resolve("app"));
    Files.writeString(app.resolve("seal"), "");
    Files.writeString(app.resolve("class-path"), "classpath/slipway.jar libs/z.jar libs/a.jar\n");
    script(target.resolve("runtime/bin/java"), "printf '%s\\n' \"$LC_ALL\" \"$@\"");

    Output output = slipway(temporary, Map.of(), "show", "a b");

    assertThat(output.out().lines())
        .containsExactly(
            "C.UTF-8",
            "-XX:AOTCache=" + app.resolve("app.aot"),
            "@" + app.resolve("jvm-options"),
            "-cp",
            "%1$s/classpath/slipway.jar:%1$s/libs/z.jar:%1$s/libs/a.jar".formatted(app),
            "dev.slipway.Main",
            "show",
            "a b");
  }

  @Test
  void a_build_leaves_no_cache_of_the_one_before() throws Exception {
    Path stale = Files.createDirectories(checkout.resolve("target/app")).resolve("app.aot");
    Files.writeString(stale, "");

    Output output = slipway(temporary, Map.of("EXIT_CODE", "1"));

    assertThat(stale).doesNotExist();
    assertThat(output.err()).contains("no start-up cache could be made");
  }

  @Test
  void the_process_and_the_exit_code_are_the_jvms() throws Exception {
    Process process =
        start(temporary, Map.of("EXIT_CODE", "7"), checkout.resolve("scripts/slipway").toString());

    Output output = finish(process);

    assertThat(output.code()).isEqualTo(7);
    assertThat(output.out()).startsWith("pid " + process.pid() + " ");
  }

  @Test
  void a_build_that_fails_runs_nothing() throws Exception {
    script(maven, "exit 1");

    Output output = slipway(temporary, Map.of());

    assertThat(output.code()).isNotZero();
    assertThat(output.out()).isEmpty();
  }

  @Test
  void java_home_passes_over_an_older_jdk() throws Exception {
    Path old = makeJdk("jdk-17", "17.0.15");

    Output output =
        finish(
            start(
                temporary,
                Map.of("JAVA_HOME", old.toString(), "JAVA_HOME_25_X64", jdk.toString()),
                checkout.resolve("scripts/java-home").toString()));

    assertThat(output.out()).isEqualTo(jdk + "\n");
  }

  @Test
  void java_home_looks_in_the_folder_of_sdkman() throws Exception {
    Path old = makeJdk("jdk-17", "17.0.15");
    Path managed = makeJdk(".sdkman/candidates/java/25.0.1-tem", "25.0.1");
    withoutSystemFolders();

    Output output =
        finish(
            start(
                temporary,
                Map.of("JAVA_HOME", old.toString(), "PATH", "/usr/bin:/bin"),
                checkout.resolve("scripts/java-home").toString()));

    assertThat(output.out()).isEqualTo(managed + "\n");
  }

  @Test
  void java_home_says_in_one_line_what_to_install() throws Exception {
    Path old = makeJdk("jdk-17", "17.0.15");
    withoutSystemFolders();

    Output output =
        finish(
            start(
                temporary,
                Map.of("JAVA_HOME", old.toString(), "PATH", "/usr/bin:/bin"),
                checkout.resolve("scripts/java-home").toString()));

    assertThat(output.code()).isEqualTo(3);
    assertThat(output.out()).isEmpty();
    assertThat(output.err()).hasLineCount(1).contains("install one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "resynch", "migrate resync"})
  void demo_says_what_topics_there_are(String arguments) throws Exception {
    Output output = finish(start(checkout, Map.of(), "sh", "-c", "scripts/demo " + arguments));

    assertThat(output.code()).isEqualTo(2);
    assertThat(output.out()).isEmpty();
    assertThat(output.err())
        .startsWith("Usage: scripts/demo [TOPIC]\n")
        .contains("\n  migrate  ", "\n  resync   ")
        .doesNotContain("set -eu");
    assertThat(builds()).isEmpty();
  }

  @Test
  void who_cannot_install_docker_reads_in_one_line_how_to() throws Exception {
    script(maven.resolveSibling("docker"), "exit 1");
    script(maven.resolveSibling("id"), "[ $1 = -un ] && echo joe || echo 1000");

    Output output = finish(start(checkout, Map.of(), "sh", "-c", ". scripts/docker"));

    assertThat(output.code()).isEqualTo(3);
    assertThat(output.err())
        .hasLineCount(1)
        .startsWith("slipway: no Docker answers; please start it, or install it: ")
        .endsWith(" && sudo usermod -aG docker joe\n");
  }

  @Test
  void without_a_registry_testcontainers_goes_without_its_own_image() throws Exception {
    script(
        maven.resolveSibling("docker"),
        "case $1 in pull) exit 1 ;; context) echo unix:///there.sock ;; esac");

    Output output =
        finish(
            start(
                checkout,
                Map.of(),
                "sh",
                "-c",
                ". scripts/docker && echo $DOCKER_HOST $TESTCONTAINERS_RYUK_DISABLED"));

    assertThat(output.out()).isEqualTo("unix:///there.sock true\n");
    assertThat(output.err()).contains("no registry is in reach");
  }

  /// As on a machine that has no JDK in the usual folders.
  private void withoutSystemFolders() throws IOException {
    Path script = checkout.resolve("scripts/java-home");
    Files.writeString(
        script,
        Files.readString(script)
            .replace("/usr/lib/jvm", "/nowhere")
            .replace("/opt/java", "/nowhere"));
  }
}
