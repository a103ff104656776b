package dev.slipway.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "20240105090000_InitialCreate",
        "00000000000000_x",
        "99999999999999_not a real time",
        "20240105090000_Überblick – 提出 \uD83D\uDE80",
        "20240105090000__",
        "20240105090000_a\"b'c\\d"
      })
  void an_id_of_ef_is_fourteen_digits_an_underscore_and_a_name(String id) {
    assertThat(MigrationId.hasTimestampForm(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "20240105090000",
        "20240105090000_",
        "2024010509000_a",
        "202401050900000_a",
        "20240105090000-a",
        "2024010509000a_a",
        " 20240105090000_a",
        "20240105090000_a\n",
        "20240105090000_a\u0000b",
        "20240105090000_a\u007F",
        "٢٠٢٤٠١٠٥٠٩٠٠٠٠_a"
      })
  void anything_else_is_none_of_ef(String id) {
    assertThat(MigrationId.hasTimestampForm(id)).isFalse();
  }

  @Test
  void an_id_of_ef_has_at_most_150_characters() {
    assertThat(MigrationId.hasTimestampForm("20240105090000_" + "n".repeat(135))).isTrue();
    assertThat(MigrationId.hasTimestampForm("20240105090000_" + "n".repeat(136))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\tb", "a\nb", "\u0000", "a\u0085b"})
  void no_id_is_empty_or_holds_control_characters(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> new MigrationId(id));
  }

  @Test
  void an_id_fits_into_the_column_of_ef() {
    assertThat(new MigrationId("n".repeat(150)).value()).hasSize(150);
    assertThatIllegalArgumentException().isThrownBy(() -> new MigrationId("n".repeat(151)));
  }

  @ParameterizedTest
  @CsvSource({
    "20240105090000_InitialCreate, InitialCreate",
    "20240105090000_a_b_c, a_b_c",
    "create-users, create-users",
    "2024_x, 2024_x"
  })
  void the_name_is_what_follows_the_digits(String id, String name) {
    assertThat(new MigrationId(id).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "20240105090000_AddOrders, 20240105090000_ADDORDERS",
    "20240105090000_addorders, 20240105090000_ADDORDERS",
    "20240105090000_Straße, 20240105090000_STRAßE",
    "20240105090000_éa, 20240105090000_ÉA",
    "20240105090000, 20240105090000"
  })
  void the_key_is_upper_case_character_by_character(String id, String key) {
    assertThat(new MigrationId(id).key()).isEqualTo(key);
  }

  @Test
  void ids_sort_by_utf_16_unit() {
    var sorted =
        Stream.of("b", "a", "B", "\uFB01", "\uD83D\uDE80", "_", "10", "9")
            .map(MigrationId::new)
            .sorted()
            .map(MigrationId::value);

    assertThat(sorted).containsExactly("10", "9", "B", "_", "a", "b", "\uD83D\uDE80", "\uFB01");
  }
}
