package dev.slipway.cli;

import dev.slipway.config.EffectiveValue;
import java.util.ArrayList;
import java.util.List;

/// Names with their texts, one to a line, the texts beneath each other.
final class AlignedLines {
  private final List<String> names = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();

  void add(String name, String text) {
    names.add(name);
    texts.add(text);
  }

  void add(EffectiveValue value) {
    add(value.key(), value.value() + "  (" + value.source() + ")");
  }

  /// A text of several lines is shown as one.
  List<String> all() {
    int width = names.stream().mapToInt(String::length).max().orElse(0) + 2;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String text = texts.get(i).replaceAll("\\p{Cntrl}", " ");
      String padding = " ".repeat(width - names.get(i).length());
      lines.add(("  " + names.get(i) + padding + text).stripTrailing());
    }
    return lines;
  }
}
