package dev.slipway.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.script.Finding.Kind;
import dev.slipway.script.ScriptSettings.Client;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Randomness;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `check` on scripts of the example changelogs that were edited as people edit them.
class ScriptCheckTest {
  private static final int CASES_EACH = 5;
  private static final List<String> GATEWAY = lines("gateway");
  private static final List<String> MINER = lines("miner");

  @TempDir private Path path;

  /// A way to spoil a script.
  enum Manipulation {
    CUT_OFF_BEHIND_A_LINE(Kind.CUT_OFF) {
      @Override
      void spoil(List<String> lines, Random random) {
        int end = firstMark(lines) + 1 + random.nextInt(lines.size() - firstMark(lines) - 2);
        lines.subList(end, lines.size()).clear();
      }
    },
    BLOCK_REMOVED(Kind.BLOCK_MISSING) {
      @Override
      void spoil(List<String> lines, Random random) {
        blockLines(lines, random.nextInt(blocks(lines) - 1)).clear();
      }
    },
    BLOCKS_SWAPPED(Kind.BLOCK_MOVED) {
      @Override
      void spoil(List<String> lines, Random random) {
        int block = random.nextInt(blocks(lines) - 1);
        List<String> moved = new ArrayList<>(blockLines(lines, block));
        blockLines(lines, block).clear();
        int behind = mark(lines, block + 1) + sizeOfBlock(lines, block + 1);
        lines.addAll(behind, moved);
      }
    },
    BLOCK_REPEATED(Kind.BLOCK_MOVED) {
      @Override
      void spoil(List<String> lines, Random random) {
        int block = random.nextInt(blocks(lines) - 1);
        List<String> copy = new ArrayList<>(blockLines(lines, block));
        lines.addAll(mark(lines, block) + copy.size(), copy);
      }
    },
    LINE_OF_THE_GUARD_REMOVED(Kind.GUARD_CHANGED) {
      @Override
      void spoil(List<String> lines, Random random) {
        lines.remove(guardLine(lines, random));
      }
    },
    LINE_OF_THE_GUARD_COMMENTED_OUT(Kind.GUARD_CHANGED) {
      @Override
      void spoil(List<String> lines, Random random) {
        int line = guardLine(lines, random);
        lines.set(line, "-- " + lines.get(line));
      }
    },
    SOMETHING_RUN_BETWEEN(Kind.GUARD_CHANGED) {
      @Override
      void spoil(List<String> lines, Random random) {
        int block = random.nextInt(blocks(lines) - 1);
        lines.add(mark(lines, block) + sizeOfBlock(lines, block), "ANALYZE;");
      }
    },
    SOMETHING_RUN_BEFORE_THE_FIRST_BLOCK(Kind.GUARD_CHANGED) {
      @Override
      void spoil(List<String> lines, Random random) {
        List<String> harm = List.of("DROP TABLE orders;", "\\! touch harm", "\\q", "/*", "$$");
        lines.add(1 + random.nextInt(firstMark(lines)), harm.get(random.nextInt(harm.size())));
      }
    },
    SOMETHING_HIDDEN_IN_A_COMMENT(Kind.ENCODING) {
      @Override
      void spoil(List<String> lines, Random random) {
        int line = mark(lines, random.nextInt(blocks(lines)));
        lines.set(line - 1, lines.get(line - 1) + "\rDROP TABLE orders;");
      }
    },
    STATEMENT_EDITED(Kind.STATEMENTS_CHANGED) {
      @Override
      void spoil(List<String> lines, Random random) {
        int line = statementLine(lines, random);
        lines.set(line, lines.get(line).replaceFirst("(\\$sql\\$\\w)", "$1x"));
      }
    },
    COMMAND_OF_PSQL_ADDED(Kind.NEEDS_PSQL) {
      @Override
      void spoil(List<String> lines, Random random) {
        int block = random.nextInt(blocks(lines));
        lines.add(mark(lines, block) + 1, "\\timing on");
      }
    },
    SAVED_WITH_OTHER_LINE_ENDS(Kind.ENCODING) {
      @Override
      void spoil(List<String> lines, Random random) {
        lines.replaceAll(line -> line + "\r");
      }
    };

    private final Kind kind;

    Manipulation(Kind kind) {
      this.kind = kind;
    }

    abstract void spoil(List<String> lines, Random random);
  }

  record Case(Manipulation manipulation, long seed) {}

  private static Stream<Case> cases() {
    return Stream.of(Manipulation.values())
        .flatMap(
            manipulation ->
                IntStream.range(0, CASES_EACH * Randomness.factor())
                    .mapToObj(i -> new Case(manipulation, Randomness.seed() + i)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_manipulation_is_found(Case spoiled) {
    Random random = Randomness.of(spoiled.seed());
    List<String> lines =
        new ArrayList<>(
            spoiled.manipulation() == Manipulation.COMMAND_OF_PSQL_ADDED || random.nextBoolean()
                ? MINER
                : GATEWAY);

    spoiled.manipulation().spoil(lines, random);

    assertThat(check(lines)).extracting(Finding::kind).contains(spoiled.manipulation().kind);
  }

  @Test
  void what_was_written_is_sound() {
    assertThat(check(GATEWAY)).isEmpty();
    assertThat(check(MINER)).isEmpty();
  }

  @Test
  void the_line_of_a_finding_is_that_of_its_block() {
    List<String> lines = new ArrayList<>(MINER);
    int line = lines.indexOf("$sql$ALTER TABLE weather_miner_jobs");
    lines.set(line, "$sql$ALTER TABLE another");

    assertThat(check(lines))
        .containsExactly(
            new Finding(
                line + 1,
                Kind.STATEMENTS_CHANGED,
                "the statements of block 2 are not those whose checksum it records"));
  }

  @Test
  void a_backslash_at_the_beginning_of_a_line_of_a_text_is_no_command_of_psql() {
    assertThat(
            check(
                written(
                    "changelog",
                    "changelog/20240101000000_One.sql",
                    "INSERT INTO tex VALUES ('\n\\begin{x}');")))
        .isEmpty();
  }

  @Test
  void a_carriage_return_in_a_precondition_is_no_line_end() {
    assertThat(
            check(
                written(
                    "changelog.json",
                    "changelog.json",
                    """
                    {"databaseChangeLog": [{"changeSet": {"id": "a", "author": "x",
                      "preConditions": [{"onFail": "MARK_RAN", "onFailMessage": "a\\r\\nb"},
                        {"sqlCheck": {"expectedResult": "1", "sql": "SELECT\\r\\n1"}}],
                      "changes": [{"sql": {"sql": "SELECT 1"}}]}}]}
                    """)))
        .isEmpty();
  }

  @Test
  void as_many_blocks_as_can_be_missing_are_one_finding() {
    List<String> lines = new ArrayList<>(MINER.subList(0, firstMark(MINER)));
    lines.add("-- block 7 of 999999999: guard a, statements b");
    lines.add("-- block 999999999 of 999999999: guard a, statements b");

    assertThat(check(lines))
        .contains(
            new Finding(1, Kind.BLOCK_MISSING, "blocks 0 to 6 of 999999999 are missing"),
            new Finding(1, Kind.BLOCK_MISSING, "blocks 8 to 999999998 of 999999999 are missing"))
        .hasSizeLessThan(9);
  }

  @Test
  void one_that_ends_within_its_last_block_is_cut_off() {
    int last = mark(MINER, blocks(MINER) - 1);

    for (int end = last + 1; end < MINER.size(); end++) {
      assertThat(check(MINER.subList(0, end)))
          .containsExactly(new Finding(end, Kind.CUT_OFF, "it ends within block 5 of 5"));
    }
  }

  @Test
  void a_header_alone_ends_before_its_first_block() {
    assertThat(check(MINER.subList(0, 1)))
        .containsExactly(new Finding(1, Kind.CUT_OFF, "it ends before its first block"));
  }

  @Test
  void one_that_needs_psql_is_refused_where_any_client_must_do() {
    assertThat(read(text(GATEWAY), Client.ANY))
        .extracting(Finding::kind)
        .containsOnly(Kind.NEEDS_PSQL);
    assertThat(read(text(MINER), Client.ANY)).isEmpty();
  }

  private static List<Finding> check(List<String> lines) {
    return read(text(lines), Client.PSQL);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static List<Finding> read(String script, Client client) {
    try {
      return ScriptCheck.read(new StringReader(script), client, block -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param changelog its path
  /// @param file of it, by its own path
  private List<String> written(String changelog, String file, String text) {
    new Folder(path).write(file, text);
    return lines(Program.in(path).run("script", "--changelog", changelog));
  }

  private static List<String> lines(String changelog) {
    return lines(
        Program.in(Path.of("").toAbsolutePath())
            .run("script", "--changelog", "changelog/" + changelog));
  }

  private static List<String> lines(Program.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    return Collections.unmodifiableList(new ArrayList<>(result.out().lines().toList()));
  }

  private static int firstMark(List<String> lines) {
    return mark(lines, 0);
  }

  private static int blocks(List<String> lines) {
    return Math.toIntExact(lines.stream().filter(ScriptCheckTest::isMark).count());
  }

  private static boolean isMark(String line) {
    return BlockMark.parse(line).isPresent();
  }

  /// The index of the mark of a block.
  private static int mark(List<String> lines, int block) {
    return IntStream.range(0, lines.size())
        .filter(
            i -> BlockMark.parse(lines.get(i)).filter(mark -> mark.number() == block).isPresent())
        .findFirst()
        .orElseThrow();
  }

  /// How many lines a block has with its mark.
  private static int sizeOfBlock(List<String> lines, int block) {
    int from = mark(lines, block);
    int to = from + 1;
    while (to < lines.size() && !isMark(lines.get(to))) {
      to++;
    }
    while (to < lines.size() && (lines.get(to).startsWith("--") || lines.get(to - 1).isEmpty())) {
      to--;
    }
    return to - from;
  }

  private static List<String> blockLines(List<String> lines, int block) {
    int from = mark(lines, block);
    return lines.subList(from, from + sizeOfBlock(lines, block));
  }

  /// A line that is ours, not of a function in a statement.
  private static int guardLine(List<String> lines, Random random) {
    return any(
        lines,
        random,
        line ->
            line.matches(" +(IF|RAISE|PERFORM|LOCK TABLE|EXECUTE).*(pg_catalog|slipway|EFM).*"));
  }

  private static int statementLine(List<String> lines, Random random) {
    return any(lines, random, line -> line.matches("\\$sql\\$\\w.*"));
  }

  private static int any(List<String> lines, Random random, Predicate<String> wanted) {
    List<Integer> found =
        IntStream.range(0, lines.size()).filter(i -> wanted.test(lines.get(i))).boxed().toList();
    return found.get(random.nextInt(found.size()));
  }
}
