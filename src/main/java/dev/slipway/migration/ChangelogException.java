package dev.slipway.migration;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The changelog cannot be used as it is. All problems are listed at once.
public final class ChangelogException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final transient List<ChangelogProblem> problems;

  public ChangelogException(List<ChangelogProblem> problems) {
    super(
        FailureKind.CONFIGURATION,
        message(problems),
        detail(problems),
        hints(problems),
        TargetState.UNCHANGED,
        null);
    this.problems = List.copyOf(problems);
  }

  public ChangelogException(ChangelogProblem problem) {
    this(List.of(problem));
  }

  public List<ChangelogProblem> problems() {
    return problems;
  }

  private static String message(List<ChangelogProblem> problems) {
    return problems.size() == 1
        ? problems.getFirst().message()
        : "the changelog has %d problems".formatted(problems.size());
  }

  private static String detail(List<ChangelogProblem> problems) {
    return problems.size() == 1
        ? problems.getFirst().origin().toString()
        : problems.stream()
            .map(problem -> problem.origin() + ": " + problem.message())
            .collect(Collectors.joining("\n"));
  }

  private static String hints(List<ChangelogProblem> problems) {
    Set<String> distinct = new LinkedHashSet<>();
    problems.forEach(problem -> distinct.add(problem.hint()));
    return String.join("\n", distinct);
  }
}
