package dev.slipway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What lies in the folder of secrets, by name only: what it holds is nobody's business.
///
/// @param names of files, sorted
public record SecretFiles(Path folder, List<String> names) {
  private static final int MOST_SHOWN = 10;

  public SecretFiles {
    names = List.copyOf(names);
  }

  /// Those that were probably meant to be connection strings.
  List<MisspeltVariable> misspelt() {
    return names.stream()
        .filter(name -> !name.endsWith(".txt"))
        .map(MisspeltVariable::like)
        .flatMap(Optional::stream)
        .toList();
  }

  /// As a sentence.
  public String text() {
    if (names.isEmpty()) {
      return "The folder of secrets %s holds no file.".formatted(folder);
    }
    List<String> shown = names.subList(0, Math.min(MOST_SHOWN, names.size()));
    return "The folder of secrets %s holds %s%s."
        .formatted(
            folder,
            String.join(", ", shown).replaceAll("\\p{Cntrl}", "?"),
            names.size() > MOST_SHOWN
                ? " and %d more files".formatted(names.size() - MOST_SHOWN)
                : "");
  }
}
