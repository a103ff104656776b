package dev.slipway.changelog.liquibase;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The properties that a place in a changelog sees: of all that were set before, the first one that
/// is for this database wins, and an outer file's own ones are seen in the files that it includes
/// (Liquibase's `ChangeLogParameters`). Neither environment variables nor the JVM's properties are
/// among them: a changelog means the same wherever it runs.
final class ChangelogProperties {
  /// How deep a value may name other properties.
  private static final int DEEPEST = 50;

  private final List<Property> global = new ArrayList<>();

  private record Property(String name, String value) {}

  /// The properties of one file, that no other file sees but those that it includes.
  static final class Local {
    private final List<Property> properties = new ArrayList<>();
    private final Optional<Local> outer;

    Local(Optional<Local> outer) {
      this.outer = outer;
    }
  }

  /// What is seen at one place.
  final class View {
    private final int globals = global.size();
    private final Local local;
    private final int locals;

    private View(Local local) {
      this.local = local;
      this.locals = local.properties.size();
    }

    /// The text with the values of the properties that it names as `${name}`; what names none stays
    /// as it is.
    String expand(String text) {
      return text.contains("${") ? expand(text, 0) : text;
    }

    private String expand(String text, int depth) {
      var expanded = new StringBuilder();
      int from = 0;
      for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", from)) {
        int close = text.indexOf('}', open);
        if (close < 0) {
          break;
        }
        expanded.append(text, from, open);
        String name = text.substring(open + 2, close);
        expanded.append(
            value(name.strip())
                .map(value -> depth < DEEPEST ? expand(value, depth + 1) : value)
                .orElse("${" + name + "}"));
        from = close + 1;
      }
      return expanded.append(text, from, text.length()).toString();
    }

    /// What the same place would see if it stood behind all that has been read.
    View inTheEnd() {
      return new View(local);
    }

    boolean isDefined(String name) {
      return value(name).isPresent();
    }

    private Optional<String> value(String name) {
      Optional<String> found = first(global.subList(0, globals), name);
      int seen = locals;
      Optional<Local> at = Optional.of(local);
      while (found.isEmpty() && at.isPresent()) {
        List<Property> all = at.get().properties;
        found = first(all.subList(0, Math.min(seen, all.size())).reversed(), name);
        at = at.get().outer;
        seen = Integer.MAX_VALUE;
      }
      return found;
    }

    private static Optional<String> first(List<Property> properties, String name) {
      return properties.stream()
          .filter(property -> property.name().equalsIgnoreCase(name))
          .map(Property::value)
          .findFirst();
    }
  }

  View at(Local local) {
    return new View(local);
  }

  void set(String name, String value) {
    global.add(new Property(name, value));
  }

  void set(String name, String value, Local local) {
    local.properties.add(new Property(name, value));
  }
}
