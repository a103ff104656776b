package dev.slipway.migration;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The digest of a migration's text as its author wrote it: SHA-256, 64 hexadecimal digits. What an
/// editor or a version control system changes by itself does not count: a byte order mark, line
/// ends, blanks at the ends of lines, empty lines at the end of the file.
public record Checksum(String value) {

  public static Checksum ofText(byte[] utf8) {
    var text = new OfText(utf8.length);
    text.read(utf8, 0, utf8.length);
    return text.checksum();
  }

  /// The digest of a text that comes block by block. Never more of it is held than a block, but for
  /// blanks and empty lines, of which only what follows tells whether they count.
  public static final class OfText {
    private final MessageDigest digest = sha256();
    private byte[] text;
    private boolean begun;
    private boolean inLineEnd;

    /// How much is in `text`, and how much of it without the blanks at the end of its last line.
    private int length;

    private int end;

    /// @param blockSize how long the blocks are, about
    public OfText(int blockSize) {
      this.text = new byte[Math.max(1, blockSize)];
    }

    /// Reads on. In UTF-8 no byte of a longer character can be taken for one of those that do not
    /// count.
    ///
    /// @param block the first holds the whole byte order mark, if there is one
    public void read(byte[] block, int offset, int count) {
      int start = begun ? offset : startOfText(block, offset, count);
      begun = true;
      for (int i = start; i < offset + count; i++) {
        byte b = block[i];
        if (b == '\n' && inLineEnd) {
          inLineEnd = false;
          continue;
        }
        inLineEnd = b == '\r';
        if (b == '\r' || b == '\n') {
          length = end;
          put((byte) '\n');
          end = length;
        } else {
          put(b);
          if (b != ' ' && b != '\t') {
            end = length;
          }
        }
      }
    }

    private void put(byte b) {
      if (length == text.length) {
        makeRoom();
      }
      text[length++] = b;
    }

    private void makeRoom() {
      int counting = withoutEmptyLines();
      if (counting == 0) {
        text = Arrays.copyOf(text, 2 * text.length);
        return;
      }
      digest.update(text, 0, counting);
      System.arraycopy(text, counting, text, 0, length - counting);
      length -= counting;
      end -= counting;
    }

    private int withoutEmptyLines() {
      int counting = end;
      while (counting > 0 && text[counting - 1] == '\n') {
        counting--;
      }
      return counting;
    }

    /// The digest of what was read.
    public Checksum checksum() {
      digest.update(text, 0, withoutEmptyLines());
      return new Checksum(HexFormat.of().formatHex(digest.digest()));
    }

    private static int startOfText(byte[] text, int offset, int count) {
      boolean marked =
          count >= 3
              && text[offset] == (byte) 0xEF
              && text[offset + 1] == (byte) 0xBB
              && text[offset + 2] == (byte) 0xBF;
      return marked ? offset + 3 : offset;
    }
  }

  /// The digest of a text of which all counts.
  public static Checksum of(byte[] bytes) {
    return new Checksum(HexFormat.of().formatHex(sha256().digest(bytes)));
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
