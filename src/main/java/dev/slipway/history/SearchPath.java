package dev.slipway.history;

import dev.slipway.sql.Ascii;
import dev.slipway.sql.Identifier;
import java.util.ArrayList;
import java.util.List;

/// A `search_path` setting, taken apart as PostgreSQL does (`SplitIdentifierString`): names
/// separated by commas, folded to lower case unless quoted (letters beyond ASCII have no case to a
/// UTF-8 database), cut to the length of a name.
record SearchPath(List<Entry> entries) {
  /// One name of the path.
  sealed interface Entry {
    /// @param user the current one
    Identifier schema(Identifier user);

    /// Whether it counts only where the schema exists.
    boolean isOptional();

    /// The schema named like the current user, where it exists.
    record User() implements Entry {
      @Override
      public Identifier schema(Identifier user) {
        return user;
      }

      @Override
      public boolean isOptional() {
        return true;
      }
    }

    record Schema(Identifier name) implements Entry {
      @Override
      public Identifier schema(Identifier user) {
        return name;
      }

      @Override
      public boolean isOptional() {
        return false;
      }
    }
  }

  SearchPath {
    entries = List.copyOf(entries);
  }

  /// @param setting as `current_setting('search_path')` has it, so well-formed
  static SearchPath parse(String setting) {
    List<Entry> entries = new ArrayList<>();
    int i = 0;
    while (i < setting.length()) {
      char c = setting.charAt(i);
      if (c == ',' || Ascii.isSpace(c)) {
        i++;
      } else if (c == '"') {
        int end = endOfQuoted(setting, i + 1);
        add(entries, setting.substring(i + 1, end).replace("\"\"", "\""));
        i = end + 1;
      } else {
        int end = endOfPlain(setting, i);
        add(entries, Ascii.lower(setting.substring(i, end)));
        i = end;
      }
    }
    return new SearchPath(entries);
  }

  /// An empty name, as in `search_path = ''`, names no schema.
  private static void add(List<Entry> entries, String name) {
    if (name.equals("$user")) {
      entries.add(new Entry.User());
    } else if (!name.isEmpty()) {
      entries.add(new Entry.Schema(new Identifier(Identifier.truncated(name))));
    }
  }

  private static int endOfQuoted(String setting, int from) {
    int i = from;
    while (i < setting.length()) {
      if (setting.charAt(i) == '"') {
        if (i + 1 >= setting.length() || setting.charAt(i + 1) != '"') {
          return i;
        }
        i++;
      }
      i++;
    }
    return i;
  }

  private static int endOfPlain(String setting, int from) {
    int i = from;
    while (i < setting.length() && setting.charAt(i) != ',' && !Ascii.isSpace(setting.charAt(i))) {
      i++;
    }
    return i;
  }

  /// The schemas of the path in its order.
  List<Identifier> schemas(Identifier user) {
    List<Identifier> schemas = new ArrayList<>();
    for (Entry entry : entries) {
      schemas.add(entry.schema(user));
    }
    return schemas;
  }
}
