package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What of EF's scripts cannot be applied is refused by name and line, before a database is asked
/// for.
final class EfRefusalTest {
  private static final int CUTS = 30;
  private static final EfGolden SHOP = new EfGolden("bookshop", "ef10");
  private static final int MEGABYTES = 100;

  @TempDir private Path folder;

  /// @param message what the error says, with the line
  record Refused(String name, String script, int line, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Refused> scripts() {
    return Stream.of(
        new Refused("down", SHOP.text("down"), 4, "a down-script"),
        new Refused("down with guards", SHOP.text("down.idempotent"), 8, "a down-script"),
        new Refused("no guards", SHOP.text("plain"), 32, "a script of EF's without guards"),
        new Refused(
            "no guards, another history",
            SHOP.text("plain").replace("\"__EFMigrationsHistory\"", "ops.\"_Migrations\""),
            32,
            "a script of EF's without guards"),
        new Refused(
            "cut off within a block",
            SHOP.text("idempotent").substring(0, 700),
            22,
            "cut off: what begins here has no end"),
        new Refused(
            "cut off in front of COMMIT",
            SHOP.text("idempotent").replaceFirst("(?s)COMMIT;.*", ""),
            54,
            "cut off: it ends within a transaction"),
        new Refused(
            "without the block that records",
            SHOP.text("idempotent")
                .replaceFirst("(?s)DO \\$EF\\$[^;]*\\(\"MigrationId\".*?EF\\$;", ""),
            9,
            "no block records"),
        new Refused(
            "a block that another one begins in",
            SHOP.text("idempotent").replaceFirst("    END IF;\nEND \\$EF\\$;\n", ""),
            9,
            "cut off: what begins here has no end"),
        new Refused(
            "another history",
            SHOP.text("idempotent") + new EfGolden("cargo-b", "ef10").text("idempotent"),
            482,
            "asks another history"),
        new Refused(
            "recorded under another id",
            SHOP.text("idempotent")
                .replace("VALUES ('20240105090000_I", "VALUES ('20240105090000_X"),
            9,
            "no block records"),
        new Refused(
            "no migration",
            SHOP.text("idempotent").replaceFirst("(?s)\nSTART.*", ""),
            1,
            "no migration"),
        new Refused(
            "for SQL Server",
            """
            IF OBJECT_ID(N'[__EFMigrationsHistory]') IS NULL
            BEGIN
                CREATE TABLE [__EFMigrationsHistory] (
                    [MigrationId] nvarchar(150) NOT NULL
                );
            END;
            GO
            """,
            1,
            "for SQL Server"),
        new Refused(
            "for SQLite",
            """
            CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
                "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
                "ProductVersion" TEXT NOT NULL
            );

            BEGIN TRANSACTION;
            """,
            2,
            "for SQLite"),
        new Refused(
            "a file of psql's", "\\i other.sql\n" + SHOP.text("idempotent"), 1, "cannot run \\i"));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void it_is_refused_by_name_and_line(Refused refused) {
    new Folder(folder).write("changelog/migrations.sql", refused.script());

    Program.Result result = Program.in(folder).run("show", "head");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .contains(refused.message())
        .contains("migrations.sql:" + refused.line() + "\n")
        .contains("  state   nothing was changed\n");
  }

  /// A file that only speaks of EF's tables is none of its scripts.
  @Test
  void any_other_file_is_no_migration() {
    new Folder(folder).write("changelog/products.sql", "SELECT product_version FROM products;");

    Program.Result result = Program.in(folder).run("show", "head");

    assertThat(result.err()).startsWith("error: \"products\" is no migration id\n");
  }

  /// As PowerShell's `>` leaves it.
  @Test
  void utf_16_is_named() throws IOException {
    Files.createDirectories(folder.resolve("changelog"));
    Files.writeString(
        folder.resolve("changelog/migrations.sql"),
        "\uFEFF" + SHOP.text("idempotent"),
        StandardCharsets.UTF_16LE);

    Program.Result result = Program.in(folder).run("show", "head");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("error: UTF-16, not UTF-8\n")
        .contains("migrations.sql:1\n")
        .contains("iconv -f UTF-16 -t UTF-8");
  }

  static Stream<EfGolden> goldens() {
    return EfGolden.all();
  }

  /// Unless it is cut behind a migration: then it is a whole script with fewer of them.
  @ParameterizedTest
  @MethodSource("goldens")
  void a_script_cut_anywhere_changes_nothing(EfGolden golden) throws IOException {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    byte[] script = Files.readAllBytes(golden.script("idempotent"));
    try (var database = TestDatabase.create()) {
      for (int i = 0; i < CUTS * Randomness.factor(); i++) {
        byte[] part = Arrays.copyOf(script, 1 + random.nextInt(script.length - 1));
        if (endsBehindMigration(new String(part, StandardCharsets.UTF_8).stripTrailing())) {
          continue;
        }
        Files.createDirectories(folder.resolve("changelog"));
        Files.write(folder.resolve("changelog/migrations.sql"), part);

        Program.Result result = Program.in(folder).with("Shop", database).run();

        assertThat(result.code()).as("seed %d, %d: %s", seed, part.length, result).isEqualTo(3);
        assertThat(result.err()).containsPattern("migrations.sql:\\d+");
      }
      assertThat(database.tables()).isEmpty();
    }
  }

  /// Behind COMMIT, or behind the row of one that runs outside a transaction.
  private static boolean endsBehindMigration(String script) {
    boolean isRow =
        script.matches("(?s).*END \\$EF\\$;?")
            && script.lastIndexOf("INSERT INTO \"__EFMigrationsHistory\"")
                > script.lastIndexOf("DO $EF$");
    return script.endsWith("COMMIT;")
        || (isRow && script.lastIndexOf("COMMIT;") > script.lastIndexOf("START TRANSACTION;"));
  }

  @Test
  void binary_data_is_refused() throws IOException {
    byte[] data = new byte[100_000];
    Randomness.of(Randomness.seed()).nextBytes(data);
    Files.createDirectories(folder.resolve("changelog"));
    for (String begin : new String[] {"", SHOP.text("idempotent").substring(0, 800)}) {
      byte[] content = Arrays.copyOf(begin.getBytes(StandardCharsets.UTF_8), data.length);
      System.arraycopy(data, 0, content, begin.length(), data.length - begin.length());
      Files.write(folder.resolve("changelog/migrations.sql"), content);

      Program.Result result = Program.in(folder).run("show", "head");

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(result.err()).containsPattern("migrations.sql:\\d+");
    }
  }

  /// In as little memory as the image needs otherwise, and in as much as it takes to read it.
  @Test
  @Tag("slow")
  void a_hundred_megabytes_are_refused() throws Exception {
    byte[] block = SHOP.text("idempotent").substring(300, 1_800).getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(folder.resolve("changelog"));
    try (OutputStream out = Files.newOutputStream(folder.resolve("changelog/migrations.sql"))) {
      for (long size = 0; size < MEGABYTES * 1_000_000L; size += block.length) {
        out.write(block);
      }
    }

    for (String memory : new String[] {"-Xmx48m", "-Xmx1g"}) {
      Program.Result result =
          Program.finish(Program.in(folder).with("JDK_JAVA_OPTIONS", memory).start("show", "head"));

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(result.err()).containsPattern("migrations.sql:\\d+");
    }
  }
}
