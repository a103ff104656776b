package dev.slipway.script;

import dev.slipway.script.Finding.Kind;
import dev.slipway.script.ScriptSettings.Client;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Reads a script of ours, perhaps edited by hand, block by block, and says what is wrong with it.
/// No more than a block is kept.
public final class ScriptCheck {
  private static final Pattern FIRST_LINE = Pattern.compile("-- Slipway \\d+\\.\\d+\\.\\d+\\S*");

  private final ScriptLines lines;
  private final Client client;
  private final Consumer<ScriptBlock> listener;
  private final List<Finding> findings = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private Optional<BlockMark> open = Optional.empty();
  private int openedAt;
  private int previous = -1;
  private final NavigableSet<Integer> seen = new TreeSet<>();
  private boolean isForPsql;
  private boolean hasMoreThanComments;

  /// Whether the last block was read, but not to its end.
  private boolean endsWithin;

  private ScriptCheck(Reader script, Client client, Consumer<ScriptBlock> listener) {
    this.lines = new ScriptLines(script);
    this.client = client;
    this.listener = listener;
  }

  /// @param script decoded so that what is not UTF-8 is an error
  /// @param client what must be able to run it
  /// @param listener hears of each block
  /// @return what is wrong, by line; empty if nothing is
  public static List<Finding> read(Reader script, Client client, Consumer<ScriptBlock> listener)
      throws IOException {
    return new ScriptCheck(script, client, listener).read();
  }

  /// Whether a file that begins so says that it is one of ours.
  public static boolean isOurs(byte[] beginning) {
    String text = new String(beginning, StandardCharsets.UTF_8);
    String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return FIRST_LINE.matcher(unmarked).lookingAt();
  }

  private List<Finding> read() throws IOException {
    try {
      if (isOurs()) {
        readBlocks();
        judgeEnd();
      }
    } catch (CharacterCodingException _) {
      refuseBytes();
    }
    lines
        .carriageReturnAt()
        .ifPresent(line -> find(line, Kind.ENCODING, "a carriage return, which may end a line"));
    findings.sort(Comparator.comparingInt(Finding::line));
    return List.copyOf(findings);
  }

  private void refuseBytes() {
    if (lines.number() > 1) {
      find(lines.number(), Kind.ENCODING, "not UTF-8");
    } else {
      find(1, Kind.NOT_A_SCRIPT, "not a script of Slipway's: it is no text in UTF-8");
    }
  }

  private boolean isOurs() throws IOException {
    String first = lines.first();
    boolean isMarked = first.startsWith("\uFEFF");
    if (!FIRST_LINE.matcher(isMarked ? first.substring(1) : first).matches()) {
      find(1, Kind.NOT_A_SCRIPT, "not a script of Slipway's: its first line is another");
      return false;
    }
    if (isMarked) {
      find(1, Kind.ENCODING, "a byte order mark, at which clients fail");
    }
    return true;
  }

  private void readBlocks() throws IOException {
    for (Optional<String> line = next(); line.isPresent(); line = next()) {
      Optional<BlockMark> mark = BlockMark.parse(line.get());
      if (mark.isPresent()) {
        close();
        open = mark;
        openedAt = lines.number() + 1;
        text.setLength(0);
      } else if (open.isPresent()) {
        text.append(line.get()).append('\n');
      } else {
        readHeader(line.get());
      }
    }
    close();
  }

  private Optional<String> next() throws IOException {
    return open.isPresent() ? lines.next() : lines.nextBetween();
  }

  private void readHeader(String line) {
    if (!isBetween(line) && !hasMoreThanComments) {
      hasMoreThanComments = true;
      find(
          lines.number(), Kind.GUARD_CHANGED, "before the first block there is more than comments");
    }
    if (line.startsWith(Header.NEEDS_PSQL)) {
      isForPsql = true;
      if (client == Client.ANY) {
        find(lines.number(), Kind.NEEDS_PSQL, "only psql can run it");
      }
    }
  }

  private void close() {
    if (open.isPresent()) {
      var block = new ScriptBlock(open.get(), openedAt, withoutTitle(text));
      judge(block);
      endsWithin = block.isLast() && !block.isClosed();
      listener.accept(block);
    }
  }

  /// Whether it may stand outside of the blocks.
  private static boolean isBetween(String line) {
    return line.isEmpty() || line.startsWith("--");
  }

  /// The comment above the next block is none of this one's.
  private static String withoutTitle(StringBuilder block) {
    int end = block.length();
    while (end > 0) {
      int begin = block.lastIndexOf("\n", end - 2) + 1;
      boolean isEmpty = begin == end - 1;
      if (!isEmpty && !(block.charAt(begin) == '-' && block.charAt(begin + 1) == '-')) {
        break;
      }
      end = begin;
    }
    return block.substring(0, end);
  }

  private void judge(ScriptBlock block) {
    int number = block.mark().number();
    judgePlace(block, number);
    BlockMark actual = block.actual();
    if (!actual.guard().equals(block.mark().guard())) {
      find(
          block.line(),
          Kind.GUARD_CHANGED,
          "block %d is another than was written, aside from its statements".formatted(number));
    }
    if (!actual.statements().equals(block.mark().statements())) {
      find(
          block.statementLine(),
          Kind.STATEMENTS_CHANGED,
          "the statements of block %d are not those whose checksum it records".formatted(number));
    }
    if (!isForPsql && block.needsPsql()) {
      find(
          block.line(),
          Kind.NEEDS_PSQL,
          "block %d has a command of psql, and the script says that any client can run it"
              .formatted(number));
    }
  }

  private void judgePlace(ScriptBlock block, int number) {
    if (!seen.add(number)) {
      find(block.line(), Kind.BLOCK_MOVED, "block %d is there twice".formatted(number));
    } else if (number < previous) {
      find(
          block.line(),
          Kind.BLOCK_MOVED,
          "block %d comes behind block %d".formatted(number, previous));
    }
    previous = number;
  }

  /// Once all blocks are read: which are missing?
  private void judgeEnd() {
    int last = open.map(BlockMark::last).orElse(0);
    Optional<Integer> end = Optional.ofNullable(seen.floor(last));
    if (end.isEmpty() || end.get() < last || endsWithin) {
      // Of the block in which it ends, nothing else is to be said.
      findings.removeIf(finding -> open.isPresent() && finding.line() >= openedAt);
      find(
          Math.max(lines.number(), 1),
          Kind.CUT_OFF,
          end.map(
                  number ->
                      "it ends %s block %d of %d"
                          .formatted(endsWithin ? "within" : "behind", number, last))
              .orElse("it ends before its first block"));
    }
    int next = 0;
    for (int number : seen.headSet(end.orElse(0), true)) {
      if (next < number) {
        findMissing(next, number - 1, last);
      }
      next = number + 1;
    }
  }

  private void findMissing(int first, int until, int last) {
    find(
        1,
        Kind.BLOCK_MISSING,
        first == until
            ? "block %d of %d is missing".formatted(first, last)
            : "blocks %d to %d of %d are missing".formatted(first, until, last));
  }

  private void find(int line, Kind kind, String message) {
    findings.add(new Finding(line, kind, message));
  }
}
