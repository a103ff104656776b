package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What real versions of Entity Framework Core wrote and made for one model: scripts, and dumps of
/// the database after EF's own `Migrate()`.
///
/// @param model `bookshop`, `cargo-a` or `cargo-b`
/// @param version `ef8`, `ef9` or `ef10`
public record EfGolden(String model, String version) {
  private static final Path FOLDER = Path.of("src/test/resources/ef/golden");
  private static final List<String> NOTHING_OF_OURS =
      List.of(
          "--no-owner",
          "--no-privileges",
          "--exclude-table=\"__EFMigrationsHistory\"",
          "--exclude-table=ops.\"_Migrations\"",
          "--exclude-table=*.slipway_journal");

  public static Stream<EfGolden> all() {
    return Stream.of("bookshop", "cargo-a", "cargo-b")
        .flatMap(model -> Stream.of("ef8", "ef9", "ef10").map(v -> new EfGolden(model, v)));
  }

  /// @param name without its suffix, as `custom-history.idempotent`
  public Path script(String name) {
    return FOLDER.resolve(model).resolve(version).resolve(name + ".sql");
  }

  /// What plays `dotnet ef migrations script --idempotent -o FILE`, in the shell's language.
  public String dotnet() {
    return """
        [ "$1 $2 $3 $4 $5" = "ef migrations script --idempotent -o" ]
        mkdir -p "$(dirname "$6")"
        cp '%s' "$6\""""
        .formatted(script("idempotent").toAbsolutePath());
  }

  public String text(String name) {
    return read(script(name));
  }

  /// The rows of the history, as `id|version`.
  public List<String> history() {
    return read(FOLDER.resolve(model).resolve(version).resolve("history.csv"))
        .lines()
        .skip(1)
        .map(line -> line.replace(',', '|'))
        .toList();
  }

  public List<String> ids() {
    return history().stream().map(row -> row.replaceFirst("\\|.*", "")).toList();
  }

  /// What pg_dump shows of the schema EF's own migrator made, but for the history.
  public String schema() {
    return comparable(text("schema.pgdump"));
  }

  public String data() {
    return comparable(text("data.pgdump"));
  }

  public static String schemaOf(TestDatabase database) {
    return comparable(dump(database, "--schema-only"));
  }

  public static String dataOf(TestDatabase database) {
    return comparable(dump(database, "--data-only", "--inserts"));
  }

  private static String dump(TestDatabase database, String... options) {
    return Tool.pgDump(
        database,
        Stream.concat(NOTHING_OF_OURS.stream(), Arrays.stream(options)).toArray(String[]::new));
  }

  /// The entries of a dump but for the history's, without what depends on the server's version.
  private static String comparable(String dump) {
    return Arrays.stream(
            dump.replaceAll("(?m)^(\\\\(un)?restrict .*|SET default_table.*)$", "")
                .split("\n(?=--\n-- )"))
        .skip(1)
        .filter(entry -> !entry.contains("__EFMigrationsHistory") && !entry.contains("_Migrations"))
        .filter(entry -> !entry.startsWith("--\n-- Name: public; Type: SCHEMA"))
        .map(String::strip)
        .collect(Collectors.joining("\n\n"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
