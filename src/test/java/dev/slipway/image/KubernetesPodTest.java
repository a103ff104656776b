package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import dev.slipway.Program;
import dev.slipway.cli.ExitCodes;
import dev.slipway.examples.Manifest;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/// The containers of docker/kubernetes, run by Docker as confined as their pods are, with a Secret
/// as the kubelet mounts one. No cluster is needed.
@Tag("image")
final class KubernetesPodTest {
  private static final Path JOB = Path.of("docker/kubernetes/job.yaml");
  private static final Path DEPLOYMENT = Path.of("docker/kubernetes/deployment.yaml");
  private static final Pattern MEBIBYTES = Pattern.compile("(\\d+)Mi");
  private static final String PASSWORD = "secret";

  @TempDir private Path path;

  @Test
  void the_init_container_ends_when_the_job_has_migrated() throws IOException {
    new Folder(path).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);");
    try (var network = Network.newNetwork();
        var images = new TestImages();
        var postgres =
            new PostgresContainer(images.postgres(path.resolve("image")), network, "database")) {
      postgres.start();
      try (var database = TestDatabase.on(postgres.server())) {
        writeSecret(database);
        try (SlipwayContainer waiting = container(DEPLOYMENT, "initContainers", network)) {
          waiting.begin().logs("waiting for");

          Program.Result job = container(JOB, "containers", network).begin().end();

          assertThat(job.code()).as(job.toString()).isEqualTo(ExitCodes.DONE);
          assertThat(job.out()).contains("\"Event\":\"Applied\"");
          Program.Result init = waiting.end();
          assertThat(init.code()).as(init.toString()).isEqualTo(ExitCodes.DONE);
          assertThat(init.out()).startsWith("Shop: there, up-to-date");
          assertThat(database.history()).containsExactly("20240101000000_One");
        }
      }
    }
  }

  /// Each file is a link to one in a folder that a link leads to, so that all change at once.
  private void writeSecret(TestDatabase database) {
    database.execute("ALTER ROLE %s PASSWORD '%s'".formatted(database.owner(), PASSWORD));
    String connection =
        "Host=database;Database=%s;Username=%s;Password=%s"
            .formatted(database.name(), database.owner(), PASSWORD);
    new Folder(path.resolve("secrets"))
        .write("..2026_11_29/ConnectionStrings__Shop", connection)
        .link("..data", "..2026_11_29")
        .link("ConnectionStrings__Shop", "..data/ConnectionStrings__Shop");
  }

  private SlipwayContainer container(Path file, String list, Network network) throws IOException {
    Manifest pod = Manifest.in(file).getFirst().pod();
    Manifest settings = pod.list(list).getFirst();
    var container =
        new SlipwayContainer(TestImages.product(), network)
            .user(
                pod.number("securityContext", "runAsUser")
                    + ":"
                    + pod.number("securityContext", "runAsGroup"))
            .host(
                host ->
                    host.withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withMemory(bytes(settings.text("resources", "limits", "memory")))
                        .withBinds(
                            bind("changelog", "/changelog"),
                            bind(
                                "secrets",
                                settings.list("volumeMounts").getFirst().text("mountPath"))))
            .withCommand(settings.texts("args").toArray(String[]::new));
    settings
        .list("env")
        .forEach(variable -> container.withEnv(variable.text("name"), variable.text("value")));
    return container;
  }

  private Bind bind(String folder, String place) {
    return new Bind(
        path.resolve(folder).toAbsolutePath().toString(), new Volume(place), AccessMode.ro);
  }

  private static long bytes(String memory) {
    Matcher matcher = MEBIBYTES.matcher(memory);
    assertThat(matcher.matches()).as(memory).isTrue();
    return Long.parseLong(matcher.group(1)) << 20;
  }
}
