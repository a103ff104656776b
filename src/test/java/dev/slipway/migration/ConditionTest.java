package dev.slipway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Condition.All;
import dev.slipway.migration.Condition.Any;
import dev.slipway.migration.Condition.Holds;
import dev.slipway.migration.Condition.Known;
import dev.slipway.migration.Condition.Not;
import dev.slipway.migration.Condition.Recorded;
import dev.slipway.migration.Precondition.Otherwise;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private static final Condition ONE = new Holds("true", "table \"one\" exists");
  private static final Condition TWO = new Known(true, "the database is PostgreSQL");
  private static final Condition THREE = new Recorded(new MigrationId("20240101000000_Three"));

  @Test
  void its_text_is_a_clause() {
    assertThat(new All(List.of(ONE, new Any(List.of(TWO, THREE)), new Not(ONE))).text())
        .isEqualTo(
            "table \"one\" exists"
                + " and (the database is PostgreSQL or migration \"20240101000000_Three\" is recorded)"
                + " and not (table \"one\" exists)");
  }

  @Test
  void one_alone_needs_no_parentheses() {
    assertThat(new All(List.of(new Any(List.of(ONE)))).text()).isEqualTo("table \"one\" exists");
  }

  @Test
  void none_is_said_so() {
    assertThat(new All(List.of()).text()).isEqualTo("nothing is asked");
    assertThat(new Any(List.of()).text()).isEqualTo("one of none holds");
  }

  @Test
  void what_authors_write_over_several_lines_becomes_one() {
    var precondition =
        new Precondition(
            new Origin("a.xml", 1),
            ONE,
            Otherwise.HALT,
            Otherwise.HALT,
            " run\n  it\r\n",
            "\tor\nnot");

    assertThat(new Holds("true", "the query\n\tSELECT 1 gives 1\n").text())
        .isEqualTo("the query SELECT 1 gives 1");
    assertThat(new Known(true, "a\nb").text()).isEqualTo("a b");
    assertThat(precondition.failMessage()).isEqualTo("run it");
    assertThat(precondition.errorMessage()).isEqualTo("or not");
  }
}
