package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The entry point of `scripts/bench`: figures on stdout, progress on stderr, exit code 1 if a
/// limit is missed.
public final class Bench {
  private static final int DONE = 0;
  private static final int MISSED = 1;
  private static final int USAGE = 2;

  private Bench() {}

  public static void main(String[] arguments) throws IOException {
    System.exit(run(new ArrayList<>(List.of(arguments))));
  }

  private static int run(List<String> arguments) throws IOException {
    boolean smoke = arguments.remove("--smoke");
    List<String> topics =
        arguments.isEmpty() ? List.of("migrate", "liquibase", "ef", "script", "memory", "image") : arguments;
    if (topics.stream().anyMatch(topic -> !topic.matches("migrate|liquibase|ef|script|memory|image"))) {
      System.err.println(
          "usage: scripts/bench [migrate] [liquibase] [ef] [script] [memory] [image] [--smoke]");
      return USAGE;
    }
    Path checkout = Path.of("").toAbsolutePath();
    Path folder = Files.createDirectories(checkout.resolve("target/bench"));
    List<Figure> figures = new ArrayList<>();
    Consumer<Figure> listener =
        figure -> {
          Figure shown = smoke ? figure.withoutLimit() : figure;
          figures.add(shown);
          System.out.println(shown.line());
        };
    try (var server = new BenchServer(Files.createTempDirectory(folder, "postgres"))) {
      for (String topic : topics) {
        switch (topic) {
          case "migrate" -> {
            var scale = smoke ? MigrateTopic.Scale.SMOKE : MigrateTopic.Scale.FULL;
            new MigrateTopic(server, checkout, scale, listener).run();
          }
          case "liquibase" -> {
            var scale = smoke ? LiquibaseTopic.Scale.SMOKE : LiquibaseTopic.Scale.FULL;
            new LiquibaseTopic(server, checkout, scale, listener).run();
          }
          case "ef" -> {
            var scale = smoke ? EfTopic.Scale.SMOKE : EfTopic.Scale.FULL;
            new EfTopic(server, checkout, scale, listener).run();
          }
          case "memory" -> new MemoryTopic(server, checkout, smoke, listener).run();
          case "image" -> new ImageTopic(server, checkout, smoke, listener).run();
          default -> {
            var scale = smoke ? ScriptTopic.Scale.SMOKE : ScriptTopic.Scale.FULL;
            new ScriptTopic(server, checkout, scale, listener).run();
          }
        }
      }
    }
    return figures.stream().allMatch(Figure::met) ? DONE : MISSED;
  }
}
