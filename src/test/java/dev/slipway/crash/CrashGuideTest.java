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
  void the_table_of_the_guide_is_the_matrix_of_the_test() {
    MarkdownTables.check(Path.of("docs/crash-safety.md"), Map.of("matrix", matrix()));
  }

  private static String matrix() {
    List<CrashPoint> points = Release.points();
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
