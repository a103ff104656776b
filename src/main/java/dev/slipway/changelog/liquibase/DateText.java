package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Literal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Dates and times of a changelog as SQL that is the same on every machine at every time. Liquibase
/// reads and writes them in the time zone of its JVM and by its clock (`ISODateFormat`,
/// `NowAndTodayUtil`).
final class DateText {
  /// What to write instead of a text that is neither.
  static final String EXPECTATION =
      "Write 2001-02-03, 04:05:06, 2001-02-03T04:05:06.789 or 2001-02-03T04:05:06+02:00.";

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d");
  private static final Pattern DATE_TIME =
      Pattern.compile(DATE + "[T ]" + TIME + "(?:\\.\\d{1,9})?");
  private static final Pattern WITH_OFFSET =
      Pattern.compile("(" + DATE + "T" + TIME + ")([+-]\\d\\d:\\d\\d)");

  /// What looks like a date or time, but is read by Liquibase without its offset, by the language
  /// of the machine, or as SQL that no server understands.
  private static final Pattern NEARLY =
      Pattern.compile("\\s*|\\s*\\d+[-:/].*|[A-Za-z]{3} [A-Za-z]{3} \\d.*", Pattern.DOTALL);

  private static final Pattern CLOCK =
      Pattern.compile("(now|today)(?:([+-])(\\d{1,9})([a-z]*))?", Pattern.CASE_INSENSITIVE);
  private static final List<String> UNITS = List.of("years", "days", "hours", "minutes");

  private static final DateTimeFormatter LOCAL =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.LENIENT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT)
          .withResolverStyle(ResolverStyle.LENIENT);
  private static final DateTimeFormatter OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withResolverStyle(ResolverStyle.LENIENT);

  private DateText() {}

  /// The SQL of a date, a time, or a text that is SQL already; empty if it is nearly one of the
  /// former. An instant is written in UTC: what PostgreSQL does not read of it, as the offset where
  /// a column has none, Liquibase would have taken from its JVM.
  static Optional<String> sql(String text) {
    try {
      return literal(text)
          .map(value -> new Literal(value).quoted())
          .or(() -> Optional.of(text).filter(_ -> !NEARLY.matcher(text).matches()));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> literal(String text) {
    if (DATE.matcher(text).matches()) {
      return Optional.of(DAY.format(LocalDate.parse(text, DAY)));
    }
    if (TIME.matcher(text).matches()) {
      return Optional.of(OF_DAY.format(LocalTime.parse(text, OF_DAY)));
    }
    if (DATE_TIME.matcher(text).matches()) {
      return Optional.of(LOCAL.format(local(text)));
    }
    Matcher instant = WITH_OFFSET.matcher(text);
    return instant.matches()
        ? Optional.of(
            LOCAL.format(
                    local(instant.group(1))
                        .atOffset(ZoneOffset.of(instant.group(2)))
                        .withOffsetSameInstant(ZoneOffset.UTC))
                + "+00:00")
        : Optional.empty();
  }

  private static LocalDateTime local(String text) {
    return LocalDateTime.parse(text.replace('T', ' '), LOCAL);
  }

  /// The same of a cell of data, which may name the time at which it is loaded.
  ///
  /// @param type date, datetime or time
  static Optional<String> sql(String cell, String type) {
    if (!cell.matches("(?is)(?:now|today).*")) {
      return sql(cell);
    }
    return clock(cell)
        .map(
            time ->
                type.equalsIgnoreCase("datetime")
                    ? time
                    : "CAST(%s AS %s)".formatted(time, type.toLowerCase(Locale.ROOT)));
  }

  private static Optional<String> clock(String cell) {
    Matcher clock = CLOCK.matcher(cell);
    if (!clock.matches()) {
      return Optional.empty();
    }
    if (clock.group(2) == null) {
      return Optional.of("NOW()");
    }
    return unit(clock.group(1), clock.group(4).toLowerCase(Locale.ROOT))
        .map(unit -> "NOW() %s interval '%s %s'".formatted(clock.group(2), clock.group(3), unit));
  }

  private static Optional<String> unit(String base, String given) {
    if (base.equalsIgnoreCase("today")) {
      return given.isEmpty() ? Optional.of("days") : Optional.empty();
    }
    return UNITS.stream().filter(unit -> !given.isEmpty() && unit.startsWith(given)).findFirst();
  }
}
