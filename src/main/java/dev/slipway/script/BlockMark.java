package dev.slipway.script;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The comment above each block of a script by which `check` sees what became of it: its place, and
/// digests of what we wrote and of the statements in it. They protect from accidents, not from
/// somebody who writes them anew.
///
/// @param number from 0, the first block's, to `last`, the closing one's
/// @param guard digest of the block without its statements
/// @param statements digest of the statements
record BlockMark(int number, int last, String guard, String statements) {
  private static final Pattern LINE =
      Pattern.compile("-- block (\\d{1,9}) of (\\d{1,9}): guard (\\w+), statements (\\w+)");

  /// Statements stand in dollar quotes whose tag is `sql`, with a number where that is in the text.
  private static final Pattern STATEMENT =
      Pattern.compile("(\\$sql\\d*\\$)(.*?)\\1", Pattern.DOTALL);

  private static final int DIGITS = 16;

  /// @param block the lines behind the mark
  static BlockMark of(int number, int last, String block) {
    MessageDigest guard = sha256();
    MessageDigest statements = sha256();
    Matcher matcher = STATEMENT.matcher(block);
    int from = 0;
    while (matcher.find()) {
      update(guard, block.substring(from, matcher.start(2)));
      update(statements, matcher.group(2) + "\0");
      from = matcher.end(2);
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

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
