package dev.slipway.cli;

import dev.slipway.changelog.ChangelogFolder;
import dev.slipway.config.Settings;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.MigrationId;
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
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `slipway new NAME`: a file for the next migration, behind all that the changelog has.
public final class NewCommand {
  private static final Pattern NAME = Pattern.compile("\\w{1,135}");
  private static final DateTimeFormatter DIGITS = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

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
    String id = DIGITS.format(time(folder)) + "_" + name;
    Path file = folder.resolve(id + ".sql");
    write(file);
    print(id, file);
    return ExitCodes.DONE;
  }

  private Path folder() {
    if (!settings.changelog().toFile().exists()) {
      return settings.database().map(settings.changelog()::resolve).orElse(settings.changelog());
    }
    return switch (ChangelogFolder.at(settings.changelog().normalize())) {
      case ChangelogFolder.Single(var path) -> path;
      case ChangelogFolder.PerDatabase folder -> {
        List<Path> paths = LocalChangelogs.paths(settings);
        if (paths.size() > 1) {
          throw new UsageException(
              "there are several changelogs",
              "In %s: %s.".formatted(folder.path(), String.join(", ", folder.names())),
              "Name the one that it is for: --database " + folder.names().getFirst());
        }
        yield paths.getFirst();
      }
    };
  }

  /// The time of the id: now, or a second behind the last id where that is later than now.
  private LocalDateTime time(Path folder) {
    LocalDateTime now = LocalDateTime.now(clock.withZone(ZoneOffset.UTC)).withNano(0);
    Optional<LocalDateTime> last = last(folder);
    return last.filter(time -> !time.isBefore(now)).map(time -> time.plusSeconds(1)).orElse(now);
  }

  private static Optional<LocalDateTime> last(Path folder) {
    String[] names = folder.toFile().list();
    return names == null
        ? Optional.empty()
        : Stream.of(names)
            .filter(MigrationId::hasTimestampForm)
            .max(String::compareTo)
            .flatMap(NewCommand::timeOf);
  }

  /// Fourteen digits need not be a real time.
  private static Optional<LocalDateTime> timeOf(String name) {
    try {
      return Optional.of(LocalDateTime.parse(name.substring(0, 14), DIGITS));
    } catch (DateTimeParseException e) {
      return Optional.empty();
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
      environment.console().result(file.toString());
    }
  }

  /// The file could not be made.
  static final class FileNotWrittenException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    FileNotWrittenException(Path file, IOException cause) {
      super(
          FailureKind.CONFIGURATION,
          "could not write \"%s\"".formatted(file),
          cause.toString(),
          "Choose a folder that can be written: --changelog PATH",
          TargetState.UNCHANGED,
          cause);
    }
  }
}
