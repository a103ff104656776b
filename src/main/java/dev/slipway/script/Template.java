package dev.slipway.script;

import dev.slipway.sql.SqlFile;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// PL/pgSQL with places to fill, each a name in braces: `{history}`.
record Template(String text) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

  /// The one in the resource of this name, beside this class.
  static Template named(String resource) {
    return new Template(SqlFile.read(Template.class, resource));
  }

  /// @param values by the names of the places; all must be given
  String fill(Map<String, String> values) {
    var filled = new StringBuilder();
    Matcher place = PLACE.matcher(text);
    int from = 0;
    while (place.find()) {
      String value = values.get(place.group(1));
      if (value == null) {
        throw new IllegalArgumentException("nothing given for " + place.group());
      }
      filled.append(text, from, place.start()).append(value);
      from = place.end();
    }
    return filled.append(text, from, text.length()).toString();
  }
}
