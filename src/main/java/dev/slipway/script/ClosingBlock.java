package dev.slipway.script;

import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;

/// The last block: it counts, and fails if something is missing.
final class ClosingBlock {
  private ClosingBlock() {}

  /// @param written how many migrations the script has
  static String text(int written) {
    String block =
        """

        DECLARE
          missing pg_catalog.text := pg_catalog.current_setting('slipway.next', true);
          applied pg_catalog.int4 := pg_catalog.current_setting('slipway.applied', true);
          passed pg_catalog.int4 := pg_catalog.current_setting('slipway.passed', true);
        BEGIN
          IF missing <> '' OR applied IS NULL THEN
            RAISE SQLSTATE '55000' USING
              MESSAGE = 'slipway: not complete: ' || CASE
                WHEN applied IS NULL OR missing = %s THEN 'the script did not begin'
                ELSE pg_catalog.format('migration "%%s" is missing', missing) END,
              HINT = 'Look for the first error above; mend its cause and run the script again.';
          END IF;
          RAISE NOTICE 'slipway: %% applied, %% already there%%', applied, %d - applied - passed,
            CASE passed WHEN 0 THEN '' ELSE pg_catalog.format(', %%s not run', passed) END;
          PERFORM pg_catalog.set_config('slipway.applied', '0', false),
            pg_catalog.set_config('slipway.passed', '0', false),
            pg_catalog.set_config('slipway.there', '', false);
        END
        """
            .formatted(new Literal(SessionSql.BEGINNING).quoted(), written);
    return "\n-- The end: is everything there?\nDO " + DollarQuote.around(block, "slipway") + ";\n";
  }
}
