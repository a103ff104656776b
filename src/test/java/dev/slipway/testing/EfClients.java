package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Real clients of Entity Framework Core, with the runtime that they need: `ef8` and `ef10`.
public final class EfClients {
  private final Path programs;

  private EfClients(Path programs) {
    this.programs = programs;
  }

  /// Puts them into a folder.
  public static EfClients unpackInto(Path folder) {
    Tool.run(source().resolve("unpack").toString(), folder.toString());
    return new EfClients(folder);
  }

  /// The ids of the migrations that the model `bookshop` has.
  public static List<String> bookshopIds() throws IOException {
    return Files.readAllLines(source().resolve("golden/bookshop/migrations-list.txt")).stream()
        .map(line -> line.replaceFirst("^(applied|pending) ", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /// The command line of a client.
  public List<String> command(String client, String command, String model, String connection) {
    return new ArrayList<>(
        List.of(
            programs.resolve("runtime/dotnet").toString(),
            programs.resolve("efclient").resolve(client).resolve("efclient.dll").toString(),
            command,
            "--model",
            model,
            "--connection",
            connection));
  }

  /// A client's own `Migrate()`.
  public EfMigrator migrator(String client, String model) {
    return database -> {
      List<String> command =
          command(
              client,
              "migrate",
              model,
              database.connectionString(";Application Name=" + EfMigrator.APPLICATION));
      var builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      try {
        Path errors = Files.createTempFile(programs, "errors", ".txt");
        Process process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return new EfMigrator.Outcome(
            out.lines().toList(),
            code == 0 ? "" : "exit " + code + "\n" + Files.readString(errors));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    };
  }

  /// The folder with the clients: `-Dslipway.test.ef=…`, else `shared/ef` beside the checkout or
  /// beside a folder above it.
  private static Path source() {
    String named = System.getProperty("slipway.test.ef", "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path ef = at.resolve("shared/ef");
      if (Files.exists(ef.resolve("unpack"))) {
        return ef;
      }
    }
    throw new AssertionError(
        "this test needs the EF clients: a folder shared/ef with its program \"unpack\" beside the"
            + " checkout, or -Dslipway.test.ef=FOLDER");
  }
}
