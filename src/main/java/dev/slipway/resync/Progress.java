package dev.slipway.resync;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// How far an application has come with reading its stream anew, as its changelog's author counts.
///
/// @param done never negative
/// @param total more than 0
/// @param pace how fast; empty if it is not known, and if nothing is left to do
public record Progress(BigDecimal done, BigDecimal total, Optional<Pace> pace) {
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);
  private static final BigDecimal MICROS_OF_SECOND = BigDecimal.valueOf(1_000_000);
  private static final Duration FORESEEABLE = Duration.ofDays(36_500);
  private static final int DECIMALS = 3;
  private static final DateTimeFormatter SECOND = format("uuuu-MM-dd HH:mm:ss 'UTC'");
  private static final DateTimeFormatter MINUTE = format("uuuu-MM-dd HH:mm 'UTC'");

  /// The last look at it.
  ///
  /// @param since when the figure was first seen to be this
  /// @param at when it was last seen
  public record Look(BigDecimal done, Instant since, Instant at) {}

  /// How fast it goes.
  ///
  /// @param perSecond 0 if it stands still
  /// @param since the time that this is measured over begins here, and ends with the look
  /// @param expectedEnd if it goes on like that; empty if it stands still, or for ages
  public record Pace(BigDecimal perSecond, Instant since, Optional<Instant> expectedEnd) {}

  public Progress {
    if (done.signum() < 0 || total.signum() <= 0) {
      throw new IllegalArgumentException("no progress: %s of %s".formatted(done, total));
    }
    done = plain(done);
    total = plain(total);
  }

  /// What a look tells. All times are the server's; its clock may have been put back, and then
  /// nothing is known of the pace, as where the figure went back.
  ///
  /// @param at when it was looked
  static Progress of(BigDecimal done, BigDecimal total, Instant at, Optional<Look> last) {
    return new Progress(
        done,
        total,
        last.filter(_ -> done.compareTo(total) < 0).flatMap(look -> pace(done, total, at, look)));
  }

  private static Optional<Pace> pace(BigDecimal done, BigDecimal total, Instant at, Look last) {
    BigDecimal moved = done.subtract(last.done());
    long micros = ChronoUnit.MICROS.between(last.at(), at);
    if (micros <= 0 || moved.signum() < 0) {
      return Optional.empty();
    }
    if (moved.signum() == 0) {
      return Optional.of(new Pace(BigDecimal.ZERO, last.since(), Optional.empty()));
    }
    BigDecimal time = BigDecimal.valueOf(micros).divide(MICROS_OF_SECOND);
    BigDecimal left = total.subtract(done).multiply(time).divide(moved, 0, RoundingMode.CEILING);
    return Optional.of(
        new Pace(
            shortened(moved.divide(time, MathContext.DECIMAL64)),
            last.at(),
            Optional.of(left)
                .filter(seconds -> seconds.compareTo(seconds(FORESEEABLE)) < 0)
                .map(seconds -> at.plusSeconds(seconds.longValueExact()))));
  }

  private static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toSeconds());
  }

  /// Three digits, and all of a larger number.
  private static BigDecimal shortened(BigDecimal rate) {
    return plain(
        rate.compareTo(PERCENT) < 0
            ? rate.round(new MathContext(3))
            : rate.setScale(0, RoundingMode.HALF_UP));
  }

  /// Without zeros behind the point and without an exponent.
  private static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  public boolean isComplete() {
    return done.compareTo(total) >= 0;
  }

  /// One line for people.
  public String text() {
    if (isComplete()) {
      return "%s of %s, complete".formatted(figure(done), figure(total));
    }
    BigDecimal percent = done.multiply(PERCENT).divide(total, 0, RoundingMode.FLOOR);
    return "%s of %s (%s %%)".formatted(figure(done), figure(total), percent.toPlainString())
        + pace.map(Progress::text).orElse("");
  }

  private static String text(Pace pace) {
    String since = SECOND.format(pace.since());
    if (pace.perSecond().signum() == 0) {
      return ", stands still since " + since;
    }
    return ", %s per second since %s".formatted(pace.perSecond().toPlainString(), since)
        + pace.expectedEnd().map(end -> ", done about " + MINUTE.format(end)).orElse("");
  }

  private static String figure(BigDecimal number) {
    return number.scale() > DECIMALS
        ? plain(number.setScale(DECIMALS, RoundingMode.FLOOR)).toPlainString()
        : number.toPlainString();
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
