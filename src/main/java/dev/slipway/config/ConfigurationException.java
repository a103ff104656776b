package dev.slipway.config;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The configuration is wrong; it tells all problems at once, and no secret.
public final class ConfigurationException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigurationProblem> problems;

  public ConfigurationException(List<ConfigurationProblem> problems) {
    super(
        FailureKind.CONFIGURATION,
        message(problems),
        detail(problems),
        hint(problems),
        TargetState.UNCHANGED,
        null);
    this.problems = List.copyOf(problems);
  }

  public List<ConfigurationProblem> problems() {
    return problems;
  }

  private static String message(List<ConfigurationProblem> problems) {
    return problems.size() == 1
        ? problems.getFirst().message()
        : problems.size() + " problems in the configuration";
  }

  private static String detail(List<ConfigurationProblem> problems) {
    if (problems.size() == 1) {
      return "It comes from " + problems.getFirst().source() + ".";
    }
    Set<String> lines = new LinkedHashSet<>();
    for (ConfigurationProblem problem : problems) {
      lines.add(problem.source() + ": " + problem.message());
    }
    return String.join("\n", lines);
  }

  private static String hint(List<ConfigurationProblem> problems) {
    Set<String> hints = new LinkedHashSet<>();
    for (ConfigurationProblem problem : problems) {
      hints.add(problem.hint());
    }
    return String.join("\n", hints);
  }
}
