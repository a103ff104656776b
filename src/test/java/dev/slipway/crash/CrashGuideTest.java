package dev.slipway.crash;

import dev.slipway.testing.MarkdownTables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// docs/crash-safety.md shows the matrix that [CrashMatrixTest] runs.
final class CrashGuideTest {
  @Test
  void the_tables_of_the_guide_are_the_matrices_of_the_test() {
    Path anywhere = Path.of("");
    MarkdownTables.check(
        Path.of("docs/crash-safety.md"),
        Map.of(
            "matrix", matrix(new ProgramSubject(anywhere)),
            "script", matrix(new ScriptSubject(anywhere))));
  }

  private static String matrix(Subject subject) {
    List<CrashPoint> points = subject.points();
    List<String> head = new ArrayList<>(List.of("fail point"));
    for (Fault fault : Fault.values()) {
      head.add(fault.title());
    }
    List<List<String>> rows = new ArrayList<>();
    for (CrashPoint point : points) {
      List<String> row = new ArrayList<>(List.of(point.name()));
      row.addAll(Collections.nCopies(Fault.values().length, "equal"));
      rows.add(row);
    }
    return "%d fail points × %d faults: %d cells, each equal after one more run.\n\n"
            .formatted(points.size(), Fault.values().length, points.size() * Fault.values().length)
        + MarkdownTables.table(head, rows);
  }
}
