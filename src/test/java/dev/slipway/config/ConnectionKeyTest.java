package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConnectionKeyTest {

  @Test
  void no_spelling_means_two_keys() {
    List<String> spellings = new ArrayList<>();
    for (ConnectionKey key : ConnectionKey.values()) {
      spellings.add(key.text().toUpperCase(Locale.ROOT));
      key.synonyms().forEach(synonym -> spellings.add(synonym.toUpperCase(Locale.ROOT)));
    }

    assertThat(spellings).doesNotHaveDuplicates();
  }

  @Test
  void every_key_is_found_by_each_of_its_spellings_in_any_case() {
    for (ConnectionKey key : ConnectionKey.values()) {
      assertThat(ConnectionKey.spelled(key.text().toUpperCase(Locale.ROOT))).contains(key);
      for (String synonym : key.synonyms()) {
        assertThat(ConnectionKey.spelled(synonym.toLowerCase(Locale.ROOT))).contains(key);
      }
    }
  }

  @Test
  void every_key_says_what_becomes_of_it() {
    for (ConnectionKey key : ConnectionKey.values()) {
      assertThat(key.fate().reason()).as(key.text()).isNotBlank().doesNotEndWith(".");
      assertThat(key.form().expectation()).as(key.text()).endsWith(".");
    }
  }

  @Test
  void harmless_values_have_the_form_of_their_key() {
    for (ConnectionKey key : ConnectionKey.values()) {
      for (String value : key.fate().harmless()) {
        assertThat(key.form().canonical(value)).as(key.text()).contains(value);
      }
    }
  }

  @Test
  void the_words_of_other_products_and_slips_lead_to_the_key() {
    assertThat(ConnectionKey.meant("Initial Catalog")).contains("Database");
    assertThat(ConnectionKey.meant("user")).contains("Username");
    assertThat(ConnectionKey.meant("application_name")).contains("Application Name");
    assertThat(ConnectionKey.meant("max pool size")).contains("Maximum Pool Size");
    assertThat(ConnectionKey.meant("Usrname")).contains("Username");
    assertThat(ConnectionKey.meant("Time Zone")).contains("Timezone");
    assertThat(ConnectionKey.meant("abortConnect")).isEmpty();
  }
}
