package dev.slipway.script;

import dev.slipway.migration.Origin;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Where things stand, as a script names them: from the changelog's own folder on, since a script
/// is the same wherever it was written.
///
/// @param changelog the path of the changelog, a folder or a file
record Places(String changelog) {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /// The changelog's name, without the folders that it lies in.
  String name() {
    Path name = Path.of(changelog).toAbsolutePath().normalize().getFileName();
    return name == null ? "/" : oneLine(name.toString());
  }

  String of(Origin origin) {
    return oneLine(file(origin.file())) + (origin.line() > 1 ? ":" + origin.line() : "");
  }

  /// A name as a comment can have it: one that goes on in the next line would be executed there.
  static String oneLine(String name) {
    return CONTROL.matcher(name).replaceAll(" ");
  }

  private String file(String file) {
    Path path = Path.of(file).toAbsolutePath().normalize();
    Path root = Path.of(changelog).toAbsolutePath().normalize();
    Path above = root.getParent();
    return above != null && path.startsWith(above) ? above.relativize(path).toString() : file;
  }
}
