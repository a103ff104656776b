package dev.slipway.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The known word that somebody probably meant by an unknown one.
public final class Nearest {
  private Nearest() {}

  /// The candidate with the fewest letters to change, if these are few enough to be a slip; letter
  /// case, blanks, `_` and `-` do not count.
  public static Optional<String> to(String word, List<String> candidates) {
    String plain = plain(word);
    String nearest = "";
    int fewest = 1 + plain.length() / 3;
    for (String candidate : candidates) {
      int changes = changes(plain, plain(candidate));
      if (changes < fewest || (changes == fewest && nearest.isEmpty())) {
        fewest = changes;
        nearest = candidate;
      }
    }
    return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
  }

  static String plain(String word) {
    var plain = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c != ' ' && c != '_' && c != '-') {
        plain.append(c);
      }
    }
    return plain.toString().toLowerCase(Locale.ROOT);
  }

  /// Levenshtein's distance.
  private static int changes(String from, String to) {
    int[] above = new int[to.length() + 1];
    Arrays.setAll(above, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
