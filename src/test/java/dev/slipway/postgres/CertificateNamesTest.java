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
          List.of("10.0.0.7", "2001:db8:0:0:0:0:0:1"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.example",
        "Db.Example",
        "one.pool.example",
        "my_db",
        "bücher.example",
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
        "10.0.0.9",
        "2001:db8::2"
      })
  void a_host_is_not_included(String host) {
    assertThat(NAMES.include(host)).isFalse();
  }

  @Test
  void what_a_certificate_is_for_is_told_as_a_list() {
    assertThat(new CertificateNames(List.of("a", "b"), List.of("10.0.0.7")).text())
        .isEqualTo("a, b, 10.0.0.7");
    assertThat(new CertificateNames(List.of(), List.of()).text()).isEqualTo("no host");
  }
}
