package dev.slipway.bench;

import java.util.Locale;

/// One line of the benchmark's answer.
///
/// @param limit what the value has to satisfy, as `<= 7`
/// @param met whether it does
record Figure(String name, double value, String unit, String limit, boolean met) {

  static Figure atMost(double limit, String name, double value, String unit) {
    return new Figure(name, value, unit, "<= " + number(limit), value <= limit);
  }

  static Figure below(double limit, String name, double value, String unit) {
    return new Figure(name, value, unit, "< " + number(limit), value < limit);
  }

  static Figure exactly(double limit, String name, double value, String unit) {
    return new Figure(name, value, unit, "= " + number(limit), value == limit);
  }

  /// A figure that is only told.
  static Figure unlimited(String name, double value, String unit) {
    return new Figure(name, value, unit, "-", true);
  }

  Figure withoutLimit() {
    return unlimited(name, value, unit);
  }

  String line() {
    return String.join("\t", name, number(value), unit, limit, met ? "ok" : "MISSED");
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? "%d".formatted((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
