package dev.slipway.cli;

import dev.slipway.changelog.ChangelogFolder;
import dev.slipway.config.Settings;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `slipway new NAME`: a file for the next migration, behind all that the changelog has.
public final class NewCommand {
  private static final Pattern NAME = Pattern.compile("\\w{1,135}");
  private static final DateTimeFormatter DIGITS = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  private static final int DIGIT_COUNT = 14;
  private static final long LAST = 99_999_999_999_999L;

  private static final String TEMPLATE =
      """
      -- Plain SQL; everything in this file is applied in one transaction.

      """;

  private final Environment environment;
  private final Settings settings;
  private final Clock clock;

  /// @param clock for the digits of the id
  public NewCommand(Environment environment, Settings settings, Clock clock) {
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
  }

  /// @param name letters, digits and underscores
  /// @return the exit code
  public int run(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new UsageException(
          "\"%s\" cannot be the name of a migration".formatted(name),
          "A name has 1 to 135 letters, digits and underscores.",
          "Try: slipway new AddOrders");
    }
    Path folder = folder();
    String id = digits(lastDigits(folder)) + "_" + name;
    Path file = folder.resolve(id + ".sql");
    write(file);
    print(id, file);
    return ExitCodes.DONE;
  }

  private Path folder() {
    Path folder = settings.changelog().normalize();
    if (!folder.toFile().exists()) {
      return settings.database().map(folder::resolve).orElse(folder);
    }
    return switch (ChangelogFolder.at(folder)) {
      case ChangelogFolder.Single(var path, _) -> path;
      case ChangelogFolder.PerDatabase several -> {
        List<Path> paths = LocalChangelogs.paths(settings);
        if (paths.size() > 1) {
          throw new UsageException(
              "there are several changelogs",
              "In %s: %s.".formatted(several.path(), String.join(", ", several.folders())),
              "Name the one that it is for: --database " + several.folders().getFirst());
        }
        yield paths.getFirst();
      }
    };
  }

  /// The digits of the last id; empty if there is none.
  private String lastDigits(Path path) {
    String[] names = path.toFile().list();
    boolean isEmpty = names == null || Stream.of(names).allMatch(ChangelogFolder::isIgnored);
    if (isEmpty && !path.toFile().isFile()) {
      return "";
    }
    Changelog changelog =
        LocalChangelogs.load(path, environment.readers(), LocalChangelogs.own(settings, path));
    Migration last = changelog.migrations().getLast();
    if (path.toFile().isFile()) {
      throw UsageException.noFile(path, "It is a file itself", last);
    }
    if (!changelog.isOrderedById()) {
      throw UsageException.noFile(path, "Its ids do not say their order", last);
    }
    return last.id().value().substring(0, DIGIT_COUNT);
  }

  /// Now, or just behind the last id where that is not before now.
  private String digits(String last) {
    String digits = DIGITS.format(LocalDateTime.now(clock.withZone(ZoneOffset.UTC)));
    return last.compareTo(digits) < 0 ? digits : behind(last);
  }

  /// A second later, or, since the digits need not be a real time, the next number.
  private static String behind(String digits) {
    try {
      return DIGITS.format(LocalDateTime.parse(digits, DIGITS).plusSeconds(1));
    } catch (DateTimeParseException e) {
      long next = Long.parseLong(digits) + 1;
      if (next > LAST) {
        throw new UsageException(
            "no id comes behind \"%s\"".formatted(digits),
            "It is the last of the changelog.",
            "Give the file a name by hand: <14 digits>_<Name>.sql");
      }
      return "%014d".formatted(next);
    }
  }

  private static void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, TEMPLATE, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new FileNotWrittenException(file, e);
    }
  }

  private void print(String id, Path file) {
    if (settings.json()) {
      Json.print(
          environment.console(),
          json -> {
            json.writeStringField("id", id);
            json.writeStringField("file", file.toString());
          });
    } else {
      environment.console().document(file.toString());
    }
  }

  /// The file could not be made.
  static final class FileNotWrittenException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    FileNotWrittenException(Path file, IOException cause) {
      super(
          FailureKind.CONFIGURATION,
          "could not write \"%s\"".formatted(file),
          WriteFailure.reason(cause),
          "Choose a folder that can be written: --changelog PATH",
          TargetState.UNCHANGED,
          cause);
    }
  }
}
