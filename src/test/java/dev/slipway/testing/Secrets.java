package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The passwords that a program was given, looked for in all that it shows.
public final class Secrets {
  /// Shorter ones occur by chance.
  private static final int SHORTEST = 6;

  private static final Pattern PAIR =
      Pattern.compile(
          "(?is)(?:password|psw|pwd)\\s*=\\s*(?:\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'|([^;&]*))");
  private static final Pattern USER_INFO = Pattern.compile("(?s)://[^:/@]*:([^@]*)@");

  private final Set<String> passwords = new LinkedHashSet<>();

  /// One that stands in no variable or argument.
  public void add(String password) {
    if (password.length() >= SHORTEST) {
      passwords.add(password);
    }
  }

  /// Those of the environment.
  public void addVariables(Map<String, String> variables) {
    variables.forEach(
        (name, value) -> {
          if (name.toLowerCase(Locale.ROOT).endsWith("password")) {
            add(value);
          } else {
            addText(value);
          }
        });
  }

  /// Those of a connection string, or of an argument that holds one.
  public void addText(String text) {
    Matcher pair = PAIR.matcher(text);
    while (pair.find()) {
      if (pair.group(1) != null) {
        add(pair.group(1).replace("\"\"", "\""));
      } else if (pair.group(2) != null) {
        add(pair.group(2).replace("''", "'"));
      } else {
        addEncoded(pair.group(3).strip());
      }
    }
    Matcher user = USER_INFO.matcher(text);
    while (user.find()) {
      addEncoded(user.group(1));
    }
  }

  private void addEncoded(String text) {
    add(text);
    try {
      add(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      // Then it is no URI, and its text has been added.
    }
  }

  /// None of them is there: plain, quoted, URL-encoded or in base64.
  public void assertAbsent(String shown) {
    for (String password : passwords) {
      for (String form : forms(password)) {
        assertThat(shown.contains(form))
            .as("a password is shown (its form has %d characters)", form.length())
            .isFalse();
      }
    }
  }

  static Set<String> forms(String password) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(password);
    forms.add(password.replace("'", "''"));
    forms.add(password.replace("\"", "\"\""));
    forms.add(password.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.add(URLEncoder.encode(password, StandardCharsets.UTF_8));
    forms.add(URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20"));
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    for (int shift = 0; shift < 3; shift++) {
      forms.add(base64Within(bytes, shift));
    }
    return forms;
  }

  /// What base64 makes of it wherever it stands: the letters that no neighbour has a part in.
  private static String base64Within(byte[] bytes, int shift) {
    byte[] shifted = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, shifted, shift, bytes.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int start = shift == 0 ? 0 : shift + 1;
    int whole = shifted.length * 8 / 6;
    return text.substring(start, whole);
  }
}
