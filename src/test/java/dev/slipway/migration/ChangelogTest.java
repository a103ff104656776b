package dev.slipway.migration;

import static dev.slipway.migration.Samples.changelog;
import static dev.slipway.migration.Samples.migration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangelogTest {
  private static final Changelog CHANGELOG =
      changelog(
          migration("20260101000000_InitialCreate"),
          migration("20260102000000_Indexes"),
          migration("20260103000000_Views"),
          migration("20260104000000_Indexes"),
          migration("20260105000000_AddOrders"));

  @ParameterizedTest
  @CsvSource({
    "head, 20260105000000_AddOrders",
    "20260103000000_Views, 20260103000000_Views",
    "20260103000000_VIEWS, 20260103000000_Views",
    "InitialCreate, 20260101000000_InitialCreate",
    "initialcreate, 20260101000000_InitialCreate",
    "20260104000000_Indexes, 20260104000000_Indexes"
  })
  void a_person_names_a_migration_by_id_or_name_or_head(String reference, String id) {
    assertThat(CHANGELOG.find(reference)).map(Migration::toString).containsExactly(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20260103000000", "Orders", "20260199000000_Views", "tail"})
  void what_means_none_is_not_found(String reference) {
    assertThat(CHANGELOG.find(reference)).isEmpty();
  }

  @Test
  void a_name_may_mean_several() {
    assertThat(CHANGELOG.find("indexes"))
        .map(Migration::toString)
        .containsExactly("20260102000000_Indexes", "20260104000000_Indexes");
  }

  @Test
  void an_id_of_another_form_is_its_own_name() {
    var root = changelog(migration("create-users"), migration("create-orders"));

    assertThat(root.find("CREATE-users")).map(Migration::toString).containsExactly("create-users");
    assertThat(root.find("head")).map(Migration::toString).containsExactly("create-orders");
  }

  @Test
  void an_id_is_found_in_any_letter_case_but_not_by_its_name() {
    assertThat(CHANGELOG.byId("20260103000000_vIEWS")).isPresent();
    assertThat(CHANGELOG.byId("Views")).isEmpty();
  }

  @Test
  void two_ids_never_differ_by_letter_case_only() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> changelog(migration("20260101000000_A"), migration("20260101000000_a")))
        .withMessageContaining("20260101000000_a");
  }

  @Test
  void a_changelog_is_never_empty() {
    assertThatIllegalArgumentException().isThrownBy(() -> changelog());
  }

  @Test
  void a_changelog_does_not_change_with_the_list_it_was_made_of() {
    List<Migration> migrations = new ArrayList<>(List.of(migration("20260101000000_A")));
    var changelog = new Changelog("changelog", migrations);

    migrations.clear();

    assertThat(changelog.migrations()).hasSize(1);
  }
}
