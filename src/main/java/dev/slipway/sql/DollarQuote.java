package dev.slipway.sql;

/// Quotes a text so that it stays as it is: `$tag$…$tag$`.
public final class DollarQuote {
  private DollarQuote() {}

  /// @param tag what the quote is called if the text does not hold such a quote itself; otherwise
  /// it gets a number
  public static String around(String text, String tag) {
    String quote = "$" + tag + "$";
    for (int i = 1; closesEarly(text, quote); i++) {
      quote = "$" + tag + i + "$";
    }
    return quote + text + quote;
  }

  /// A text may hold the quote, or end with what makes one together with the quote's first sign.
  private static boolean closesEarly(String text, String quote) {
    return text.contains(quote) || text.endsWith(quote.substring(0, quote.length() - 1));
  }
}
