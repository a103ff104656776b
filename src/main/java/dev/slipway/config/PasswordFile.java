package dev.slipway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A password file as libpq has it: lines of `host:port:database:user:password`, `*` for any, `\:`
/// and `\\` for a colon and a backslash, `#` before a comment. The first line that fits counts.
record PasswordFile(Path path) {

  /// @throws ConfigurationException if the file cannot be read, or a line before the one that fits
  Optional<Secret> password(HostAddress address, String database, String user) {
    List<String> wanted = List.of(address.host(), Integer.toString(address.port()), database, user);
    int number = 0;
    for (String line : lines()) {
      number++;
      String trimmed = line.strip();
      if (trimmed.isEmpty() || trimmed.startsWith("#")) {
        continue;
      }
      List<String> fields = fields(trimmed);
      if (fields.size() != 5) {
        throw malformed(number, fields.size());
      }
      if (fits(fields, wanted)) {
        return Optional.of(new Secret(fields.get(4)));
      }
    }
    return Optional.empty();
  }

  private List<String> lines() {
    if (ValueFile.isNone(path)) {
      throw problem(
          path.toString(),
          "the password file \"" + path + "\" is a folder, a pipe or a device",
          ValueFile.READ_AGAIN);
    }
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw problem(
          path.toString(),
          "could not read the password file \"" + path + "\"",
          "Make it readable, or take \"Passfile\" and PGPASSFILE away.");
    }
  }

  private static boolean fits(List<String> fields, List<String> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    var field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length() && isEscaped(line.charAt(i + 1))) {
        field.append(line.charAt(++i));
      } else if (c == ':') {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static boolean isEscaped(char c) {
    return c == ':' || c == '\\';
  }

  private ConfigurationException malformed(int line, int fields) {
    return problem(
        path + ":" + line,
        "a line of the password file has " + fields + " fields instead of 5",
        "Write host:port:database:user:password, with a backslash before a colon in a field.");
  }

  private static ConfigurationException problem(String source, String message, String hint) {
    return new ConfigurationException(List.of(new ConfigurationProblem(source, message, hint)));
  }
}
