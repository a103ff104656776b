package dev.slipway.examples;

import dev.slipway.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A shell for the commands of a job, in a checkout, with nothing of this process' environment but
/// what finds programs.
///
/// @param command the shell, as the pipeline's service starts it
/// @param programs a folder that comes before the machine's in PATH
record Shell(List<String> command, Path checkout, Path programs) {
  Shell {
    command = List.copyOf(command);
  }

  /// GitHub's, where a step names none.
  static Shell ofGitHub(Path checkout) {
    return new Shell(List.of("bash", "-e", "-c"), checkout, checkout);
  }

  static Shell ofGitLab(Path checkout, Path programs) {
    return new Shell(List.of("bash", "-eo", "pipefail", "-c"), checkout, programs);
  }

  Program.Result run(String script, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(command);
    words.add(script);
    var builder = new ProcessBuilder(words).directory(checkout.toFile());
    Map<String, String> environment = builder.environment();
    Map<String, String> machine = new TreeMap<>(environment);
    environment.clear();
    environment.put("PATH", programs + ":" + machine.get("PATH"));
    for (String name : List.of("HOME", "DOCKER_HOST")) {
      if (machine.containsKey(name)) {
        environment.put(name, machine.get(name));
      }
    }
    environment.putAll(variables);
    return Program.finish(builder.start());
  }
}
