package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.resync.Contents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What lies in schemas, for people and for programs.
final class ContentsText {
  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};
  private static final int UNIT = 1024;

  private ContentsText() {}

  /// A line for each object.
  static List<String> lines(Contents contents) {
    List<String[]> lines = new ArrayList<>();
    for (Contents.Found found : contents.found()) {
      lines.add(
          new String[] {
            found.kind(),
            (found.schema() + "." + found.name()).replaceAll("\\p{Cntrl}", "?"),
            found.bytes() == 0
                ? ""
                : "about %d rows, %s".formatted(found.rows(), size(found.bytes()))
          });
    }
    int kindWidth = lines.stream().mapToInt(line -> line[0].length()).max().orElse(1);
    int nameWidth = lines.stream().mapToInt(line -> line[1].length()).max().orElse(1);
    String format = "%%-%ds  %%-%ds  %%s".formatted(kindWidth, nameWidth);
    return lines.stream()
        .map(line -> format.formatted(line[0], line[1], line[2]).stripTrailing())
        .toList();
  }

  /// How much it is in all.
  static String extent(Contents contents) {
    int objects = contents.found().size();
    return "%s with about %d rows, %s on disk"
        .formatted(
            objects == 1 ? "1 object" : objects + " objects",
            contents.rows(),
            size(contents.bytes()));
  }

  /// As PostgreSQL's `pg_size_pretty` has it.
  private static String size(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= UNIT && unit < UNITS.length - 1) {
      size /= UNIT;
      unit++;
    }
    return String.format(Locale.ROOT, "%.0f %s", size, UNITS[unit]);
  }

  static void write(JsonGenerator json, String member, Contents contents) throws IOException {
    json.writeArrayFieldStart(member);
    for (Contents.Found found : contents.found()) {
      json.writeStartObject();
      json.writeStringField("kind", found.kind());
      json.writeStringField("schema", found.schema());
      json.writeStringField("name", found.name());
      json.writeNumberField("rows", found.rows());
      json.writeNumberField("bytes", found.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
