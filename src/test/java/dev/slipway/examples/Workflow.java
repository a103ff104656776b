package dev.slipway.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.slipway.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A workflow of GitHub Actions, run as far as its steps have commands.
///
/// @param expressions the value of each expression that is in use
record Workflow(JsonNode root, Map<String, String> expressions) {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*(.*?)\\s*}}");

  Workflow {
    expressions = Map.copyOf(expressions);
  }

  static Workflow read(Path file, Map<String, String> expressions) throws IOException {
    return new Workflow(new YAMLMapper().readTree(file.toFile()), expressions);
  }

  JsonNode job(String name) {
    return root.get("jobs").get(name);
  }

  /// Runs the steps of a job that have commands, up to the first that fails.
  ///
  /// @param variables what is to stand in the environment instead of the workflow's own
  List<Program.Result> run(String job, Shell shell, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<Program.Result> results = new ArrayList<>();
    for (JsonNode step : job(job).get("steps")) {
      if (step.has("run") && results.stream().allMatch(result -> result.code() == 0)) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode place : List.of(root, job(job), step)) {
          add(place.path("env"), environment);
        }
        environment.putAll(variables);
        results.add(shell.run(value(step.get("run").asText()), environment));
      }
    }
    return results;
  }

  private void add(JsonNode variables, Map<String, String> environment) {
    variables
        .properties()
        .forEach(
            variable -> environment.put(variable.getKey(), value(variable.getValue().asText())));
  }

  private String value(String text) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(valueOf(found.group(1))));
  }

  private String valueOf(String expression) {
    String value = expressions.get(expression);
    if (value == null) {
      throw new IllegalStateException("no value is given for the expression " + expression);
    }
    return value;
  }
}
