package dev.slipway.testing;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// Writes a script as Entity Framework does (`Migrator.GenerateScript`, and the history repository
/// of its provider for PostgreSQL), in the shape of one of its versions; and as people leave it.
public final class EfScriptText {
  private final Shape shape;
  private final Random random;
  private final StringBuilder script = new StringBuilder();

  /// What EF's versions do differently.
  public enum Version {
    EF3,
    EF5,
    EF6,
    EF7,
    EF8,
    EF9,
    EF10;

    private String tag() {
      return compareTo(EF5) <= 0 ? "$$" : "$EF$";
    }

    private boolean hasTransactions() {
      return this != EF3;
    }

    private boolean hasOneTransaction() {
      return this == EF9;
    }
  }

  /// How the file is written, and what became of it.
  ///
  /// @param lineEnd `\n`, `\r\n`, or empty for now this, now that
  /// @param indent four blanks, or a tab that an editor made of them
  public record Shape(
      Version version, String lineEnd, boolean isMarked, String indent, boolean hasComments) {

    public static Shape of(Random random) {
      return new Shape(
          List.of(Version.values()).get(random.nextInt(Version.values().length)),
          List.of("\n", "\r\n", "").get(random.nextInt(3)),
          random.nextBoolean(),
          random.nextInt(4) == 0 ? "\t" : "    ",
          random.nextBoolean());
    }
  }

  /// One call of `migrationBuilder.Sql()`, or what EF makes of an operation.
  ///
  /// @param text as EF gets it
  /// @param isSuppressed whether it is to run outside of the transaction
  public record Command(String text, boolean isSuppressed) {}

  public record Migration(String id, List<Command> commands) {
    public Migration {
      commands = List.copyOf(commands);
    }
  }

  private EfScriptText(Shape shape, Random random) {
    this.shape = shape;
    this.random = random;
  }

  public static String of(List<Migration> migrations, Shape shape, Random random) {
    var text = new EfScriptText(shape, random);
    text.write(migrations);
    return (shape.isMarked() ? "\uFEFF" : "") + text.lineEnds();
  }

  private String lineEnds() {
    return shape.lineEnd().isEmpty()
        ? script
            .toString()
            .lines()
            .map(line -> line + (random.nextBoolean() ? "\r\n" : "\n"))
            .collect(Collectors.joining())
        : script.toString().replace("\n", shape.lineEnd());
  }

  private void write(List<Migration> migrations) {
    script.append(comment("-- Reviewed; don't edit\n")).append(comment("\\set ON_ERROR_STOP on\n"));
    script.append(
        """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
            "MigrationId" character varying(150) NOT NULL,
            "ProductVersion" character varying(32) NOT NULL,
            CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
        );

        """);
    boolean isOpen = false;
    for (Migration migration : migrations) {
      isOpen = begin(isOpen);
      boolean wasSuppressed = false;
      for (Command command : migration.commands()) {
        isOpen = command.isSuppressed() ? end(isOpen) : begin(isOpen);
        wasSuppressed |= command.isSuppressed();
        block(migration.id(), command.text());
      }
      boolean isRowOutside = wasSuppressed && shape.version().compareTo(Version.EF9) >= 0;
      isOpen = isRowOutside ? end(isOpen) : begin(isOpen);
      block(migration.id(), row(migration.id()));
      isOpen = shape.version().hasOneTransaction() ? isOpen : end(isOpen);
    }
    end(isOpen);
  }

  private boolean begin(boolean isOpen) {
    if (!isOpen && shape.version().hasTransactions()) {
      script.append("START TRANSACTION;\n");
      script.append(shape.version().compareTo(Version.EF9) < 0 ? "\n" : "");
    }
    return shape.version().hasTransactions();
  }

  private boolean end(boolean isOpen) {
    script.append(isOpen ? "COMMIT;\n\n" : "");
    return false;
  }

  private String row(String id) {
    return """
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('%s', '%s');
    """
        .formatted(id, productVersion());
  }

  public static String productVersion(Shape shape) {
    return shape.version().name().substring(2) + ".0.1";
  }

  private String productVersion() {
    return productVersion(shape);
  }

  /// `AppendLines` puts the indentation before each line that is not empty, and ends the last one.
  private void block(String id, String text) {
    String tag = shape.version().tag();
    script.append("\nDO ").append(tag).append(comment(" -- the block's")).append("\nBEGIN\n");
    script.append(comment("    -- is it there?\n"));
    script.append(
        "    IF NOT EXISTS(SELECT 1 FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '");
    script.append(id).append("') THEN").append(comment(" /* then */")).append('\n');
    text.lines()
        .forEach(
            line -> script.append(line.isEmpty() ? "" : shape.indent()).append(line).append('\n'));
    script.append(comment("    -- END IF; END $EF$;\n"));
    script.append("    END IF;").append(comment(" -- the \"if\"'s")).append("\nEND ");
    script.append(comment("/* $EF$ */ ")).append(tag).append(';');
    script.append(comment(" -- done; with it")).append('\n');
  }

  private String comment(String comment) {
    return shape.hasComments() && random.nextBoolean() ? comment : "";
  }
}
