package dev.slipway.config;

import java.time.Duration;
import java.util.Optional;

/// Durations as people write them: `500ms`, `5s`, `2min`, `1h`, `0`, or .NET's `hh:mm:ss` and
/// `d.hh:mm:ss`, with a fraction of a second if need be. A number without a unit says nothing (.NET
/// would take it for days), and PostgreSQL's settings hold no more than 24 days.
public final class DurationText {
  /// The forms, to be told to whoever wrote another.
  public static final String FORMS = "500ms, 5s, 2min, 1h, hh:mm:ss, d.hh:mm:ss or 0";

  private static final long MAX_MILLISECONDS = Integer.MAX_VALUE;

  private DurationText() {}

  /// What the text means; empty if it has none of the forms, or more than 24 days.
  public static Optional<Duration> parse(String text) {
    String trimmed = text.strip();
    long milliseconds =
        trimmed.indexOf(':') >= 0 ? timeSpanMilliseconds(trimmed) : unitMilliseconds(trimmed);
    return milliseconds < 0 || milliseconds > MAX_MILLISECONDS
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(milliseconds));
  }

  private static long unitMilliseconds(String text) {
    int end = 0;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    long number = number(text, 0, end);
    if (number < 0) {
      return -1;
    }
    return switch (text.substring(end)) {
      case "ms" -> number;
      case "s" -> number * 1_000;
      case "min" -> number * 60_000;
      case "h" -> number * 3_600_000;
      case "" -> number == 0 ? 0 : -1;
      default -> -1;
    };
  }

  /// `[d.]hh:mm:ss[.fffffff]`; a fraction is rounded up to a millisecond, so that it never becomes
  /// 0, which means something else.
  private static long timeSpanMilliseconds(String text) {
    int minutesColon = text.indexOf(':');
    int secondsColon = text.indexOf(':', minutesColon + 1);
    if (secondsColon < 0) {
      return -1;
    }
    int dayDot = text.lastIndexOf('.', minutesColon);
    int fractionDot = text.indexOf('.', secondsColon);
    long days = dayDot < 0 ? 0 : number(text, 0, dayDot);
    long hours = bounded(number(text, dayDot + 1, minutesColon), 23);
    long minutes = bounded(number(text, minutesColon + 1, secondsColon), 59);
    long seconds =
        bounded(number(text, secondsColon + 1, fractionDot < 0 ? text.length() : fractionDot), 59);
    long fraction = fractionDot < 0 ? 0 : fractionMilliseconds(text, fractionDot + 1);
    if (days < 0 || hours < 0 || minutes < 0 || seconds < 0 || fraction < 0) {
      return -1;
    }
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000 + fraction;
  }

  private static long fractionMilliseconds(String text, int start) {
    int digits = text.length() - start;
    long number = digits > 7 ? -1 : number(text, start, text.length());
    if (number < 0) {
      return -1;
    }
    for (int i = digits; i < 7; i++) {
      number *= 10;
    }
    return (number + 9_999) / 10_000;
  }

  private static long bounded(long number, long max) {
    return number > max ? -1 : number;
  }

  /// The number that is written there, -1 if there is none or a longer one than any duration needs.
  private static long number(String text, int start, int end) {
    if (end <= start || end - start > 10) {
      return -1;
    }
    long number = 0;
    for (int i = start; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
