package dev.slipway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The connection strings that were given, and what stands beneath them: `X:Password` is the
/// password of `X` that the string itself does not have; `X:Direct` is the string to work with
/// where `X` leads through a pooler, `X:Direct:Password` its password, if not that of `X`.
final class Connections {
  private static final String PASSWORD = ":Password";
  private static final String DIRECT = ":Direct";

  private final NavigableMap<String, Given> given;
  private final Map<String, String> environment;

  /// @param given by names and, behind colons, their parts; letter case does not count
  Connections(NavigableMap<String, Given> given, Map<String, String> environment) {
    this.given = given;
    this.environment = environment;
  }

  /// Sorted.
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String name : given.keySet()) {
      if (name.indexOf(':') < 0) {
        names.add(name);
      }
    }
    return names;
  }

  /// Whether it is one of [#names].
  boolean has(String name) {
    return given.containsKey(name);
  }

  /// Where one of [#names] was found.
  String source(String name) {
    return known(name).source();
  }

  /// One of [#names], or empty when problems were added.
  Optional<ConnectionString> read(String name, List<ConfigurationProblem> problems) {
    Given connection = known(name);
    addPartProblems(connection, problems);
    return ConnectionStringReader.read(
        used(connection), Optional.ofNullable(password(name)), environment, problems);
  }

  /// One of [#names] as far as it can be understood, to be shown.
  ConnectionView view(String name, List<ConfigurationProblem> problems) {
    Given connection = known(name);
    ConnectionView view =
        ConnectionStringReader.view(
            used(connection), Optional.ofNullable(password(name)), environment, problems);
    addPartProblems(connection, problems);
    return view;
  }

  private Given known(String name) {
    @Nullable Given connection = given.get(name);
    if (connection == null) {
      throw new IllegalArgumentException("no connection string \"" + name + "\" was given");
    }
    return connection;
  }

  /// Whether what [#read] makes of it may be another one at the next look.
  boolean comesFromFile(String name) {
    for (String part : new String[] {"", PASSWORD, DIRECT, DIRECT.concat(PASSWORD)}) {
      @Nullable Given found = given.get(name.concat(part));
      if (found != null && found.origin() == Given.Origin.FILE) {
        return true;
      }
    }
    return false;
  }

  private Given used(Given connection) {
    @Nullable Given direct = part(connection.name(), DIRECT);
    return direct == null ? connection : direct.named(connection.name());
  }

  private @Nullable Given password(String name) {
    if (part(name, DIRECT) != null) {
      @Nullable Given own = part(name, DIRECT.concat(PASSWORD));
      if (own != null) {
        return own;
      }
    }
    return part(name, PASSWORD);
  }

  /// As with settings, an empty text is none.
  private @Nullable Given part(String name, String part) {
    @Nullable Given found = given.get(name.concat(part));
    return found == null || found.text().isEmpty() ? null : found;
  }

  private void addPartProblems(Given connection, List<ConfigurationProblem> problems) {
    String prefix = connection.name().concat(":");
    for (Given part : given.tailMap(prefix).values()) {
      if (!part.name().regionMatches(true, 0, prefix, 0, prefix.length())) {
        break;
      }
      if (!isKnownPart(part.name().substring(prefix.length() - 1))) {
        problems.add(
            new ConfigurationProblem(
                part.source(),
                "connection string \"" + connection.name() + "\" has an unknown part beneath it",
                "Write it into the connection string; beneath it there can be Password and Direct."));
      }
    }
  }

  private static boolean isKnownPart(String part) {
    return part.equalsIgnoreCase(PASSWORD)
        || part.equalsIgnoreCase(DIRECT)
        || part.equalsIgnoreCase(DIRECT.concat(PASSWORD));
  }
}
