package dev.slipway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file whose content is one value, such as a secret of Docker or Kubernetes: UTF-8. As with .NET
/// neither a byte order mark at its start nor the newline at its end is a part of the value.
final class ValueFile {
  /// Far more than any connection string has.
  private static final int MOST_BYTES = 64 * 1024;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /// The hint where [#isNone].
  static final String READ_AGAIN =
      "Name a regular file: it is read again at each connect, as what it holds may change.";

  private ValueFile() {}

  /// Adds its value.
  ///
  /// @param where the file and how it came to be read
  static void read(Path file, String key, String where, Sources sources) {
    @Nullable String text = text(file, where, sources);
    if (text != null) {
      sources.add(key, withoutNewline(text), where, Given.Origin.FILE);
    }
  }

  /// Whether it is there, and is a folder, a pipe or a device: what a pipe holds can be read only
  /// once, and to wait for it may take for ever.
  static boolean isNone(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  private static @Nullable String text(Path file, String where, Sources sources) {
    if (isNone(file)) {
      sources.problem(where, "it is a folder, a pipe or a device", READ_AGAIN);
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        sources.problem(
            where, "the file holds more than a value can have", "Name the file of one value.");
        return null;
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      sources.problem(where, "the file is no text of UTF-8", "Save it as UTF-8.");
    } catch (IOException _) {
      sources.problem(
          where,
          "could not read the file",
          "Make it a file that the user of this program can read, or take it out.");
    }
    return null;
  }

  private static String withoutNewline(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
