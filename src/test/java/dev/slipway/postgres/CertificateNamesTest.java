package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which hosts a certificate is for.
final class CertificateNamesTest {
  private static final CertificateNames NAMES =
      new CertificateNames(
          List.of("DB.example", "*.pool.example", "my_db", "xn--bcher-kva.example", "10.0.0.9"),
          List.of("10.0.0.7", "2001:db8:0:0:0:0:0:1"),
          List.of("common.example", "10.0.0.6"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.example",
        "Db.Example",
        "one.pool.example",
        "my_db",
        "bücher.example",
        "10.0.0.6",
        "10.0.0.7",
        "2001:db8::1"
      })
  void a_host_is_included(String host) {
    assertThat(NAMES.include(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example",
        "a.db.example",
        "pool.example",
        "one.two.pool.example",
        ".pool.example",
        "10.0.0.8",
        "common.example",
        "10.0.0.9",
        "2001:db8::2"
      })
  void a_host_is_not_included(String host) {
    assertThat(NAMES.include(host)).isFalse();
  }

  @Test
  void common_names_count_for_addresses_and_where_no_alternative_is_a_host() {
    var common = List.of("db.example", "10.0.0.7");
    var onlyHosts = new CertificateNames(List.of("other.example"), List.of(), common);
    var onlyAddresses = new CertificateNames(List.of(), List.of("10.0.0.9"), common);

    assertThat(onlyHosts.include("10.0.0.7")).isTrue();
    assertThat(onlyHosts.include("db.example")).isFalse();
    assertThat(onlyAddresses.include("db.example")).isTrue();
    assertThat(onlyAddresses.include("10.0.0.7")).isTrue();
  }

  @Test
  void what_a_certificate_is_for_is_told_as_a_list() {
    assertThat(new CertificateNames(List.of("a"), List.of("10.0.0.7"), List.of("b")).text())
        .isEqualTo("a, 10.0.0.7");
    assertThat(new CertificateNames(List.of(), List.of(), List.of("b")).text()).isEqualTo("b");
    assertThat(new CertificateNames(List.of(), List.of(), List.of()).text()).isEqualTo("no host");
  }
}
