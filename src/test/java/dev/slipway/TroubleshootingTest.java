package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.failure.FailureKind;
import dev.slipway.testing.MarkdownTables;
import dev.slipway.testing.SourceMessages;
import dev.slipway.testing.SourceMessages.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/troubleshooting.md has an entry for each message of the sources, and no other.
final class TroubleshootingTest {
  private static final Path PAGE = Path.of("docs/troubleshooting.md");
  private static final Path RESOURCES = Path.of("src/main/resources/dev/slipway/script");
  private static final Path GOLDEN = Path.of("src/test/resources/dev/slipway");
  private static final String ROOT = "dev.slipway.";
  private static final String CONSTRUCTOR = "<init>";
  private static final String MESSAGE = "message";
  private static final String VALUE = SourceMessages.VALUE;

  private static final Pattern LETTERS = Pattern.compile("\\p{L}{2}");

  /// A text of SQL, with those behind it that PostgreSQL joins, and whether more is put behind it.
  private static final Pattern RAISED =
      Pattern.compile("'(slipway: (?:[^']|'')*)'(?:\\s*\\n\\s*'((?:[^']|'')*)')?");

  private static final Pattern PLACEHOLDER = Pattern.compile("%{1,2}(?:\\d\\$)?[sIL]?");
  private static final Pattern TOLD =
      Pattern.compile("(?m)^(?:error|warning): (?:[A-Z]\\w*: )?(.+)$");
  private static final Pattern BY_PSQL =
      Pattern.compile("(?m)^(?:ERROR|WARNING|NOTICE):  (?:\\w{5}: )?slipway: (.+)$");

  /// What a run prints may be the whole text of somebody else: the server's, a parser's.
  private static final Set<String> WRITTEN_BY_OTHERS =
      Set.of(
          // The server's, where it refuses what slipway asks by itself.
          "postgres.ServerError",
          // The parser's of the command line.
          "cli.SlipwayCommandLine",
          // Another failure's, which is told once more.
          "cli.Configuration",
          "migrate.MigrationFailedException");

  private static final SourceMessages SOURCES = SourceMessages.read(Path.of("src/main/java"));

  @Test
  void every_failure_has_its_entry_and_every_entry_its_failure() {
    Map<String, Set<String>> problems = new HashMap<>();
    for (Message problem : Stream.concat(configuration(), changelog()).toList()) {
      problems.computeIfAbsent(problem.text(), text -> new TreeSet<>()).addAll(problem.places());
    }
    List<Message> failures = new ArrayList<>(ofType("failure.SlipwayException"));
    failures.removeIf(
        message ->
            isOfOthers(message)
                || problems.getOrDefault(message.text(), Set.of()).containsAll(message.places()));

    assertThat(entries(MESSAGE)).doesNotHaveDuplicates();
    assertSame(entries(MESSAGE), texts(failures));
  }

  @Test
  void only_known_places_tell_what_others_have_written() {
    Set<String> places =
        ofType("failure.SlipwayException").stream()
            .filter(TroubleshootingTest::isOfOthers)
            .flatMap(message -> message.places().stream())
            .map(place -> place.substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(places).containsExactlyInAnyOrderElementsOf(WRITTEN_BY_OTHERS);
  }

  @Test
  void the_tables_of_problems_are_those_of_the_sources() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("configuration", table(configuration()));
    for (String part : List.of("files", "sql", "ef", "liquibase")) {
      tables.put(part, table(changelog().filter(message -> part(message).equals(part))));
    }

    MarkdownTables.check(PAGE, tables);
  }

  /// The name of the table in which a problem of a changelog is found.
  private static String part(Message message) {
    Set<String> parts =
        message.places().stream()
            .map(
                place ->
                    switch (place.substring(ROOT.length(), place.lastIndexOf('.'))) {
                      case "sql" -> "sql";
                      case "changelog.ef" -> "ef";
                      case "changelog.liquibase" -> "liquibase";
                      default -> "files";
                    })
            .collect(Collectors.toSet());
    return parts.size() == 1 ? parts.iterator().next() : "files";
  }

  @Test
  void every_message_of_a_script_has_its_entry_and_every_entry_its_message() {
    List<String> entries = entries("script's message");
    Set<String> raised = raised();

    assertThat(entries).doesNotHaveDuplicates();
    assertThat(raised).hasSizeGreaterThan(20);
    assertThat(raised)
        .allSatisfy(text -> assertThat(entries).anyMatch(entry -> entry.startsWith(text)));
    assertThat(entries)
        .allSatisfy(entry -> assertThat(raised).anyMatch(text -> entry.startsWith(text)));
  }

  @Test
  void every_warning_has_its_entry_and_every_entry_its_warning() {
    List<Message> told = new ArrayList<>();
    told.addAll(SOURCES.givenTo(ROOT + "cli.Events", "warn", "text"));
    told.addAll(SOURCES.givenTo(ROOT + "cli.Events", "notice", "text"));
    told.addAll(SOURCES.givenTo(ROOT + "migrate.RunEvent.Warning", CONSTRUCTOR, "text"));
    told.removeIf(TroubleshootingTest::isOfOthers);

    assertSame(entries("warning"), texts(told));
  }

  @Test
  void every_failure_of_a_golden_file_has_its_entry() {
    List<String> all = new ArrayList<>(entries(MESSAGE));
    all.addAll(entries("the parser says"));
    all.addAll(entries("problem"));
    all.addAll(entries("warning"));
    all.addAll(entries("of a connection string"));
    List<Pattern> patterns = all.stream().map(TroubleshootingTest::pattern).toList();
    List<Pattern> ofScripts =
        entries("script's message").stream().map(TroubleshootingTest::pattern).toList();

    List<String> told = linesOfGoldens(TOLD);
    List<String> byPsql = linesOfGoldens(BY_PSQL);

    assertThat(told).hasSizeGreaterThan(150);
    assertThat(told.stream().filter(line -> !isIn(patterns, line))).isEmpty();
    assertThat(byPsql).hasSizeGreaterThan(20);
    assertThat(byPsql.stream().filter(line -> !isIn(ofScripts, line))).isEmpty();
  }

  @Test
  void every_kind_of_failure_has_its_part() {
    String text = read(PAGE);
    for (FailureKind kind : FailureKind.values()) {
      int code =
          switch (kind) {
            case USAGE -> 2;
            case CONFIGURATION -> 3;
            case CONNECTION -> 4;
            case LOCKED -> 5;
            case CONFLICT -> 6;
            case FAILED -> 7;
            case PARTIALLY_APPLIED -> 8;
            case INTERRUPTED -> 143;
            case BUG -> 70;
          };
      assertThat(text).containsPattern("(?m)^## .*\\(.*\\b%d\\)".formatted(code));
    }
  }

  @Test
  void its_commands_options_and_settings_are_those_of_the_readme() {
    String readme = read(Path.of("README.md"));
    String written = read(PAGE).replaceAll("(?s)<!-- (\\w+) -->.*?<!-- /\\1 -->", "");
    Pattern named =
        Pattern.compile(
            "(?<=`|slipway |[a-z] )--[a-z-]+|Slipway__\\w+|(?<=`slipway |\nslipway )[a-z]+");

    assertThat(named.matcher(written).results().map(MatchResult::group).distinct())
        .hasSizeGreaterThan(20)
        .allSatisfy(name -> assertThat(readme).contains(name));
  }

  private static void assertSame(List<String> entries, List<String> texts) {
    assertThat(entries).containsExactlyInAnyOrderElementsOf(new TreeSet<>(texts));
  }

  /// Whether nothing of it is ours.
  private static boolean isOfOthers(Message message) {
    return !LETTERS.matcher(message.text()).find();
  }

  private static List<Message> ofType(String type) {
    return SOURCES.givenTo(ROOT + type, CONSTRUCTOR, MESSAGE);
  }

  private static Stream<Message> configuration() {
    return ofType("config.ConfigurationProblem").stream();
  }

  private static Stream<Message> changelog() {
    return ofType("migration.ChangelogProblem").stream();
  }

  private static List<String> texts(List<Message> messages) {
    return messages.stream().map(Message::text).toList();
  }

  private static String table(Stream<Message> messages) {
    List<List<String>> rows =
        messages
            .filter(message -> !isOfOthers(message))
            .sorted(Comparator.comparing(message -> message.text().replaceAll("[^a-zA-Z]", "")))
            .map(message -> List.of(code(message.text()), remedy(message)))
            .toList();
    return MarkdownTables.table(List.of("problem", "what to do"), rows);
  }

  private static String code(String text) {
    return text.contains("`") ? "`` " + text + " ``" : MarkdownTables.code(text);
  }

  private static String remedy(Message message) {
    String hints =
        message.hints().stream()
            .filter(hint -> LETTERS.matcher(hint).find())
            .map(hint -> hint.replace("<", "\\<").replace("\n", " "))
            .collect(Collectors.joining(" / "));
    return hints.isEmpty() ? "The hint says it." : hints;
  }

  /// The first column of all tables with that heading.
  private static List<String> entries(String heading) {
    List<String> entries = new ArrayList<>();
    boolean within = false;
    for (String line : read(PAGE).lines().toList()) {
      if (line.startsWith("| " + heading + " |")) {
        within = true;
      } else if (!line.startsWith("|")) {
        within = false;
      } else if (within && line.startsWith("| `")) {
        Matcher code = Pattern.compile("\\| (`+) ?(.+?) ?\\1 \\|.*").matcher(line);
        assertThat(code.matches()).as(line).isTrue();
        entries.add(code.group(2).replace("\\|", "|"));
      }
    }
    return entries;
  }

  /// What the parts of a script say, each up to what only a run knows.
  private static Set<String> raised() {
    List<String> texts = new ArrayList<>(SOURCES.literals(ROOT + "script"));
    files(RESOURCES).forEach(file -> texts.add(read(file)));
    Set<String> raised = new TreeSet<>();
    for (String text : texts) {
      Matcher quoted = RAISED.matcher(text);
      while (quoted.find()) {
        String more = quoted.group(2) == null ? "" : quoted.group(2);
        raised.add(begin(quoted.group(1) + more));
      }
      if (text.startsWith("slipway: ")) {
        raised.add(begin(text));
      }
    }
    SOURCES
        .givenTo(ROOT + "script.GuardCode", "raise", "what")
        .forEach(message -> raised.add(message.text()));
    raised.remove("");
    return raised;
  }

  private static String begin(String text) {
    String told = text.substring("slipway: ".length()).replace("''", "'");
    return PLACEHOLDER.matcher(told).replaceAll(VALUE).stripTrailing();
  }

  private static Pattern pattern(String entry) {
    return Pattern.compile(
        Stream.of(entry.split(VALUE, -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private static boolean isIn(List<Pattern> patterns, String line) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(line).matches());
  }

  private static List<String> linesOfGoldens(Pattern pattern) {
    return files(GOLDEN)
        .filter(file -> file.toString().endsWith(".txt"))
        .flatMap(file -> pattern.matcher(read(file)).results())
        .map(result -> result.group(1))
        .distinct()
        .toList();
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
