package dev.slipway.testing;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Changelogs with much of something. Each makes a table `t` with a row for each of it.
public enum LargeChangelog {
  /// Of 500 bytes each; one character of each takes two bytes in the memory of a JVM, and so do all
  /// the others of its string.
  MEGABYTES_OF_STATEMENTS("50 MB of statements", 100_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      out.append("CREATE TABLE t (id int, v text);\n");
      for (int i = 0; i < count; i++) {
        out.append("INSERT INTO t VALUES (").append(Integer.toString(i)).append(", '€");
        out.append("x".repeat(465)).append("');\n");
      }
    }
  },
  MEGABYTES_IN_ONE_STATEMENT("one statement of 50 MB", 100_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      out.append("CREATE TABLE t (id int, v text);\nINSERT INTO t VALUES\n");
      for (int i = 0; i < count; i++) {
        out.append(i == 0 ? "(" : ",\n(").append(Integer.toString(i)).append(", '");
        out.append("x".repeat(487)).append("')");
      }
      out.append(";\n");
    }
  },
  STATEMENTS("100,000 statements", 100_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      writeStatements(out, count);
    }
  },
  STATEMENTS_WITHOUT_TRANSACTION("100,000 statements without a transaction", 100_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      out.append("-- slipway: no-transaction\n");
      writeStatements(out, count);
    }
  },
  ROWS("a statement that returns a million rows", 1_000_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      out.append(
          """
          CREATE TABLE t (id int);
          INSERT INTO t SELECT generate_series(1, %d) RETURNING id, repeat('x', 100);
          """
              .formatted(count));
    }
  },
  NOTICES("a million notices", 1_000_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      out.append(
          """
          CREATE TABLE t (id int);
          DO $$ BEGIN
            FOR i IN 1..%1$d LOOP
              RAISE NOTICE '%% %%', i, repeat('x', 100);
            END LOOP;
          END $$;
          INSERT INTO t SELECT generate_series(1, %1$d);
          """
              .formatted(count));
    }
  },
  MIGRATIONS("10,000 migrations", 10_000) {
    @Override
    void writeSql(Appendable out, int count) throws IOException {
      out.append("CREATE TABLE t (id int);\n");
    }

    @Override
    public void write(Path folder, int divisor) {
      super.write(folder, divisor);
      for (int i = 0; i < count(divisor); i++) {
        writeFile(
            folder,
            "20240102%06d_Insert.sql".formatted(i),
            out -> out.append("-- What it is for.\nINSERT INTO t VALUES (1);\n"));
      }
    }
  };

  private final String title;
  private final int count;

  @FunctionalInterface
  private interface Text {
    void write(Appendable out) throws IOException;
  }

  LargeChangelog(String title, int count) {
    this.title = title;
    this.count = count;
  }

  abstract void writeSql(Appendable out, int count) throws IOException;

  private static void writeStatements(Appendable out, int count) throws IOException {
    out.append("CREATE TABLE t (id int);\n");
    for (int i = 0; i < count; i++) {
      out.append("INSERT INTO t VALUES (").append(Integer.toString(i)).append(");\n");
    }
  }

  /// How many rows the table gets.
  ///
  /// @param divisor what part of its size is wanted; 1 for all
  public int count(int divisor) {
    return Math.max(1, count / divisor);
  }

  /// @param divisor as for [#count]
  public void write(Path folder, int divisor) {
    writeFile(folder, "20240101000000_Large.sql", out -> writeSql(out, count(divisor)));
  }

  private static void writeFile(Path folder, String name, Text text) {
    try {
      Files.createDirectories(folder);
      try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(name))) {
        text.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
