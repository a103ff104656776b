package dev.slipway.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Randomness;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {
  private static final String TEXT = "SELECT 1;\n\n  SELECT 'é 提';\n";
  private static final List<String> PIECES =
      List.of("a", " ", "\t", "\n", "\r", "\r\n", ";", "é", "提", "\uD83D\uDE80", "\uFEFF", "\f");

  @Test
  void it_is_sha_256_of_the_text_in_its_plainest_form() {
    // printf 'SELECT 1;' | sha256sum
    assertThat(checksum("SELECT 1;\n").value())
        .isEqualTo("17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;\r\n\r\n  SELECT 'é 提';\r\n",
        "SELECT 1;\r\r  SELECT 'é 提';\r",
        "SELECT 1;\n\r\n  SELECT 'é 提';",
        "\uFEFFSELECT 1;\n\n  SELECT 'é 提';\n",
        "SELECT 1;  \n\t\n  SELECT 'é 提'; \t \n",
        "SELECT 1;\n\n  SELECT 'é 提';\n\n\r\n  \n\t",
      })
  void what_editors_change_by_themselves_does_not_count(String text) {
    assertThat(checksum(text)).isEqualTo(checksum(TEXT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;\n  SELECT 'é 提';\n",
        "\nSELECT 1;\n\n  SELECT 'é 提';\n",
        " SELECT 1;\n\n  SELECT 'é 提';\n",
        "SELECT 1;\n\n SELECT 'é 提';\n",
        "SELECT  1;\n\n  SELECT 'é 提';\n",
        "SELECT 1;\n\n\tSELECT 'é 提';\n",
        "SELECT 1;\n\n  SELECT 'e 提';\n",
        "SELECT 1;\n\n  SELECT 'é 提';\n--\n",
        "SELECT 1;\n\n  SELECT 'é 提'\n",
        "select 1;\n\n  SELECT 'é 提';\n",
        "\uFEFF\uFEFFSELECT 1;\n\n  SELECT 'é 提';\n",
        "SELECT 1;\f\n\n  SELECT 'é 提';\n",
        "SELECT 1;\u00A0\n\n  SELECT 'é 提';\n",
        ""
      })
  void anything_else_counts(String text) {
    assertThat(checksum(text)).isNotEqualTo(checksum(TEXT));
  }

  @Test
  void random_texts_have_equal_checksums_if_and_only_if_their_plain_forms_are_equal() {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    for (int i = 0; i < 20_000 * Randomness.factor(); i++) {
      String one = text(random);
      String other = random.nextBoolean() ? disguised(random, one) : text(random);

      assertThat(checksum(one).equals(checksum(other)))
          .as("seed %d, case %d: <%s> and <%s>", seed, i, one, other)
          .isEqualTo(plain(one).equals(plain(other)));
    }
  }

  @Test
  void a_text_in_blocks_has_the_checksum_of_the_whole() {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    for (int i = 0; i < 20_000 * Randomness.factor(); i++) {
      byte[] text = text(random).getBytes(UTF_8);
      var inBlocks = new Checksum.OfText(random.nextInt(4));
      int at = 0;
      while (at < text.length) {
        int count = Math.min(text.length - at, (at == 0 ? 3 : 1) + random.nextInt(5));
        inBlocks.read(text, at, count);
        at += count;
      }

      assertThat(inBlocks.checksum())
          .as("seed %d, case %d: <%s>", seed, i, new String(text, UTF_8))
          .isEqualTo(Checksum.ofText(text));
    }
  }

  private static Checksum checksum(String text) {
    return Checksum.ofText(text.getBytes(UTF_8));
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int left = random.nextInt(9); left > 0; left--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /// The text with other line ends, and blanks before them.
  private static String disguised(Random random, String text) {
    var disguised = new StringBuilder();
    for (String line : plain(text).split("\n", -1)) {
      disguised.append(line).append(" \t".repeat(random.nextInt(2)));
      disguised.append(random.nextBoolean() ? "\r\n" : "\n");
    }
    return disguised.toString();
  }

  /// The definition, written down another way.
  private static String plain(String text) {
    return text.replaceFirst("\\A\uFEFF", "")
        .replaceAll("\r\n?", "\n")
        .replaceAll("[ \t]+(?=\n|\\z)", "")
        .replaceAll("\n+\\z", "");
  }
}
