package dev.slipway.sql;

import java.util.List;
import java.util.Optional;

/// One statement as its author wrote it: from its first token to its last, without the white space
/// and the comments around it and without the `;` that ends it. Comments inside stay. What it says
/// about itself is read from its text with each call.
///
/// @param position where its first token stands in the text it was split from
public record Statement(String text, Position position, Lines lines) {
  private static final String REINDEX = "REINDEX CONCURRENTLY";
  private static final String DETACH = "ALTER TABLE DETACH PARTITION CONCURRENTLY";

  /// Where the line breaks of a text come from.
  public enum Lines {
    /// They are those of its file.
    OF_FILE,
    /// They are escaped, folded or generated: all of the text counts as the line it begins on.
    OF_TEXT
  }

  public Statement(String text, Position position) {
    this(text, position, Lines.OF_FILE);
  }

  public Statement {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty statement");
    }
  }

  /// The command as PostgreSQL names it, upper case: `CREATE INDEX CONCURRENTLY`, `VACUUM`,
  /// `INSERT`. Good enough for messages.
  public String command() {
    return Command.name(new Phrase(text));
  }

  /// Whether the server may answer with rows.
  public boolean mayReturnRows() {
    return Command.mayReturnRows(new Phrase(text));
  }

  /// The name of the command if PostgreSQL refuses it inside a transaction block whatever it is
  /// applied to. Where that depends on the object (REINDEX and CLUSTER of a partitioned table, DROP
  /// SUBSCRIPTION with a slot) or on what a procedure does (CALL, DO), the server has to tell.
  public Optional<String> outsideTransaction() {
    return OutsideTransaction.command(new Phrase(text));
  }

  /// The statement as PL/pgSQL's EXECUTE takes it: itself, unless it is a `SELECT … INTO`.
  public String executable() {
    return SelectInto.asCreateTable(text).orElse(text);
  }

  /// Whether it takes effect as a whole, or not at all, in a transaction with other statements. So
  /// does every statement, but for those that PostgreSQL refuses there, for some objects or for
  /// all, and for those that may commit.
  public boolean isAtomic() {
    return outsideTransaction().isEmpty()
        && !OutsideTransaction.dependsOnObject(new Phrase(text))
        && !mayCommit();
  }

  /// Whether it can break off with a part of its effect when it fails. The CONCURRENTLY forms work
  /// in several transactions, and may leave an invalid index or a partition half detached; what
  /// CALL and DO run may commit.
  public boolean mayStopHalfWay() {
    return mayCommit()
        || command().contains("CONCURRENTLY")
        || outsideTransaction().filter(DETACH::equals).isPresent();
  }

  private boolean mayCommit() {
    return switch (command()) {
      case "CALL" -> true;
      case "DO" -> Command.mayEndTransaction(text);
      default -> false;
    };
  }

  /// Whether it can be gone on with where nobody knows if it took effect: a second time does no
  /// harm, or the catalog tells.
  public boolean isResumable() {
    return isRepeatable() || concurrentIndex().isPresent() || droppedIndex().isPresent();
  }

  private boolean isRepeatable() {
    String command = command();
    return command.equals("REINDEX")
        || command.equals("CLUSTER")
        || switch (outsideTransaction().orElse("")) {
          case "VACUUM", "CLUSTER", "DISCARD ALL", "ALTER SYSTEM" -> true;
          case "ALTER DATABASE SET TABLESPACE", "ALTER SUBSCRIPTION REFRESH PUBLICATION" -> true;
          default -> false;
        };
  }

  /// What it leaves in its session, besides what it does to the database.
  public SessionEffect sessionEffect() {
    return Command.sessionEffect(new Phrase(text));
  }

  /// What a statement leaves in its session.
  public enum SessionEffect {
    NONE,
    /// A setting, a prepared statement: run again, it is there again.
    SETTING,
    /// A temporary table, whose rows go with the session.
    TEMPORARY_OBJECT,
    /// The session is as it was when it began.
    ALL_DISCARDED
  }

  /// What it creates, as far as its text tells.
  public List<CreatedObject> created() {
    return CreatedObject.of(new Phrase(text));
  }

  /// What it has to do with the objects that are there before it.
  public Concern concern() {
    return Concern.of(text);
  }

  /// The table that it creates, if it names all of its columns.
  public Optional<CreatedTable> createdTable() {
    return CreatedTable.of(new Phrase(text));
  }

  /// The schemas that it creates, also by a DO block.
  public List<Identifier> createdSchemas() {
    return CreatedSchemas.of(text);
  }

  /// The schema that it creates, and that must not be there yet. Of a DO block nobody knows.
  public Optional<Identifier> schemaCreatedAnew() {
    return CreatedSchemas.anew(text);
  }

  /// The index that this statement builds, if it is CREATE INDEX CONCURRENTLY.
  public Optional<ConcurrentIndex> concurrentIndex() {
    return ConcurrentIndex.of(text);
  }

  /// Whether it is REINDEX CONCURRENTLY.
  public boolean isConcurrentReindex() {
    return outsideTransaction().filter(REINDEX::equals).isPresent();
  }

  /// The name, as SQL, of the index that this statement drops, if it is DROP INDEX CONCURRENTLY.
  public Optional<String> droppedIndex() {
    return ConcurrentIndex.dropped(new Phrase(text));
  }
}
