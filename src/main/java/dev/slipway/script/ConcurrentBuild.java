package dev.slipway.script;

import dev.slipway.sql.ConcurrentIndex;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;

/// What surrounds the statement that builds an index concurrently, in psql's language: a build that
/// fails leaves an invalid index, over which `IF NOT EXISTS` passes as if all were well.
///
/// @param number of the statement in its migration, from 1
record ConcurrentBuild(ConcurrentIndex index, int number) {
  /// Notes which invalid indexes the table has before the build. Where an earlier one broke off,
  /// what that left is dropped, or if it came to its end, counts as done.
  String before() {
    return index.name().map(this::resume).orElse("\\set slipway_run true\n")
        + """
        SELECT COALESCE(pg_catalog.string_agg(name, '|'), '') AS invalid FROM :slipway_indexes
        WHERE %s AND NOT is_valid \\gset slipway_
        """
            .formatted(isOn());
  }

  private String resume(Identifier name) {
    return """
        SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
        WHERE :slipway_doubt = %1$d AND NOT is_valid
          AND %2$s AND plain_name = %3$s \\gexec
        SELECT :slipway_doubt <> %1$d OR NOT EXISTS (SELECT FROM :slipway_indexes
          WHERE is_valid AND %2$s
            AND plain_name = %3$s) AS run \\gset slipway_
        """
        .formatted(number, isOn(), literal(name.value()));
  }

  private String isOn() {
    return "on_table = pg_catalog.to_regclass(" + literal(index.qualifiedTable()) + ")";
  }

  /// Drops what the failed build left.
  String dropNew() {
    return """
        SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
        WHERE %s AND NOT is_valid
          AND pg_catalog.strpos('|' || :'slipway_invalid' || '|', '|' || name || '|') = 0 \\gexec
        """
        .formatted(isOn());
  }

  private String isInvalid(Identifier name) {
    return """
        SELECT EXISTS (SELECT FROM :slipway_indexes
          WHERE NOT is_valid AND %s
            AND plain_name = %s) AS invalid \\gset slipway_
        """
        .formatted(isOn(), literal(name.value()));
  }

  /// What follows, unless the index is there and invalid.
  String unlessInvalid(String done) {
    return index
        .name()
        .map(
            name ->
                isInvalid(name)
                    + "\\if :slipway_invalid\n\\set slipway_next 0\n"
                    + refuse(name)
                    + "\\else\n"
                    + done
                    + "\\endif\n")
        .orElse(done);
  }

  private static String refuse(Identifier name) {
    return "DO %s;\n"
        .formatted(
            DollarQuote.around(
                """

                BEGIN
                  RAISE SQLSTATE '55000' USING
                    MESSAGE = %s;
                END
                """
                    .formatted(
                        literal("slipway: index " + name.quoted() + " is there and invalid")),
                "slipway"));
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
