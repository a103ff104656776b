package dev.slipway.migration;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The text of a file, without a byte order mark; anything that is not UTF-8 is refused, since it
/// would reach the database as other characters.
public final class Utf8 {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8() {}

  /// The text; empty if it is not UTF-8, with a problem that says where.
  public static Optional<String> decode(
      byte[] content, String file, List<ChangelogProblem> problems) {
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0 && !isUtf8(content)) {
      problems.add(notUtf8(content, file));
      return Optional.empty();
    }
    return Optional.of(
        !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text);
  }

  private static boolean isUtf8(byte[] content) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /// Whether its byte order mark says that the file is UTF-16.
  public static boolean isUtf16(byte[] content) {
    int first = content.length < 2 ? 0 : (content[0] & 0xFF) << 8 | (content[1] & 0xFF);
    return first == 0xFFFE || first == 0xFEFF;
  }

  private static ChangelogProblem notUtf8(byte[] content, String file) {
    if (isUtf16(content)) {
      return new ChangelogProblem(
          new Origin(file, 1),
          "UTF-16, not UTF-8",
          "Convert the file: iconv -f UTF-16 -t UTF-8 %s. PowerShell's > writes UTF-16; a tool's own"
                  .formatted(file)
              + " option for its output, as -o, does not.");
    }
    int at = firstMalformed(content);
    int line = 1;
    for (int i = 0; i < at; i++) {
      if (content[i] == '\n') {
        line++;
      }
    }
    return new ChangelogProblem(
        new Origin(file, line),
        "not UTF-8: byte 0x%02X at offset %d".formatted(content[at] & 0xFF, at),
        "Convert the file: iconv -f WINDOWS-1252 -t UTF-8 %s (name its real encoding)"
            .formatted(file));
  }

  private static int firstMalformed(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    var out = CharBuffer.allocate(content.length);
    StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    return Math.min(in.position(), content.length - 1);
  }
}
