package dev.slipway.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What `localhost` is for this process.
public enum Localhost {
  /// The machine, with all that runs on it.
  MACHINE,
  /// The container, with nothing in it but this process.
  CONTAINER;

  /// Names the engine to the processes of a container; Podman sets it, Docker does not (systemd's
  /// Container Interface).
  private static final String ENGINE = "container";

  static Localhost of(Map<String, String> environment) {
    return environment.containsKey("KUBERNETES_SERVICE_HOST")
            || !environment.getOrDefault(ENGINE, "").isEmpty()
        ? CONTAINER
        : MACHINE;
  }

  /// The environment with a variable more where a file tells that this is a container.
  ///
  /// @param root of the file system
  public static Map<String, String> noted(Map<String, String> environment, Path root) {
    boolean isDocker = root.resolve(".dockerenv").toFile().exists();
    if (!isDocker && !root.resolve("run/.containerenv").toFile().exists()) {
      return environment;
    }
    Map<String, String> noted = new HashMap<>(environment);
    noted.putIfAbsent(ENGINE, isDocker ? "docker" : "podman");
    return noted;
  }
}
