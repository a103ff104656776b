package dev.slipway.bench;

import dev.slipway.bench.MigrateTopic.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    if (arguments.size() > 1 || !(arguments.isEmpty() || arguments.contains("migrate"))) {
      System.err.println("usage: scripts/bench [migrate] [--smoke]");
      return USAGE;
    }
    Path checkout = Path.of("").toAbsolutePath();
    Path folder = Files.createDirectories(checkout.resolve("target/bench"));
    List<Figure> figures = new ArrayList<>();
    try (var server = new BenchServer(Files.createTempDirectory(folder, "postgres"))) {
      new MigrateTopic(
              server,
              checkout,
              smoke ? Scale.SMOKE : Scale.FULL,
              figure -> {
                Figure shown = smoke ? figure.withoutLimit() : figure;
                figures.add(shown);
                System.out.println(shown.line());
              })
          .run();
    }
    return figures.stream().allMatch(Figure::met) ? DONE : MISSED;
  }
}
