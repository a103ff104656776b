package dev.slipway.testing;

import dev.slipway.testing.EfScriptText.Command;
import java.util.List;
import java.util.Random;

/// What authors give to EF, and EF's wrapping breaks; each with the statements that were meant. `#`
/// stands for a number that makes names unique.
public enum EfDefect {
  NONE("CREATE TABLE t# (id int);\nINSERT INTO t# VALUES (1);"),
  NO_SEMICOLON("CREATE TABLE t# (id int)", "CREATE TABLE t# (id int);"),
  NO_SEMICOLON_BEFORE_COMMENT(
      "CREATE TABLE t# (id int) -- don't; forget\n/* it's */", "CREATE TABLE t# (id int);"),
  NO_SEMICOLON_BEFORE_BLANKS("CREATE TABLE t# (id int)  \n\t \n\n", "CREATE TABLE t# (id int);"),
  NO_SEMICOLON_IN_LAST(
      "CREATE TABLE t# (id int);\n-- and\nINSERT INTO t# VALUES (#)",
      "CREATE TABLE t# (id int);INSERT INTO t# VALUES (#);"),
  NO_SEMICOLON_BEHIND_CASE(
      "CREATE TABLE t# AS SELECT CASE WHEN true THEN # END AS id, CASE WHEN false THEN 1\nEND",
      "CREATE TABLE t# AS SELECT CASE WHEN true THEN # END AS id, CASE WHEN false THEN 1 END;"),
  BARE_SELECT("CREATE SEQUENCE s#;\nSELECT setval('s#', 40 + #);"),
  BARE_WITH("CREATE TABLE t# (id int);\nWITH a AS (SELECT #) SELECT * FROM a"),
  RETURNING("CREATE TABLE t# (id int); INSERT INTO t# VALUES (#) RETURNING id;"),
  PERFORM(
      "CREATE SEQUENCE s#;\nPERFORM setval('s#',\n  (SELECT 40 + #),\n  true);",
      "CREATE SEQUENCE s#; SELECT setval('s#', 40 + #, true);"),
  PERFORM_WITHOUT_SEMICOLON(
      "CREATE SEQUENCE s#;\nperform setval('s#', 40 + #)",
      "CREATE SEQUENCE s#; SELECT setval('s#', 40 + #, true);"),
  ENSURE_SCHEMA(
      """
          IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'n#') THEN
              CREATE SCHEMA n#;
          END IF;
      """,
      "CREATE SCHEMA n#;"),
  /// As the provider's 6.0.3 wrote it.
  ENSURE_SCHEMA_IN_A_BLOCK(
      """
      DO $EF$
      BEGIN
          IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'n#') THEN
              CREATE SCHEMA n#;
          END IF;
      END $EF$;
      """,
      "CREATE SCHEMA n#;"),
  NESTED_IF(
      """
      IF true THEN
        IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'n#') THEN
          DROP SCHEMA IF EXISTS n#;
        ELSE
          CREATE SCHEMA IF NOT EXISTS n#;
        END IF;
      END IF;
      CREATE TABLE IF NOT EXISTS t# (id int)""",
      "CREATE SCHEMA n#; CREATE TABLE t# (id int);"),
  CONCURRENTLY(
      "CREATE TABLE t# (id int);\nCREATE INDEX CONCURRENTLY i# ON t# (id)",
      "CREATE TABLE t# (id int); CREATE INDEX i# ON t# (id);"),
  SUPPRESSED_CONCURRENTLY(
      "CREATE INDEX CONCURRENTLY i# ON kept (id);", "CREATE INDEX i# ON kept (id);"),
  REINDEX("REINDEX TABLE CONCURRENTLY kept;", ""),
  VACUUM("VACUUM (ANALYZE) kept", ""),
  NESTED_QUOTE(
      "CREATE FUNCTION f#() RETURNS text LANGUAGE plpgsql AS $EF$\nBEGIN\n  IF true THEN\n"
          + "    RETURN 'a;\n  b';\n  END IF;\nEND $EF$;"),
  NESTED_EMPTY_QUOTE(
      "CREATE FUNCTION f#() RETURNS int LANGUAGE sql AS $$\n\n  SELECT #;\n\t-- it's\n$$"),
  NESTED_QUOTE_IN_TEXT("CREATE TABLE t# AS SELECT 'costs $EF$ #, or $$ 2' AS it"),
  NESTED_QUOTE_IN_COMMENT("-- $EF$; it's\nCREATE TABLE t# (id int) /* $EF$ */"),
  QUOTE_IN_NAME("CREATE TABLE \"a$EF$b#\" (x$EF$ int);\nINSERT INTO \"a$EF$b#\" VALUES (1)"),
  ATOMIC(
      """
      CREATE FUNCTION f#(a int) RETURNS int LANGUAGE sql
      BEGIN ATOMIC
        SELECT CASE WHEN a > 0 THEN a END;
        SELECT a + #;
      END"""),
  TEXT_OF_LINES(
      "CREATE TABLE t# AS SELECT '\n  first\n\n    four\n\ttab\nlast  \n   \n' AS it, E'a\\nb\n c' AS e;"),
  TEXT_LIKE_A_SCRIPT(
      "CREATE TABLE t# AS SELECT 'DO $EF$\nBEGIN\n    IF NOT EXISTS(SELECT 1 FROM"
          + " \"__EFMigrationsHistory\" WHERE \"MigrationId\" = ''20200101000000_X'') THEN\n"
          + "    END IF;\nEND $EF$;\nCOMMIT;' AS it"),
  NAME_OF_LINES("CREATE TABLE t# (\"a\n  b\" int)"),
  COMMENT_ONLY("-- nothing; to do", ""),
  ENUM("CREATE TYPE e# AS ENUM ('a', 'b');\nALTER TYPE e# ADD VALUE IF NOT EXISTS 'c' BEFORE 'b';");

  private final String text;
  private final String meant;

  EfDefect(String text) {
    this(text, text);
  }

  EfDefect(String text, String meant) {
    this.text = text;
    this.meant = meant;
  }

  /// What EF gets.
  public Command command(int number) {
    return new Command(numbered(text, number), this == SUPPRESSED_CONCURRENTLY);
  }

  /// The statements that a person would send; as PostgreSQL's own client would split them.
  public String meant(int number) {
    String sql = numbered(meant, number).stripTrailing();
    return sql.isEmpty() || sql.endsWith(";") ? sql : sql + "\n;";
  }

  private static String numbered(String sql, int number) {
    return sql.replace("#", Integer.toString(number));
  }

  public static EfDefect any(Random random) {
    return all().get(random.nextInt(all().size()));
  }

  public static List<EfDefect> all() {
    return List.of(values());
  }
}
