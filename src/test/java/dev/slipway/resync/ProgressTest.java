package dev.slipway.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.resync.Progress.Look;
import dev.slipway.resync.Progress.Pace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgressTest {
  private static final Instant FIRST = Instant.parse("2024-04-02T10:00:00.9Z");
  private static final Instant LAST = Instant.parse("2024-04-02T14:02:11.5Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  /// What a look shows that comes a while after one that showed so much.
  private static Progress after(Duration since, String before, String done, String total) {
    return Progress.of(
        number(done),
        number(total),
        LAST.plus(since),
        Optional.of(new Look(number(before), FIRST, LAST)));
  }

  @Test
  void the_first_look_shows_what_is_done() {
    Progress progress = Progress.of(number("1840023"), number("9000000"), LAST, Optional.empty());

    assertThat(progress)
        .isEqualTo(new Progress(number("1840023"), number("9000000"), Optional.empty()));
    assertThat(progress.text()).isEqualTo("1840023 of 9000000 (20 %)");
  }

  @Test
  void the_second_shows_the_rate_since_the_first_and_the_end() {
    Progress progress = after(HOUR, "716823", "1840023", "9000000");

    assertThat(progress.pace())
        .contains(
            new Pace(
                number("312"),
                LAST,
                // 7159977 left at 312 per second.
                Optional.of(LAST.plus(HOUR).plusSeconds(22_949))));
    assertThat(progress.text())
        .isEqualTo(
            "1840023 of 9000000 (20 %), 312 per second since 2024-04-02 14:02:11 UTC,"
                + " done about 2024-04-02 21:24 UTC");
  }

  @Test
  void what_is_the_same_stands_still_since_it_was_first_seen() {
    Progress progress = after(HOUR, "5.0", "5", "9");

    assertThat(progress.pace()).contains(new Pace(BigDecimal.ZERO, FIRST, Optional.empty()));
    assertThat(progress.text())
        .isEqualTo("5 of 9 (55 %), stands still since 2024-04-02 10:00:00 UTC");
  }

  @Test
  void what_went_back_has_no_pace() {
    assertThat(after(HOUR, "6", "5", "9").text()).isEqualTo("5 of 9 (55 %)");
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "-3600"})
  void a_clock_that_stood_or_was_put_back_gives_no_pace(long seconds) {
    assertThat(after(Duration.ofSeconds(seconds), "4", "5", "9").pace()).isEmpty();
    assertThat(after(Duration.ofSeconds(seconds), "5", "5", "9").pace()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"9, 9 of 9", "9.0, 9 of 9", "12, 12 of 9"})
  void it_is_complete_with_the_target(String done, String text) {
    Progress progress = after(HOUR, "4", done, "9");

    assertThat(progress.isComplete()).isTrue();
    assertThat(progress.pace()).isEmpty();
    assertThat(progress.text()).isEqualTo(text + ", complete");
  }

  /// 100 % is said of nothing that is not complete.
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "19999, 1", "999999, 99"})
  void percent_are_rounded_down(String done, String percent) {
    assertThat(Progress.of(number(done), number("1000000"), LAST, Optional.empty()).text())
        .isEqualTo(done + " of 1000000 (" + percent + " %)");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3600, 0.000278",
    "10, 3, 3.33",
    "200, 2.5, 80",
    "1000, 3, 333",
    "123456, 1, 123456",
    "9.9E8, 1, 990000000"
  })
  void a_rate_has_three_digits_or_all_before_the_point(
      String moved, BigDecimal seconds, String rate) {
    Duration time = Duration.ofNanos(seconds.movePointRight(9).longValueExact());

    assertThat(after(time, "0", moved, "1E20").pace().orElseThrow().perSecond())
        .isEqualTo(number(rate));
  }

  @Test
  void an_end_in_centuries_is_none() {
    assertThat(after(HOUR, "0", "1", "9E29").text())
        .isEqualTo(
            "1 of 900000000000000000000000000000 (0 %),"
                + " 0.000278 per second since 2024-04-02 14:02:11 UTC");
  }

  @Test
  void fractions_are_shown_with_three_decimals_and_never_as_more_than_they_are() {
    assertThat(after(HOUR, "0.5", "1.99999", "2.50").text())
        .startsWith("1.999 of 2.5 (79 %), 0.000417 per second");
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "1, 0", "1, -5"})
  void what_cannot_be_is_refused(String done, String total) {
    assertThatThrownBy(() -> new Progress(number(done), number(total), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
