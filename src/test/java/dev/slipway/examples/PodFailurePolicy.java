package dev.slipway.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A Job's `podFailurePolicy`, and what Kubernetes does by it about a pod that failed: the first
/// rule that matches decides; where none does, the failure counts towards `backoffLimit`.
///
/// @param rules in their order
public record PodFailurePolicy(List<Rule> rules) {
  /// The condition of a pod that was preempted or evicted, or whose node was drained.
  public static final String DISRUPTION_TARGET = "DisruptionTarget";

  public PodFailurePolicy {
    rules = List.copyOf(rules);
  }

  /// What becomes of the Job.
  public enum Action {
    /// The Job fails at once, and what still runs of it is ended.
    FAIL_JOB("FailJob"),
    /// A new pod, as often as it takes.
    IGNORE("Ignore"),
    /// A new pod, unless `backoffLimit` is reached.
    COUNT("Count");

    private final String name;

    Action(String name) {
      this.name = name;
    }

    /// Whether there will be another try.
    public boolean isRetried() {
      return this != FAIL_JOB;
    }

    private static Action named(String name) {
      for (Action action : values()) {
        if (action.name.equals(name)) {
          return action;
        }
      }
      throw new IllegalArgumentException("no action of a rule: " + name);
    }
  }

  /// When to do what.
  public sealed interface Rule {
    /// By the exit code of a container that failed.
    ///
    /// @param container the only one that counts; each, if it is empty
    /// @param operator how the code is compared with the values
    record OnExitCodes(
        Action action, Optional<String> container, Operator operator, Set<Integer> values)
        implements Rule {
      public OnExitCodes {
        values = Set.copyOf(values);
      }
    }

    /// By a condition of the pod; one of them is enough.
    ///
    /// @param conditions status by type
    record OnPodConditions(Action action, Map<String, String> conditions) implements Rule {
      public OnPodConditions {
        conditions = Map.copyOf(conditions);
      }
    }

    Action action();
  }

  /// How an exit code is compared.
  public enum Operator {
    IN,
    NOT_IN
  }

  /// How a pod failed.
  ///
  /// @param exitCodes of containers that have ended, by their names
  /// @param conditions their status, `True` or `False`, by type
  public record FailedPod(Map<String, Integer> exitCodes, Map<String, String> conditions) {
    public FailedPod {
      exitCodes = Map.copyOf(exitCodes);
      conditions = Map.copyOf(conditions);
    }
  }

  /// The policy of the only Job in a file.
  public static PodFailurePolicy of(Path file) {
    List<Manifest> jobs =
        Manifest.in(file).stream()
            .filter(document -> document.type().equals("batch/v1 Job"))
            .toList();
    if (jobs.size() != 1) {
      throw new IllegalArgumentException("%d Jobs in %s".formatted(jobs.size(), file));
    }
    return of(jobs.getFirst());
  }

  static PodFailurePolicy of(Manifest job) {
    List<Rule> rules = new ArrayList<>();
    for (Manifest rule : job.get("spec", "podFailurePolicy").list("rules")) {
      Action action = Action.named(rule.text("action"));
      rules.add(
          rule.find("onExitCodes").isPresent()
              ? onExitCodes(action, rule.get("onExitCodes"))
              : onPodConditions(action, rule));
    }
    return new PodFailurePolicy(rules);
  }

  private static Rule onExitCodes(Action action, Manifest requirement) {
    Set<Integer> values =
        requirement.texts("values").stream().map(Integer::valueOf).collect(Collectors.toSet());
    return new Rule.OnExitCodes(
        action,
        requirement.find("containerName").map(name -> String.valueOf(name.content())),
        operator(requirement.text("operator")),
        values);
  }

  private static Operator operator(String name) {
    return switch (name) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      default -> throw new IllegalArgumentException("no operator of exit codes: " + name);
    };
  }

  private static Rule onPodConditions(Action action, Manifest rule) {
    Map<String, String> conditions =
        rule.list("onPodConditions").stream()
            .collect(
                Collectors.toMap(
                    condition -> condition.text("type"),
                    condition ->
                        condition
                            .find("status")
                            .map(status -> String.valueOf(status.content()))
                            .orElse("True")));
    return new Rule.OnPodConditions(action, conditions);
  }

  /// What happens when the container `slipway`, the only one of its pod, ends so.
  ///
  /// @param exitCode not 0: such a pod has not failed
  public Action actionFor(int exitCode) {
    return actionFor(new FailedPod(Map.of("slipway", exitCode), Map.of()));
  }

  /// The same where the pod was ended by a disruption: a drained node, a preemption, an eviction.
  public Action actionForDisrupted(int exitCode) {
    return actionFor(new FailedPod(Map.of("slipway", exitCode), Map.of(DISRUPTION_TARGET, "True")));
  }

  public Action actionFor(FailedPod pod) {
    return rules.stream()
        .filter(rule -> matches(rule, pod))
        .findFirst()
        .map(Rule::action)
        .orElse(Action.COUNT);
  }

  private static boolean matches(Rule rule, FailedPod pod) {
    return switch (rule) {
      case Rule.OnExitCodes codes ->
          pod.exitCodes().entrySet().stream()
              .filter(ended -> codes.container().map(ended.getKey()::equals).orElse(true))
              .anyMatch(ended -> matches(codes, ended.getValue()));
      case Rule.OnPodConditions(_, Map<String, String> conditions) ->
          conditions.entrySet().stream()
              .anyMatch(wanted -> wanted.getValue().equals(pod.conditions().get(wanted.getKey())));
    };
  }

  /// A container that ended with 0 never matches, not even `NotIn`.
  private static boolean matches(Rule.OnExitCodes rule, int code) {
    boolean isAmong = rule.values().contains(code);
    return code != 0
        && switch (rule.operator()) {
          case IN -> isAmong;
          case NOT_IN -> !isAmong;
        };
  }
}
