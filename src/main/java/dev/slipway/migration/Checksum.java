package dev.slipway.migration;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The digest of a migration's text as its author wrote it: SHA-256, 64 hexadecimal digits. What an
/// editor or a version control system changes by itself does not count: a byte order mark, line
/// ends, blanks at the ends of lines, empty lines at the end of the file.
public record Checksum(String value) {

  public static Checksum ofText(byte[] utf8) {
    byte[] canonical = new byte[utf8.length];
    int length = canonicalize(utf8, canonical);
    MessageDigest digest = sha256();
    digest.update(canonical, 0, length);
    return new Checksum(HexFormat.of().formatHex(digest.digest()));
  }

  /// The digest of a text of which all counts.
  public static Checksum of(byte[] bytes) {
    return new Checksum(HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  /// Copies the text without what does not count, and returns how many bytes are left. In UTF-8 no
  /// byte of a longer character can be taken for one of these.
  private static int canonicalize(byte[] from, byte[] to) {
    int length = 0;
    int end = 0;
    for (int i = startOfText(from); i < from.length; i++) {
      byte b = from[i];
      if (b == '\r' || b == '\n') {
        length = end;
        to[length++] = '\n';
        end = length;
        if (b == '\r' && i + 1 < from.length && from[i + 1] == '\n') {
          i++;
        }
      } else {
        to[length++] = b;
        if (b != ' ' && b != '\t') {
          end = length;
        }
      }
    }
    while (end > 0 && to[end - 1] == '\n') {
      end--;
    }
    return end;
  }

  private static int startOfText(byte[] text) {
    boolean marked =
        text.length >= 3
            && text[0] == (byte) 0xEF
            && text[1] == (byte) 0xBB
            && text[2] == (byte) 0xBF;
    return marked ? 3 : 0;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
