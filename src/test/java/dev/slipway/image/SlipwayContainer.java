package dev.slipway.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.slipway.Program;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.output.WaitingConsumer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerStatus;

/// The product's image, run as an operator runs it: with what `docker run` can say, to its end.
public final class SlipwayContainer extends GenericContainer<SlipwayContainer> {
  private static final int LONGEST_MINUTES = 3;

  public SlipwayContainer(Future<String> image, Network network) {
    super(image);
    withNetwork(network);
    withStartupCheckStrategy(new Begun());
  }

  /// It may have ended already, with any exit code.
  private static final class Begun extends StartupCheckStrategy {
    @Override
    public StartupStatus checkStartupState(DockerClient docker, String id) {
      var state = docker.inspectContainerCmd(id).exec().getState();
      return DockerStatus.isDockerTimestampNonEmpty(state.getStartedAt())
          ? StartupStatus.SUCCESSFUL
          : StartupStatus.NOT_YET_KNOWN;
    }
  }

  /// With a file of plain SQL in the image's changelog.
  public SlipwayContainer migration(String id, String sql) {
    return withCopyToContainer(Transferable.of(sql), "/changelog/" + id + ".sql");
  }

  /// With a folder of this machine as the image's changelog, read-only.
  SlipwayContainer mount(Path changelog) {
    return mount(changelog, "/changelog");
  }

  /// With a file or folder of this machine at this place, read-only.
  SlipwayContainer mount(Path path, String place) {
    // GenericContainer's own way looks first whether it works, with an image of a registry.
    var bind = new Bind(path.toAbsolutePath().toString(), new Volume(place), AccessMode.ro);
    return host(host -> host.withBinds(bind));
  }

  /// With what `docker run` can say of the host.
  SlipwayContainer host(Consumer<HostConfig> settings) {
    return withCreateContainerCmdModifier(command -> settings.accept(command.getHostConfig()));
  }

  SlipwayContainer user(String user) {
    return withCreateContainerCmdModifier(command -> command.withUser(user));
  }

  public SlipwayContainer begin() {
    start();
    return this;
  }

  public Program.Result run(String... arguments) {
    return withCommand(arguments).begin().end();
  }

  /// Does as `docker stop`: sends SIGTERM and, ten seconds later, SIGKILL.
  public SlipwayContainer terminate() {
    dockerClient.stopContainerCmd(getContainerId()).exec();
    return this;
  }

  /// Sends SIGKILL.
  SlipwayContainer kill() {
    return kill("KILL");
  }

  /// Sends a signal.
  public SlipwayContainer kill(String signal) {
    dockerClient.killContainerCmd(getContainerId()).withSignal(signal).exec();
    return this;
  }

  /// Waits until its log holds this.
  public SlipwayContainer logs(String text) {
    var consumer = new WaitingConsumer();
    followOutput(consumer);
    try {
      consumer.waitUntil(
          frame -> frame.getUtf8String().contains(text), LONGEST_MINUTES, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      throw new AssertionError("no log of it holds: " + text, e);
    }
    return this;
  }

  /// Waits for it to end, and removes it.
  ///
  /// @return its exit code, and what `docker logs` prints
  public Program.Result end() {
    int code =
        dockerClient
            .waitContainerCmd(getContainerId())
            .start()
            .awaitStatusCode(LONGEST_MINUTES, TimeUnit.MINUTES);
    var result = new Program.Result(code, getLogs(OutputType.STDOUT), getLogs(OutputType.STDERR));
    stop();
    return result;
  }
}
