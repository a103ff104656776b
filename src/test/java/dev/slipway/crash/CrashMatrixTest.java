package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crash.Matrix.Case;
import dev.slipway.crash.Matrix.Outcome;
import dev.slipway.testing.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever breaks, and wherever: one more run, and nothing is lost and nothing there twice.
@Tag("slow")
final class CrashMatrixTest {
  private static final List<Fault> ALWAYS = List.of(Fault.KILL, Fault.TERMINATE);

  @TempDir private Path folder;

  @BeforeEach
  void write_the_changelog() {
    Release.write(folder);
  }

  @Test
  void after_any_crash_one_more_run_gives_what_an_undisturbed_one_gives() throws Exception {
    run("matrix", new ProgramSubject(folder));
  }

  @Test
  void after_any_crash_of_psql_one_more_gives_what_an_undisturbed_one_gives() throws Exception {
    run("script matrix", ScriptSubject.written(folder));
  }

  private void run(String name, Subject subject) throws InterruptedException {
    long seed = Randomness.seed();
    List<Case> cases = cases(subject, seed);

    List<Outcome> outcomes = new Matrix(subject, folder).run(cases);

    System.out.printf(
        "%s: %d cells, %d fired, %d equal (seed %d)%n",
        name,
        outcomes.size(),
        outcomes.stream().filter(outcome -> outcome.missed().isEmpty()).count(),
        outcomes.stream().filter(Outcome::isGood).count(),
        seed);
    assertThat(outcomes).hasSameSizeAs(cases);
    assertThat(outcomes).filteredOn(outcome -> !outcome.isGood()).isEmpty();
  }

  /// All, where there is time; else the commonest faults and one of the others.
  private static List<Case> cases(Subject subject, long seed) {
    Random random = Randomness.of(seed);
    List<Fault> others = new ArrayList<>(List.of(Fault.values()));
    others.removeAll(ALWAYS);
    List<Case> cases = new ArrayList<>();
    for (CrashPoint point : subject.points()) {
      List<Fault> faults = new ArrayList<>(ALWAYS);
      if (Randomness.factor() > 1) {
        faults.addAll(others);
      } else {
        faults.add(others.get(random.nextInt(others.size())));
      }
      faults.forEach(fault -> cases.add(new Case(point, fault)));
    }
    return cases;
  }
}
