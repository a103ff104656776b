package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "test",
        "test, prod,",
        "release 1.0",
        "orders",
        "!test",
        "not test",
        "@test",
        "@!test",
        "!@test",
        "a and b or c",
        "a AND (b or not c)",
        "!(a or b) and c",
        "not (a)",
        "(a)and(b)",
        "((a))",
        "(a or b), !c"
      })
  void it_is_well_formed(String text) {
    assertThat(Expression.isSound(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "()",
        "( )",
        "(a",
        "a)",
        ")a(",
        "(a, b)",
        "a (b)",
        "(a) b",
        "a and",
        "or a",
        "or",
        "a or or b",
        "a and or b",
        "!",
        "! and a",
        "a and !",
        "(a and)",
        "!!a",
        "a!(b)",
        "@"
      })
  void it_is_malformed(String text) {
    assertThat(Expression.isSound(text)).isFalse();
  }
}
