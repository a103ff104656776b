package dev.slipway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.failure.TargetState.HalfApplied;
import dev.slipway.failure.TargetState.RolledBack;
import dev.slipway.failure.TargetState.Unknown;
import org.junit.jupiter.api.Test;

class TargetStateTest {
  @Test
  void what_wrote_nothing_says_so() {
    assertThat(TargetState.UNCHANGED.text()).isEqualTo("nothing was changed");
    assertThat(TargetState.UNDONE.text()).isEqualTo("rolled back, nothing was changed");
    assertThat(new RolledBack(0, 5, "").text()).isEqualTo("rolled back; 0 of 5 applied");
  }

  @Test
  void what_was_applied_before_a_failure_stays() {
    assertThat(new RolledBack(2, 5, "20260102000000_b").text())
        .isEqualTo("rolled back; 2 of 5 applied, 20260102000000_b is the last");
  }

  @Test
  void half_of_a_migration_is_counted_in_statements() {
    assertThat(new HalfApplied("20260102000000_b", 1, 3).text())
        .isEqualTo("20260102000000_b is partially applied: 1 of 3 statements took effect");
  }

  @Test
  void a_lost_answer_is_told_as_what_it_is() {
    assertThat(new Unknown("20260102000000_b").text())
        .isEqualTo(
            "the connection was lost while 20260102000000_b was being committed: it is applied or"
                + " not, whole either way");
  }
}
