package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The look-out for passwords sees them.
final class SecretsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ConnectionStrings__X           | Host=h;Password=s3cr et/x
          ConnectionStrings__X           | Host=h;PWD="s3cr et/x";Port=1
          ConnectionStrings__X           | Host=h;Psw = 's3cr et/x'
          ConnectionStrings__X           | postgres://u:s3cr%20et%2Fx@h/d
          ConnectionStrings__X           | jdbc:postgresql://h/d?password=s3cr%20et/x&user=u
          ConnectionStrings__X__Password | s3cr et/x
          PGPASSWORD                     | s3cr et/x
          """)
  void it_finds_them_where_they_are_given(String variable, String value) {
    var secrets = new Secrets();
    secrets.addVariables(Map.of(variable, value));

    assertThatThrownBy(() -> secrets.assertAbsent("it is s3cr et/x, you know"))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cr et\"x", "a s3cr et\"\"x", "s3cr et\\\"x", "s3cr+et%22x"})
  void it_knows_their_forms(String shown) {
    var secrets = new Secrets();
    secrets.add("s3cr et\"x");

    assertThatThrownBy(() -> secrets.assertAbsent(shown)).isInstanceOf(AssertionError.class);
    assertThatCode(() -> secrets.assertAbsent("***")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "u:", "user:"})
  void it_knows_base64_wherever_they_stand_in_it(String before) {
    var secrets = new Secrets();
    secrets.add("s3cr et\"x");
    String shown =
        Base64.getEncoder()
            .encodeToString((before + "s3cr et\"x@host").getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> secrets.assertAbsent(shown)).isInstanceOf(AssertionError.class);
  }
}
