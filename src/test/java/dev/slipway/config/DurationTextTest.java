package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationTextTest {

  @Test
  void a_number_with_a_unit_is_a_duration() {
    assertThat(DurationText.parse("500ms")).contains(Duration.ofMillis(500));
    assertThat(DurationText.parse("5s")).contains(Duration.ofSeconds(5));
    assertThat(DurationText.parse("2min")).contains(Duration.ofMinutes(2));
    assertThat(DurationText.parse(" 1h ")).contains(Duration.ofHours(1));
    assertThat(DurationText.parse("0")).contains(Duration.ZERO);
  }

  @Test
  void a_time_span_of_NET_is_a_duration() {
    assertThat(DurationText.parse("00:00:05")).contains(Duration.ofSeconds(5));
    assertThat(DurationText.parse("1:02:03")).contains(Duration.ofSeconds(3_723));
    assertThat(DurationText.parse("2.03:00:00")).contains(Duration.ofHours(51));
    assertThat(DurationText.parse("00:00:00.5000000")).contains(Duration.ofMillis(500));
    assertThat(DurationText.parse("1.00:00:00.25")).contains(Duration.ofMillis(86_400_250));
  }

  @Test
  void a_fraction_of_a_millisecond_is_not_zero() {
    assertThat(DurationText.parse("00:00:00.0000001")).contains(Duration.ofMillis(1));
  }

  @Test
  void everything_else_is_not() {
    for (String text :
        List.of(
            "",
            " ",
            "5",
            "-5s",
            "+5s",
            "5 s",
            "5S",
            "1.5s",
            "5sec",
            "1d",
            "s",
            "1:2",
            "::",
            "24:00:00",
            "00:60:00",
            "00:00:60",
            "00:00:00.",
            "00:00:00.12345678",
            ".00:00:01",
            "1:2:3:4",
            "-00:00:01",
            "25.00:00:00",
            "٥s",
            "99999999999999999999s",
            "2147483648ms",
            "597h",
            "1.2.03:04:05")) {
      assertThat(DurationText.parse(text)).as(text).isEmpty();
    }
  }
}
