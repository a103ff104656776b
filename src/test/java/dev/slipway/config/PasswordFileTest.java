package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
  private static final HostAddress DB = new HostAddress("db", 5432);

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("passwords");
  }

  @Test
  void the_first_line_that_fits_counts() throws IOException {
    write("other:*:*:*:a", "db:6000:*:*:b", "db:5432:app:v:c", "db:5432:app:u:d", "*:*:*:*:e");

    assertThat(password("app", "u")).contains(new Secret("d"));
    assertThat(password("app", "w")).contains(new Secret("e"));
  }

  @Test
  void no_line_that_fits_is_no_password() throws IOException {
    write("db:5432:app:u:p");

    assertThat(password("other", "u")).isEmpty();
  }

  @Test
  void comments_and_empty_lines_do_not_count() throws IOException {
    write("# db:5432:app:u:a", "", "   ", "  *:*:*:*:b  ");

    assertThat(password("app", "u")).contains(new Secret("b"));
  }

  @Test
  void a_backslash_takes_the_meaning_from_colon_and_backslash() throws IOException {
    write("db:5432:a\\:b:u:p\\\\q\\:r\\s");

    assertThat(password("a:b", "u")).contains(new Secret("p\\q:r\\s"));
  }

  @Test
  void a_malformed_line_is_told_without_what_it_says() throws IOException {
    write("# ours", "db:5432:secret");

    assertThat(failure().problems())
        .containsExactly(
            new ConfigurationProblem(
                file + ":2",
                "a line of the password file has 3 fields instead of 5",
                "Write host:port:database:user:password, with a backslash before a colon in a"
                    + " field."));
  }

  @Test
  void a_missing_file_is_told() {
    assertThat(failure().message()).isEqualTo("could not read the password file \"" + file + "\"");
  }

  @Test
  void a_device_is_not_read() {
    file = Path.of("/dev/zero");

    assertThat(failure().message())
        .isEqualTo("the password file \"/dev/zero\" is a folder, a pipe or a device");
  }

  private void write(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private Optional<Secret> password(String database, String user) {
    return new PasswordFile(file).password(DB, database, user);
  }

  private ConfigurationException failure() {
    return catchThrowableOfType(ConfigurationException.class, () -> password("app", "u"));
  }
}
