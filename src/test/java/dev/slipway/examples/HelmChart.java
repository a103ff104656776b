package dev.slipway.examples;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A chart, rendered by Helm's own code, which helm-java brings as a native library.
record HelmChart(Path folder) {
  private static final Pattern SOURCE = Pattern.compile("(?m)^# Source: [^/]+/(\\S+)$");
  private static final String HOOK = "helm.sh/hook";
  private static final String HIDDEN_HOOK = "hidden.helm.sh/hook";

  /// What a release of it is made of.
  record Rendered(String text) {
    List<Manifest> documents() {
      return Manifest.in("the rendered chart", text);
    }

    /// The files that it comes from, as `templates/deployment.yaml`.
    List<String> sources() {
      return SOURCE.matcher(text).results().map(line -> line.group(1)).toList();
    }
  }

  /// As release `shop`, with its hooks. helm-java leaves out what Helm knows for a hook, so Helm
  /// gets a copy whose hooks have annotations of another name.
  ///
  /// @param values in place of those in values.yaml
  /// @param copy an empty folder
  Rendered render(Map<String, Object> values, Path copy) {
    try {
      copyTo(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = new HelmChart(copy).renderWithoutHooks(values).text();
    return new Rendered(text.replace(HIDDEN_HOOK, HOOK));
  }

  private void copyTo(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(folder.relativize(file));
        Files.createDirectories(target.getParent());
        Files.writeString(target, Files.readString(file).replace(HOOK, HIDDEN_HOOK));
      }
    }
  }

  /// As release `shop`, without what Helm knows for a hook.
  Rendered renderWithoutHooks(Map<String, Object> values) {
    TemplateCommand template = new Helm(folder).template().withName("shop");
    values.forEach(template::set);
    return new Rendered(template.call());
  }
}
