package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.failure.FailureKind;
import dev.slipway.migration.DatabaseState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ExitCodesTest {
  /// As DESIGN and README have it; 130 and 143 are one grade.
  private static final List<Integer> GRAVEST_FIRST = List.of(70, 143, 8, 6, 3, 7, 4, 5, 1, 0);

  @Test
  void each_kind_of_failure_has_its_code() {
    Map<String, Integer> codes =
        Stream.of(FailureKind.values())
            .collect(
                Collectors.toMap(FailureKind::id, ExitCodes::of, (one, _) -> one, TreeMap::new));

    assertThat(codes)
        .containsExactlyEntriesOf(
            new TreeMap<>(
                Map.of(
                    "usage", 2,
                    "configuration", 3,
                    "connection", 4,
                    "locked", 5,
                    "conflict", 6,
                    "failed", 7,
                    "partially-applied", 8,
                    "interrupted", 143,
                    "bug", 70)));
  }

  @Test
  void each_state_has_its_answer() {
    Map<String, Integer> codes =
        Stream.of(DatabaseState.values())
            .collect(
                Collectors.toMap(DatabaseState::id, ExitCodes::of, (one, _) -> one, TreeMap::new));

    assertThat(codes)
        .containsExactlyEntriesOf(
            new TreeMap<>(
                Map.of(
                    "up-to-date", 0,
                    "ahead", 0,
                    "empty", 1,
                    "pending", 1,
                    "conflict", 6,
                    "partially-applied", 8)));
  }

  @Test
  void the_gravest_of_two_is_the_same_in_either_order() {
    Comparator<Integer> graver = Comparator.comparingInt(GRAVEST_FIRST::indexOf);
    for (int one : GRAVEST_FIRST) {
      for (int other : GRAVEST_FIRST) {
        int gravest = graver.compare(one, other) <= 0 ? one : other;

        assertThat(ExitCodes.gravest(one, other)).as(one + ", " + other).isEqualTo(gravest);
      }
    }
  }
}
