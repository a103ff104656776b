package dev.slipway.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/// A part of an object of Kubernetes, as YAML has it; at first the whole of it.
///
/// @param origin where it stands, for messages
/// @param content of maps, lists, texts, numbers and truth values
public record Manifest(String origin, @Nullable Object content) {
  private static final Pattern INDEX = Pattern.compile("\\d+");

  /// All documents of a file.
  public static List<Manifest> in(Path file) {
    try {
      return in(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Manifest> in(String origin, String text) {
    List<Manifest> documents = new ArrayList<>();
    for (Object content : new Yaml().loadAll(text)) {
      if (content instanceof Map<?, ?>) {
        documents.add(new Manifest(origin, content));
      }
    }
    return documents;
  }

  /// As in `batch/v1 Job`.
  public String type() {
    return text("apiVersion") + " " + text("kind");
  }

  /// What lies at the end of these keys and positions in lists.
  public Optional<Manifest> find(String... path) {
    @Nullable Object found = content;
    for (String step : path) {
      if (found instanceof Map<?, ?> map) {
        found = map.get(step);
      } else if (found instanceof List<?> list
          && INDEX.matcher(step).matches()
          && Integer.parseInt(step) < list.size()) {
        found = list.get(Integer.parseInt(step));
      } else {
        return Optional.empty();
      }
    }
    return found == null
        ? Optional.empty()
        : Optional.of(new Manifest(origin + ": " + String.join(".", path), found));
  }

  public Manifest get(String... path) {
    return find(path)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s has no %s".formatted(origin, String.join(".", path))));
  }

  public String text(String... path) {
    return String.valueOf(get(path).content);
  }

  public int number(String... path) {
    if (get(path).content instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(
        "%s: %s is no whole number".formatted(origin, String.join(".", path)));
  }

  /// The elements of the list there; none if there is no list.
  public List<Manifest> list(String... path) {
    List<Manifest> elements = new ArrayList<>();
    if (find(path).map(Manifest::content).orElse(List.of()) instanceof List<?> list) {
      list.forEach(element -> elements.add(new Manifest(origin, element)));
    }
    return elements;
  }

  public List<String> texts(String... path) {
    return list(path).stream().map(element -> String.valueOf(element.content)).toList();
  }

  /// The keys of the map there; none if there is no map.
  public List<String> keys(String... path) {
    return find(path).map(Manifest::content).orElse(Map.of()) instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }

  /// What a Job or a Deployment makes pods of.
  public Manifest pod() {
    return get("spec", "template", "spec");
  }

  /// All containers of its pods.
  public Stream<Manifest> containers() {
    return Stream.concat(pod().list("initContainers").stream(), pod().list("containers").stream());
  }
}
