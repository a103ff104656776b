package dev.slipway.examples;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What the API of Kubernetes accepts: the types of its own Java client, which is generated from
/// its OpenAPI document, and those rules of the server behind it that concern our examples.
final class KubernetesApi {
  private static final Map<String, Class<?>> TYPES =
      Map.of("batch/v1 Job", V1Job.class, "apps/v1 Deployment", V1Deployment.class);

  private static final Gson GSON = JSON.getGson();

  private KubernetesApi() {}

  /// Why it would be refused.
  static List<String> problems(Manifest document) {
    List<String> problems = new ArrayList<>(schemaProblems(document));
    if (problems.isEmpty()) {
      podProblems(document, problems);
      switch (document.type()) {
        case "batch/v1 Job" -> jobProblems(document, problems);
        default -> deploymentProblems(document, problems);
      }
    }
    return problems;
  }

  /// The client refuses fields that its OpenAPI document lacks, and the want of those that it
  /// requires. Texts it would make of numbers and the other way round; what comes out again tells.
  private static List<String> schemaProblems(Manifest document) {
    Class<?> type = TYPES.get(document.type());
    if (type == null) {
      return List.of("not among the types that are known here: " + document.type());
    }
    JsonElement given = new Gson().toJsonTree(document.content());
    try {
      JsonElement understood = GSON.toJsonTree(GSON.fromJson(given, type));
      List<String> problems = new ArrayList<>();
      compare("", given, understood, problems);
      return problems;
    } catch (JsonParseException | IllegalArgumentException | IllegalStateException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /// What it understood has empty lists and maps more, and else nothing.
  private static void compare(
      String place, JsonElement given, JsonElement understood, List<String> problems) {
    if (given.isJsonObject() && understood.isJsonObject()) {
      for (Map.Entry<String, JsonElement> entry : given.getAsJsonObject().entrySet()) {
        JsonElement other = understood.getAsJsonObject().get(entry.getKey());
        compare(
            place + "." + entry.getKey(),
            entry.getValue(),
            other == null ? JsonNull.INSTANCE : other,
            problems);
      }
    } else if (given.isJsonArray()
        && understood.isJsonArray()
        && given.getAsJsonArray().size() == understood.getAsJsonArray().size()) {
      for (int i = 0; i < given.getAsJsonArray().size(); i++) {
        compare(
            place + "." + i,
            given.getAsJsonArray().get(i),
            understood.getAsJsonArray().get(i),
            problems);
      }
    } else if (!given.equals(understood)) {
      problems.add("%s: %s is understood as %s".formatted(place, given, understood));
    }
  }

  private static void podProblems(Manifest document, List<String> problems) {
    if (document
        .find("metadata", "name")
        .or(() -> document.find("metadata", "generateName"))
        .isEmpty()) {
      problems.add("it has no name");
    }
    Set<String> names = new HashSet<>();
    List<String> volumes =
        document.pod().list("volumes").stream().map(volume -> volume.text("name")).toList();
    document
        .containers()
        .forEach(
            container -> {
              if (!names.add(container.text("name"))) {
                problems.add("two containers are called " + container.text("name"));
              }
              for (Manifest mount : container.list("volumeMounts")) {
                if (!volumes.contains(mount.text("name"))) {
                  problems.add("there is no volume " + mount.text("name"));
                }
              }
            });
  }

  private static void jobProblems(Manifest job, List<String> problems) {
    String restart = job.pod().text("restartPolicy");
    if (!restart.equals("Never")) {
      problems.add("podFailurePolicy needs restartPolicy Never, not " + restart);
    }
    Set<String> containers =
        job.containers().map(container -> container.text("name")).collect(Collectors.toSet());
    for (PodFailurePolicy.Rule rule : PodFailurePolicy.of(job).rules()) {
      if (rule instanceof PodFailurePolicy.Rule.OnExitCodes codes) {
        if (codes.values().contains(0)) {
          problems.add("0 is no exit code of a failure");
        }
        if (!codes.container().map(containers::contains).orElse(true)) {
          problems.add("there is no container " + codes.container());
        }
      }
    }
    for (Manifest rule : job.get("spec", "podFailurePolicy").list("rules")) {
      List<Integer> values =
          rule.find("onExitCodes").map(codes -> codes.texts("values")).orElse(List.of()).stream()
              .map(Integer::valueOf)
              .toList();
      if (!values.equals(values.stream().sorted().distinct().toList())) {
        problems.add("exit codes are in order, and each is there once: " + values);
      }
    }
  }

  private static void deploymentProblems(Manifest deployment, List<String> problems) {
    List<String> labels = deployment.get("spec", "template", "metadata").keys("labels");
    for (String key : deployment.get("spec", "selector").keys("matchLabels")) {
      String wanted = deployment.text("spec", "selector", "matchLabels", key);
      if (!labels.contains(key)
          || !deployment.text("spec", "template", "metadata", "labels", key).equals(wanted)) {
        problems.add("its pods are not those that it selects: " + key);
      }
    }
  }
}
