package dev.slipway.script;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The comment above each block of a script by which `check` sees what became of it: its place, and
/// digests of what we wrote and of the statements in it. They protect from accidents, not from
/// somebody who writes them anew.
///
/// @param number from 0, the first block's, to `last`, the closing one's
/// @param guard CRC-32 of the block without its statements
/// @param statements CRC-32 of the statements
record BlockMark(int number, int last, String guard, String statements) {
  private static final Pattern LINE =
      Pattern.compile("-- block (\\d{1,9}) of (\\d{1,9}): guard (\\w+), statements (\\w+)");

  /// Statements stand in dollar quotes whose tag is `sql`, with a number where that is in the text.
  private static final Pattern QUOTE = Pattern.compile("\\$sql\\d*\\$");

  /// @param block the lines behind the mark
  static BlockMark of(int number, int last, String block) {
    var guard = new CRC32();
    var statements = new CRC32();
    Matcher quote = QUOTE.matcher(block);
    int from = 0;
    int behind = 0;
    while (quote.find(behind)) {
      int end = block.indexOf(quote.group(), quote.end());
      if (end < 0) {
        break;
      }
      update(guard, block.substring(from, quote.end()));
      update(statements, block.substring(quote.end(), end) + "\0");
      from = end;
      behind = end + quote.group().length();
    }
    update(guard, block.substring(from));
    return new BlockMark(number, last, text(guard), text(statements));
  }

  static Optional<BlockMark> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? Optional.of(
            new BlockMark(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                matcher.group(3),
                matcher.group(4)))
        : Optional.empty();
  }

  String line() {
    return "-- block %d of %d: guard %s, statements %s".formatted(number, last, guard, statements);
  }

  private static void update(CRC32 digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(CRC32 digest) {
    return HexFormat.of().toHexDigits((int) digest.getValue());
  }
}
