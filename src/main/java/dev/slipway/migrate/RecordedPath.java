package dev.slipway.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The path of a changelog file as Liquibase records it, without what depends on how Liquibase was
/// started: `classpath:`, the first slash, a drive, backslashes, `.` and `..`, doubled slashes,
/// letter case. Liquibase forgives these too (`DatabaseChangeLog.normalizePath`).
record RecordedPath(List<String> segments) {
  private static final String CLASSPATH = "classpath:";
  private static final Pattern DRIVE = Pattern.compile("^[a-z]:");

  RecordedPath {
    segments = List.copyOf(segments);
  }

  static RecordedPath of(String path) {
    String plain = path.toLowerCase(Locale.ROOT).replace('\\', '/');
    if (plain.startsWith(CLASSPATH)) {
      plain = plain.substring(CLASSPATH.length());
    }
    List<String> segments = new ArrayList<>();
    for (String segment : DRIVE.matcher(plain).replaceFirst("").split("/", -1)) {
      boolean below = !segments.isEmpty() && !segments.getLast().equals("..");
      if (segment.equals("..") && below) {
        segments.removeLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return new RecordedPath(segments);
  }

  String fileName() {
    return segments.isEmpty() ? "" : segments.getLast();
  }

  /// How many segments both have in common if one of them is the end of the other, else 0: the
  /// changelog may have moved as a whole, or Liquibase was started in another folder.
  int overlap(RecordedPath other) {
    int length = Math.min(segments.size(), other.segments.size());
    return end(length).equals(other.end(length)) ? length : 0;
  }

  private List<String> end(int length) {
    return segments.subList(segments.size() - length, segments.size());
  }
}
