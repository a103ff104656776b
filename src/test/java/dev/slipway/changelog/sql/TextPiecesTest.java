package dev.slipway.changelog.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.migration.Checksum;
import dev.slipway.testing.Randomness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextPiecesTest {
  private static final List<String> CHARACTERS = List.of("a", "é", "提", "\uD83D\uDE80", " ", ";");

  private static TextPieces read(byte[] content) throws IOException {
    return new TextPieces(new ByteArrayInputStream(content));
  }

  private static List<String> pieces(String text) throws IOException {
    List<String> pieces = new ArrayList<>();
    read(text.getBytes(UTF_8)).forEachRemaining(pieces::add);
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void lines_stay_whole_and_nothing_is_lost(String lineEnd) throws IOException {
    long seed = Randomness.seed();
    String text = text(Randomness.of(seed), 3 * TextPieces.SIZE, lineEnd);

    List<String> pieces = pieces(text);

    assertThat(String.join("", pieces)).as("seed %d", seed).isEqualTo(text);
    assertThat(pieces).hasSizeGreaterThan(3);
    assertThat(pieces.subList(0, pieces.size() - 1))
        .as("seed %d", seed)
        .allMatch(piece -> piece.endsWith(lineEnd));
  }

  @Test
  void a_line_that_is_longer_is_cut() throws IOException {
    String text = "x".repeat(2 * TextPieces.SIZE) + "\nSELECT 1;\n";

    assertThat(String.join("", pieces(text))).isEqualTo(text);
  }

  @Test
  void the_checksum_is_that_of_the_whole() throws IOException {
    long seed = Randomness.seed();
    byte[] content =
        ("\uFEFF" + text(Randomness.of(seed), 2 * TextPieces.SIZE, " \r\n") + "\n\n")
            .getBytes(UTF_8);
    TextPieces pieces = read(content);
    pieces.forEachRemaining(piece -> {});

    assertThat(pieces.checksum()).as("seed %d", seed).isEqualTo(Checksum.ofText(content));
  }

  @Test
  void a_byte_order_mark_is_no_text() throws IOException {
    assertThat(pieces("\uFEFFSELECT 1;\n")).containsExactly("SELECT 1;\n");
    assertThat(pieces("\uFEFF")).isEmpty();
    assertThat(pieces("")).isEmpty();
  }

  @Test
  void what_is_not_utf_8_is_refused() throws IOException {
    byte[] content = "x".repeat(3 * TextPieces.SIZE).getBytes(UTF_8);
    content[content.length - 1] = (byte) 0xE4;
    TextPieces pieces = read(content);

    assertThatThrownBy(() -> pieces.forEachRemaining(piece -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(CharacterCodingException.class);
  }

  private static String text(Random random, int length, String lineEnd) {
    var text = new StringBuilder();
    while (text.length() < length) {
      for (int left = random.nextInt(200); left > 0; left--) {
        text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
      }
      text.append(lineEnd);
    }
    return text.toString();
  }
}
