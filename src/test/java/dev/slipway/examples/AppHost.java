package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The example for .NET Aspire.
final class AppHost {
  private AppHost() {}

  static String text() throws IOException {
    return Files.readString(Path.of("docker/aspire/AppHost.cs"));
  }

  /// The first group of a pattern that is found once.
  static String one(String pattern) throws IOException {
    List<String> all =
        Pattern.compile(pattern).matcher(text()).results().map(match -> match.group(1)).toList();
    assertThat(all).as(pattern).hasSize(1);
    return all.getFirst();
  }
}
