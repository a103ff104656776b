-- Slipway 0.1.0
-- Changelog changelog: 4 migrations
--   from 20240101000000_Orders
--   to   20240104000000_IndexOrders
--
-- Brings a database to this state: what is there already is left alone, what is missing is
-- applied. It can be run as often as you like, as a whole, in a session of its own, by psql:
--   psql -X -v ON_ERROR_STOP=1 -f FILE "host=... dbname=... user=..."
--
-- How to read it. The first block makes the history, "__EFMigrationsHistory",
-- and the journal, "slipway_journal", where they are missing, and refuses a database that does
-- not fit. Each migration is one block and one transaction: it locks the history, looks
-- whether its row is there, and if not, executes its statements, takes the session back to
-- the state in which it began, and writes its rows. The blocks share two settings:
-- slipway.next is the id of the migration that is to be applied next, and a block does nothing
-- unless that is its own; slipway.shared holds what all blocks need, also the statements before
-- and behind a migration's own, which stand at the end of the first block. So nothing is
-- applied behind a gap, also by a client that goes on after an error. The last block fails if
-- something is missing (SQLSTATE 55000), and names it.
--
-- Edited it? The digests above the blocks are for: slipway check FILE
--
-- This script needs psql, 11 or newer, and no transaction around it, because of what runs
-- without a transaction:
--   20240104000000_IndexOrders
-- Their statements are run one by one (\gexec) while this session holds the migration lock.
-- After each, the journal notes that it took effect; if it failed (:ERROR), the rest is passed
-- over, an invalid index that it left is dropped, and nothing is recorded. slipway_next is the
-- number of the statement that is next, slipway_doubt that of one which may have taken effect
-- when the script was last broken off.

-- The beginning: is this the database, and what of the changelog is there?
-- block 0 of 5: guard 037969c8, statements 00000000
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET default_transaction_isolation = 'read committed';
SET slipway.next = 'the beginning';
DO $slipway$
DECLARE
  path pg_catalog.text := pg_catalog.current_setting('search_path');
  reset pg_catalog.text := 'RESET SESSION AUTHORIZATION; RESET ALL; SET standard_conforming_strings = on;
  RESET ROLE; CLOSE ALL; DEALLOCATE ALL; UNLISTEN *; DISCARD TEMP;
  DISCARD SEQUENCES; SET client_encoding = ''UTF8'';
  SET default_transaction_isolation = ''read committed''';
  worker pg_catalog.text := current_user;
  wanted pg_catalog.text;
  history_here pg_catalog.text;
  journal_here pg_catalog.text;
  grants pg_catalog.text := '';
  other pg_catalog.text;
  is_found pg_catalog.bool;
  ids pg_catalog.text[];
  changelog pg_catalog.text;
  numbers pg_catalog.int4multirange;
  there pg_catalog.int4;
  is_foreign pg_catalog.bool;
  due_count pg_catalog.int4;
  first pg_catalog.text;
  gaps pg_catalog.jsonb;
  missing pg_catalog.text;
  edited pg_catalog.text;
  stopped pg_catalog.text;
  go_on pg_catalog.text;
BEGIN
  IF pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 140000 THEN
    RAISE SQLSTATE '0A000' USING
      MESSAGE = 'slipway: the server is too old',
      HINT = 'Slipway works with PostgreSQL 14 and newer.';
  END IF;
  IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = 'slipway: the transaction around this script is '
        || pg_catalog.current_setting('transaction_isolation'),
      HINT = 'Run it in none, or in one that is READ COMMITTED.';
  END IF;

  -- The state of the session from which each migration starts.
  EXECUTE reset;
  IF current_user <> worker THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: this session works as role "%s", the script would '
        'work as "%s"', worker, current_user),
      DETAIL = 'Each migration starts from the state in which the session began.',
      HINT = pg_catalog.format('Log in as that role, or have the script written with --role %s.',
        worker);
  END IF;
  PERFORM pg_catalog.set_config('search_path', path, false),
    pg_catalog.set_config('lock_timeout', '600000', true);

  -- The schema: the first that the search path names, and never the next one.
  SELECT CASE entry.name WHEN '$user' THEN current_user ELSE entry.name END INTO wanted
  FROM (SELECT CASE WHEN part.match[1] LIKE '"%'
            THEN pg_catalog.replace(
              pg_catalog.substr(part.match[1], 2, pg_catalog.length(part.match[1]) - 2), '""', '"')
            ELSE pg_catalog.lower(part.match[1]) END::pg_catalog.name AS name, part.number
        FROM pg_catalog.regexp_matches(path COLLATE pg_catalog."C",
            '"(?:[^"]|"")*"|[^,[:space:]]+', 'g')
          WITH ORDINALITY AS part(match, number)) AS entry
  WHERE entry.name <> '' AND (entry.name <> '$user'
    OR EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = current_user))
  ORDER BY entry.number LIMIT 1;
  IF wanted IS NULL THEN
    RAISE SQLSTATE '3F000' USING
      MESSAGE = 'slipway: the search path names no schema',
      HINT = pg_catalog.format('Name one: ALTER ROLE %I SET search_path = public;', session_user);
  END IF;

  IF wanted IS DISTINCT FROM pg_catalog.current_schema() THEN
    RAISE SQLSTATE '3F000' USING
      MESSAGE = pg_catalog.format('slipway: schema "%s" of the search path %s cannot be used',
        wanted, path),
      HINT = pg_catalog.format('CREATE SCHEMA %1$I; or: GRANT USAGE ON SCHEMA %1$I TO %2$I;',
        wanted, current_user);
  END IF;
  history_here := pg_catalog.format('%I.%I', wanted, '__EFMigrationsHistory');
  journal_here := pg_catalog.format('%I.%I', wanted, 'slipway_journal');

  -- What the role must be allowed to do. LOCK TABLE wants UPDATE, DELETE or TRUNCATE.
  IF (pg_catalog.to_regclass(history_here) IS NULL OR pg_catalog.to_regclass(journal_here) IS NULL)
      AND NOT pg_catalog.has_schema_privilege(wanted, 'CREATE') THEN
    grants := pg_catalog.format('GRANT USAGE, CREATE ON SCHEMA %I TO %I; ', wanted, current_user);
  END IF;
  IF NOT (pg_catalog.has_table_privilege(pg_catalog.to_regclass(history_here), 'SELECT')
      AND pg_catalog.has_table_privilege(pg_catalog.to_regclass(history_here), 'INSERT')
      AND pg_catalog.has_table_privilege(pg_catalog.to_regclass(history_here),
        'UPDATE, DELETE, TRUNCATE')) THEN
    grants := grants || pg_catalog.format('GRANT SELECT, INSERT, UPDATE ON %s TO %I; ',
      history_here, current_user);
  END IF;
  IF NOT (pg_catalog.has_table_privilege(pg_catalog.to_regclass(journal_here), 'SELECT')
      AND pg_catalog.has_table_privilege(pg_catalog.to_regclass(journal_here), 'INSERT')
      AND pg_catalog.has_table_privilege(pg_catalog.to_regclass(journal_here), 'UPDATE')
      AND pg_catalog.has_table_privilege(pg_catalog.to_regclass(journal_here), 'DELETE')) THEN
    grants := grants || pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I; ',
      journal_here, current_user);
  END IF;
  IF grants <> '' THEN
    RAISE SQLSTATE '42501' USING
      MESSAGE = pg_catalog.format('slipway: role "%s" lacks rights for history and journal',
        current_user),
      HINT = 'Let the owner run: ' || pg_catalog.rtrim(grants);
  END IF;

  -- A database with another history, or another tool's, does not start over.
  IF pg_catalog.to_regclass(history_here) IS NULL THEN
    SELECT relname INTO other FROM pg_catalog.pg_class
    WHERE relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(wanted))
      AND relkind IN ('r', 'p') AND relname <> '__EFMigrationsHistory'
      AND pg_catalog.lower(pg_catalog.replace(relname, '_', '')) = 'efmigrationshistory';
    IF other IS NULL THEN
      FOR other IN
        SELECT name
        FROM pg_catalog.unnest(ARRAY['flyway_schema_history', 'databasechangelog', 'alembic_version']) AS name
        WHERE pg_catalog.to_regclass(name) IS NOT NULL
      LOOP
        EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %I)', other) INTO is_found;
        EXIT WHEN is_found;
        other := NULL;
      END LOOP;
    END IF;
    IF other IS NOT NULL THEN
      RAISE SQLSTATE '55000' USING
        MESSAGE = pg_catalog.format('slipway: %s is not there, but "%s" is', history_here, other),
        HINT = CASE WHEN other IN ('flyway_schema_history', 'databasechangelog', 'alembic_version')
          THEN 'Record what it holds, which runs nothing: slipway baseline. Then run this script.'
          ELSE 'Have the script written with --pending, or with --history-table, if that is the '
            'history.' END;
    END IF;
  ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
      WHERE attrelid = pg_catalog.to_regclass(history_here) AND attname = 'MigrationId') THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: %s has no column "%s"', history_here, 'MigrationId'),
      HINT = 'Write the script with --pending, which looks what its columns are called.';
  END IF;

  -- History and journal. Another session may be making them, or one of them, at the same moment.
  IF pg_catalog.to_regclass(history_here) IS NULL THEN
    BEGIN
      CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
          "MigrationId" character varying(150) NOT NULL,
          "ProductVersion" character varying(32) NOT NULL,
          CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
      );
    EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN
      NULL;
    END;
  END IF;
  IF pg_catalog.to_regclass(journal_here) IS NULL THEN
    BEGIN
      CREATE TABLE IF NOT EXISTS "slipway_journal" (
          history_table text NOT NULL,
          migration_id text NOT NULL,
          checksum text NOT NULL DEFAULT '',
          started_at timestamp with time zone NOT NULL DEFAULT now(),
          finished_at timestamp with time zone,
          applied_by text NOT NULL DEFAULT SESSION_USER,
          statements_done integer NOT NULL DEFAULT 0,
          statements integer NOT NULL DEFAULT 0,
          slipway_version text,
          statement_begun integer,
          indexes_before text[],
          resync_done numeric,
          PRIMARY KEY (history_table, migration_id)
      );
    EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN
      NULL;
    END;
  END IF;
  IF NOT (SELECT pg_catalog.count(*) = 12 FROM pg_catalog.pg_attribute
     WHERE attrelid = '"slipway_journal"'::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped
       AND attname IN ('history_table',
               'migration_id',
               'checksum',
               'started_at',
               'finished_at',
               'applied_by',
               'statements_done',
               'statements',
               'slipway_version',
               'statement_begun',
               'indexes_before',
               'resync_done')) THEN
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS history_table text NOT NULL;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS migration_id text NOT NULL;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS checksum text NOT NULL DEFAULT '';
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS started_at timestamp with time zone NOT NULL DEFAULT now();
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS finished_at timestamp with time zone;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS applied_by text NOT NULL DEFAULT SESSION_USER;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS statements_done integer NOT NULL DEFAULT 0;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS statements integer NOT NULL DEFAULT 0;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS slipway_version text;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS statement_begun integer;
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS indexes_before text[];
    ALTER TABLE "slipway_journal" ADD COLUMN IF NOT EXISTS resync_done numeric;
  END IF;

  -- The changelog, and what of it is recorded: how often each migration runs, the checksum of its
  -- text and of others that are accepted, its id.
  changelog := $list$
once | CHECKSUM | 20240101000000_Orders
once | CHECKSUM | 20240102000000_Totals
on change | CHECKSUM | 20240103000000_Names
once, no transaction | CHECKSUM | 20240104000000_IndexOrders
$list$;
  WITH migration AS (
    SELECT item.number::pg_catalog.int4, pg_catalog.split_part(item.line, ' | ', 1) AS kind,
      pg_catalog.split_part(item.line, ' | ', 2) AS checksums,
      pg_catalog.substr(item.line, pg_catalog.length(pg_catalog.split_part(item.line, ' | ', 1))
        + pg_catalog.length(pg_catalog.split_part(item.line, ' | ', 2)) + 7) AS id
    FROM pg_catalog.string_to_table(pg_catalog.btrim(changelog, E'\n'), E'\n')
      WITH ORDINALITY AS item(line, number)),
  seen AS (
    SELECT migration.*, recorded."MigrationId" IS NOT NULL AS is_recorded,
      journal.migration_id IS NOT NULL AND journal.finished_at IS NULL AS is_begun,
      NULLIF(journal.checksum, '') IS NOT NULL AS is_known,
      NULLIF(journal.checksum, '') IS NOT NULL AND (migration.checksums = 'any'
        OR pg_catalog.strpos(migration.checksums, journal.checksum) > 0) AS is_same
    FROM migration
    LEFT JOIN "__EFMigrationsHistory" AS recorded
      ON pg_catalog.upper(recorded."MigrationId") = pg_catalog.upper(migration.id)
    LEFT JOIN "slipway_journal" AS journal
      ON journal.history_table = '__EFMigrationsHistory'
      AND pg_catalog.upper(journal.migration_id) = pg_catalog.upper(migration.id)),
  judged AS (
    SELECT *, is_recorded
      AND (kind LIKE 'once%' OR kind LIKE 'on change%' AND is_same AND NOT is_begun) AS is_there
    FROM seen),
  written AS (
    SELECT id, number, is_there, pg_catalog.lead(id) OVER (ORDER BY number) AS behind
    FROM judged WHERE kind NOT LIKE 'before%'),
  due AS (
    SELECT id, number, behind, pg_catalog.lead(id) OVER (ORDER BY number) AS next_due
    FROM written WHERE NOT is_there)
  SELECT pg_catalog.array_agg(id),
    COALESCE(pg_catalog.range_agg(pg_catalog.int4range(number, number, '[]'))
      FILTER (WHERE is_there), '{}'),
    pg_catalog.count(*) FILTER (WHERE is_there),
    NOT pg_catalog.bool_or(is_recorded) AND EXISTS (SELECT FROM "__EFMigrationsHistory"),
    (SELECT pg_catalog.count(*) FROM due),
    COALESCE((SELECT id FROM due ORDER BY number LIMIT 1), ''),
    COALESCE((SELECT pg_catalog.jsonb_object_agg(id, COALESCE(next_due, '')) FROM due
      WHERE next_due IS DISTINCT FROM behind), '{}'),
    (pg_catalog.array_agg(id ORDER BY number)
      FILTER (WHERE kind = 'before' AND NOT is_recorded))[1],
    (pg_catalog.array_agg(id ORDER BY number)
      FILTER (WHERE (kind LIKE 'once%' OR kind LIKE 'before%')
        AND is_recorded AND is_known AND NOT is_same))[1],
    (pg_catalog.array_agg(id ORDER BY number)
      FILTER (WHERE is_begun AND kind NOT LIKE '%no transaction'
        AND NOT (is_recorded AND kind LIKE 'once%')))[1]
  INTO ids, numbers, there, is_foreign, due_count, first, gaps, missing, edited, stopped
  FROM judged;

  -- What would end badly.
  IF EXISTS (SELECT FROM "slipway_journal"
      WHERE migration_id = 'slipway resync --wipe' AND finished_at IS NULL) THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: database "%s" is half emptied',
        pg_catalog.current_database()),
      HINT = pg_catalog.format('Finish that: slipway resync --wipe --confirm %s',
        pg_catalog.current_database());
  END IF;
  IF stopped IS NULL THEN
    SELECT begun.migration_id INTO stopped FROM "slipway_journal" AS begun
    WHERE begun.history_table = '__EFMigrationsHistory' AND begun.finished_at IS NULL
      AND begun.migration_id <> ALL (ids) AND NOT EXISTS
        (SELECT FROM "__EFMigrationsHistory" AS recorded
         WHERE pg_catalog.upper(recorded."MigrationId") = pg_catalog.upper(begun.migration_id))
    LIMIT 1;
  END IF;
  IF stopped IS NOT NULL THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: migration "%s" is partially applied', stopped),
      DETAIL = 'It is being applied at this moment, or it stopped half-way.',
      HINT = 'See where: slipway status';
  END IF;
  IF is_foreign THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: this release cannot go on top of database "%s"',
        pg_catalog.current_database()),
      DETAIL = 'The history holds ids, and not one of this changelog.',
      HINT = 'This is another application''s database, or the release needs a clean one: empty '
        'it, or see what slipway status says. If others record their migrations there, too, '
        'have the script written with --shared-history.';
  END IF;
  IF edited IS NOT NULL THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: migration "%s" was edited after it was applied', edited),
      HINT = 'Restore its text and write the script again.';
  END IF;
  IF missing IS NOT NULL THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: migration "%s" is missing', missing),
      DETAIL = 'This script holds only what comes behind it.',
      HINT = 'Apply it first, or write a script that has it, too.';
  END IF;
  IF NOT EXISTS (SELECT FROM "__EFMigrationsHistory") THEN
    FOR other IN
      SELECT pg_catalog.format('%I.%I', place.name, '__EFMigrationsHistory')
      FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) AS place(name)
      WHERE pg_catalog.format('%I.%I', place.name, '__EFMigrationsHistory') <> history_here
        AND pg_catalog.to_regclass(pg_catalog.format('%I.%I', place.name, '__EFMigrationsHistory'))
          IS NOT NULL
    LOOP
      EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s WHERE %I = ANY ($1))', other,
        'MigrationId') USING ids INTO is_found;
      IF is_found THEN
        RAISE SQLSTATE '55000' USING
          MESSAGE = pg_catalog.format('slipway: the history of these migrations is %s', other),
          HINT = 'Put its schema first in the search path, or write the script with '
            '--history-schema.';
      END IF;
    END LOOP;
  END IF;

  -- What the blocks share: the statements before and behind a migration's own, which migration is
  -- next where the one behind was there, and how many were there or passed over. %1$L is all of
  -- this itself, since settings are reset, too; %2$L is a migration, %3$L the one behind it.
  go_on := $next$
      SELECT pg_catalog.set_config('slipway.next', COALESCE(
        %1$L::pg_catalog.jsonb -> 'gaps' ->> %2$L, %3$L), false)$next$;
  reset := pg_catalog.replace(
      pg_catalog.format('%s;
      SELECT pg_catalog.set_config(''search_path'', %L, false)', reset, path), '%', '%%')
    || ', pg_catalog.set_config(''slipway.shared'', %1$L, false)';
  PERFORM pg_catalog.set_config('slipway.next', first, false),
    pg_catalog.set_config('slipway.shared', pg_catalog.jsonb_build_object(
      'lock', $lock$
      SET LOCAL lock_timeout = 600000;
      LOCK TABLE "__EFMigrationsHistory" IN SHARE ROW EXCLUSIVE MODE;
      SET LOCAL lock_timeout = 5000$lock$,
      'reset', reset,
      'next', go_on,
      'finish', 'SET CONSTRAINTS ALL IMMEDIATE; ' || reset || '; ' || $journal$
      INSERT INTO "slipway_journal"
        (history_table, migration_id, checksum, started_at, finished_at, applied_by,
         statements_done, statements, slipway_version, statement_begun)
      VALUES ('__EFMigrationsHistory', %2$L, %4$L, now(), clock_timestamp(), SESSION_USER, %5$s, %5$s, '0.1.0', 0)
      ON CONFLICT (history_table, migration_id) DO UPDATE
      SET checksum = excluded.checksum, started_at = excluded.started_at,
        finished_at = excluded.finished_at, applied_by = excluded.applied_by,
        statements_done = excluded.statements_done, statements = excluded.statements,
        slipway_version = excluded.slipway_version, statement_begun = excluded.statement_begun$journal$
        || '; ' || go_on,
      'skip', $skip$
      SELECT pg_catalog.set_config('slipway.shared', (shared || pg_catalog.jsonb_build_object(
        %4$L, (shared ->> %4$L)::pg_catalog.int4 + 1))::pg_catalog.text, false)
      FROM (SELECT %1$L::pg_catalog.jsonb) AS kept(shared); $skip$ || go_on,
      'gaps', gaps,
      'recorded', numbers,
      'there', there,
      'passed', 0)::pg_catalog.text, false);
END
$slipway$;

-- 20240101000000_Orders
-- changelog/20240101000000_Orders.sql
-- block 1 of 5: guard e96c850e, statements e57d7809
DO $slipway$
DECLARE
  shared pg_catalog.jsonb;
  statement pg_catalog.text;
BEGIN
  IF pg_catalog.current_setting('slipway.next') = '20240101000000_Orders' THEN
    shared := pg_catalog.current_setting('slipway.shared');
    EXECUTE shared ->> 'lock';
    IF NOT EXISTS (SELECT 1 FROM "__EFMigrationsHistory"
        WHERE "MigrationId" = '20240101000000_Orders') THEN
      FOREACH statement IN ARRAY ARRAY[
$sql$CREATE TABLE orders (
    id bigint PRIMARY KEY,
    note text NOT NULL
)$sql$,
$sql$INSERT INTO orders VALUES (1, 'it''s one; with
  a second line')$sql$
      ] LOOP
        EXECUTE statement;
      END LOOP;
      EXECUTE pg_catalog.format(shared ->> 'finish', shared,
        '20240101000000_Orders', '20240102000000_Totals',
        'CHECKSUM', 2);
      INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
      VALUES ('20240101000000_Orders', 'slipway 0.1.0');
      IF NOT FOUND THEN
        RAISE 'slipway: the history does not keep the row of 20240101000000_Orders';
      END IF;
      RAISE NOTICE 'slipway: applied 20240101000000_Orders';
    ELSE
      EXECUTE pg_catalog.format(shared ->> 'skip', shared,
        '20240101000000_Orders', '20240102000000_Totals', 'there');
    END IF;
  END IF;
END
$slipway$;

-- 20240102000000_Totals
-- changelog/20240102000000_Totals.xml:2
-- block 2 of 5: guard ad785014, statements 3479be48
DO $slipway1$
DECLARE
  shared pg_catalog.jsonb;
BEGIN
  IF pg_catalog.current_setting('slipway.next') = '20240102000000_Totals' THEN
    shared := pg_catalog.current_setting('slipway.shared');
    EXECUTE shared ->> 'lock';
    IF NOT EXISTS (SELECT 1 FROM "__EFMigrationsHistory"
        WHERE "MigrationId" = '20240102000000_Totals') THEN
      EXECUTE $precondition$DO $slipway$
DECLARE
  holds pg_catalog.bool := false;
  answered pg_catalog.bool := false;
  asked pg_catalog.text := '';
  state pg_catalog.text := '';
  message pg_catalog.text := '';
BEGIN
  BEGIN
    asked := 'table "totals" exists';
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c WHERE c.relkind IN (''r'', ''p'', ''f'') AND c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = current_schema()) AND c.relname IN (''totals''))' INTO holds;
    holds := COALESCE(holds, false);
    asked := 'table "totals" exists';
    holds := NOT holds;
    asked := 'not (table "totals" exists)';
    answered := true;
    RAISE SQLSTATE 'SLPWY';
  EXCEPTION
    WHEN transaction_rollback OR insufficient_resources OR lock_not_available
        OR operator_intervention OR system_error THEN
      RAISE;
    WHEN OTHERS OR assert_failure THEN
      IF NOT answered THEN
        state := SQLSTATE;
        message := SQLERRM;
      END IF;
  END;
  PERFORM
    pg_catalog.set_config('slipway.precondition',
      CASE WHEN NOT answered THEN 'error' WHEN holds THEN 'true' ELSE 'false' END, true),
    pg_catalog.set_config('slipway.precondition_asked', asked, true),
    pg_catalog.set_config('slipway.precondition_sqlstate', state, true),
    pg_catalog.set_config('slipway.precondition_message', message, true);
END
$slipway$$precondition$;
      CASE pg_catalog.current_setting('slipway.precondition', true)
      WHEN 'false' THEN
        INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
        VALUES ('20240102000000_Totals', 'slipway 0.1.0');
        IF NOT FOUND THEN
          RAISE 'slipway: the history does not keep the row of 20240102000000_Totals';
        END IF;
        INSERT INTO "slipway_journal"
          (history_table, migration_id, checksum, started_at, finished_at, applied_by,
           statements_done, statements, slipway_version, statement_begun)
        VALUES ('__EFMigrationsHistory', '20240102000000_Totals',
          'CHECKSUM',
          now(), clock_timestamp(), SESSION_USER, 0, 1, '0.1.0', 0)
        ON CONFLICT (history_table, migration_id) DO UPDATE
        SET checksum = excluded.checksum, started_at = excluded.started_at,
          finished_at = excluded.finished_at, applied_by = excluded.applied_by,
          statements_done = excluded.statements_done, statements = excluded.statements,
          slipway_version = excluded.slipway_version, statement_begun = excluded.statement_begun;
        RAISE NOTICE USING MESSAGE = 'slipway: marked 20240102000000_Totals: ' || 'its precondition does not hold: ' || pg_catalog.current_setting('slipway.precondition_asked', true) || ' (changelog/20240102000000_Totals.xml:3)';
      WHEN 'error' THEN
        RAISE SQLSTATE '55000' USING MESSAGE = 'slipway: cannot apply 20240102000000_Totals: ' || 'its precondition could not be evaluated: ' || pg_catalog.current_setting('slipway.precondition_message', true) || ' (changelog/20240102000000_Totals.xml:3)';
      ELSE
        NULL;
      END CASE;
      IF pg_catalog.current_setting('slipway.precondition', true) IN ('true') THEN
        EXECUTE $sql$CREATE TABLE totals (id BIGINT)$sql$;
        EXECUTE pg_catalog.format(shared ->> 'finish', shared,
          '20240102000000_Totals', '20240103000000_Names',
          'CHECKSUM', 1);
        INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
        VALUES ('20240102000000_Totals', 'slipway 0.1.0');
        IF NOT FOUND THEN
          RAISE 'slipway: the history does not keep the row of 20240102000000_Totals';
        END IF;
        RAISE NOTICE 'slipway: applied 20240102000000_Totals';
      ELSE
        EXECUTE pg_catalog.format(shared ->> 'reset', shared);
        EXECUTE pg_catalog.format(shared ->> 'skip', shared,
          '20240102000000_Totals', '20240103000000_Names', 'passed');
      END IF;
    ELSE
      EXECUTE pg_catalog.format(shared ->> 'skip', shared,
        '20240102000000_Totals', '20240103000000_Names', 'there');
    END IF;
  END IF;
END
$slipway1$;

-- 20240103000000_Names
-- changelog/20240103000000_Names.sql
-- block 3 of 5: guard 5fdaf790, statements 2d3e5c9d
DO $slipway$
DECLARE
  shared pg_catalog.jsonb;
BEGIN
  IF pg_catalog.current_setting('slipway.next') = '20240103000000_Names' THEN
    shared := pg_catalog.current_setting('slipway.shared');
    EXECUTE shared ->> 'lock';
    IF NOT EXISTS (SELECT 1 FROM "slipway_journal"
        WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240103000000_Names'
          AND finished_at IS NOT NULL AND checksum IN ('CHECKSUM')
          AND EXISTS (SELECT FROM "__EFMigrationsHistory"
              WHERE pg_catalog.upper("MigrationId") = pg_catalog.upper('20240103000000_Names'))) THEN
      EXECUTE $sql$CREATE OR REPLACE VIEW names AS SELECT note FROM orders$sql$;
      EXECUTE pg_catalog.format(shared ->> 'finish', shared,
        '20240103000000_Names', '20240104000000_IndexOrders',
        'CHECKSUM', 1);
      IF NOT EXISTS (SELECT FROM "__EFMigrationsHistory"
          WHERE pg_catalog.upper("MigrationId") = pg_catalog.upper('20240103000000_Names')) THEN
        INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
        VALUES ('20240103000000_Names', 'slipway 0.1.0');
        IF NOT FOUND THEN
          RAISE 'slipway: the history does not keep the row of 20240103000000_Names';
        END IF;
      END IF;
      RAISE NOTICE 'slipway: applied 20240103000000_Names';
    ELSE
      EXECUTE pg_catalog.format(shared ->> 'skip', shared,
        '20240103000000_Names', '20240104000000_IndexOrders', 'there');
    END IF;
  END IF;
END
$slipway$;

-- 20240104000000_IndexOrders
-- changelog/20240104000000_IndexOrders.sql
-- Without a transaction, by psql only
-- block 4 of 5: guard 5a146189, statements ebdebd3d
-- For the migrations that run without a transaction: the key of the lock that keeps other runs
-- away, whether this session has it or can take it, and the indexes of all tables.
SELECT key AS lock, pg_catalog.format($sql$(EXISTS (SELECT FROM pg_catalog.pg_locks
  WHERE locktype = 'advisory' AND granted AND pid = pg_catalog.pg_backend_pid() AND objsubid = 1
    AND (classid::pg_catalog.int8 << 32) | objid::pg_catalog.int8 = %1$s)
  OR pg_catalog.pg_try_advisory_lock(%1$s))$sql$, key) AS locked, $sql$(SELECT i.indrelid AS on_table,
  pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
  c.relname AS plain_name, i.indisvalid AS is_valid,
  EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
    WHERE p.datname = pg_catalog.current_database() AND p.index_relid = i.indexrelid
      AND p.pid <> pg_catalog.pg_backend_pid()) AS is_being_built,
  CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || pg_catalog.substr(
    pg_catalog.pg_get_indexdef(i.indexrelid),
    1 + pg_catalog.length(pg_catalog.format('CREATE %sINDEX %I ON %I.%I',
      CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, c.relname, tn.nspname, t.relname)))
    AS definition
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace) AS there$sql$ AS indexes
FROM (SELECT ('x' || pg_catalog.substr(pg_catalog.encode(pg_catalog.sha256(
  pg_catalog.convert_to(
    'slipway "' || pg_catalog.replace(pg_catalog.current_schema(), '"', '""') || '"."__EFMigrationsHistory"',
    'UTF8')), 'hex'), 1, 16))::pg_catalog.bit(64)::pg_catalog.int8) AS migration_lock(key) \gset slipway_
\set slipway_next 0
\set slipway_doubt 0
\set slipway_stop :ON_ERROR_STOP
DO $slipway$
DECLARE
  shared pg_catalog.jsonb;
  claim pg_catalog.text := '0 0';
  done pg_catalog.int4 := 0;
  begun pg_catalog.text;
  doubt pg_catalog.int4 := 0;
  noted pg_catalog.int4;
  to_note pg_catalog.int4;
  lock_key pg_catalog.int8 := ('x' || pg_catalog.substr(pg_catalog.encode(pg_catalog.sha256(
    pg_catalog.convert_to(
      'slipway "' || pg_catalog.replace(pg_catalog.current_schema(), '"', '""') || '"."__EFMigrationsHistory"',
      'UTF8')), 'hex'), 1, 16))::pg_catalog.bit(64)::pg_catalog.int8;
BEGIN
  IF pg_catalog.current_setting('slipway.next') = '20240104000000_IndexOrders' THEN
    shared := pg_catalog.current_setting('slipway.shared');
    EXECUTE shared ->> 'lock';
    IF NOT EXISTS (SELECT 1 FROM "__EFMigrationsHistory"
        WHERE "MigrationId" = '20240104000000_IndexOrders') THEN
      IF NOT pg_catalog.pg_try_advisory_lock(lock_key) THEN
        RAISE SQLSTATE '55P03' USING
          MESSAGE = 'slipway: not applied: 20240104000000_IndexOrders, because another run is at work',
          HINT = 'Wait until it has ended, then run this script again.';
      END IF;
      SELECT statements_done, checksum, statement_begun INTO done, begun, noted FROM "slipway_journal"
      WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'
        AND finished_at IS NULL AND (statements_done > 0 OR statement_begun IS DISTINCT FROM 0);
      IF FOUND THEN
        doubt := CASE WHEN noted <> done + 1 OR done >= 1 THEN 0 ELSE done + 1 END;
        to_note := CASE
          WHEN begun NOT IN ('', 'CHECKSUM') THEN LEAST(done, 1)
          WHEN false THEN 1
          WHEN doubt NOT IN (0, 1) THEN doubt
        END;
        IF to_note IS NOT NULL THEN
          PERFORM pg_catalog.pg_advisory_unlock(lock_key);
          RAISE SQLSTATE '55000' USING
            MESSAGE = pg_catalog.format('slipway: migration "%s" stopped at statement %s',
              '20240104000000_IndexOrders', done + 1),
            DETAIL = CASE WHEN begun NOT IN ('', 'CHECKSUM') THEN 'Its text was edited since.'
              WHEN false THEN 'What was temporary is gone with its session.'
              ELSE 'Nobody knows whether that took effect.' END,
            HINT = pg_catalog.format('See to it that exactly the first %s of its statements took '
              'effect, then note that: UPDATE %I.%I SET statements_done = %s, '
              'statement_begun = 0, checksum = %L WHERE %s; and run this script again.',
              to_note, pg_catalog.current_schema(), 'slipway_journal', to_note,
              'CHECKSUM',
              'history_table = ''__EFMigrationsHistory'' AND migration_id = ''20240104000000_IndexOrders''');
        END IF;
      ELSE
        done := 0;
        INSERT INTO "slipway_journal"
          (history_table, migration_id, checksum, started_at, finished_at, applied_by,
           statements_done, statements, slipway_version, statement_begun)
        VALUES ('__EFMigrationsHistory', '20240104000000_IndexOrders',
          'CHECKSUM',
          clock_timestamp(), NULL, SESSION_USER, 0, 1, '0.1.0', 0)
        ON CONFLICT (history_table, migration_id) DO UPDATE
        SET checksum = excluded.checksum, started_at = excluded.started_at,
          finished_at = excluded.finished_at, applied_by = excluded.applied_by,
          statements_done = excluded.statements_done, statements = excluded.statements,
          slipway_version = excluded.slipway_version, statement_begun = excluded.statement_begun;
      END IF;
      claim := (done + 1) || ' ' || doubt;
      PERFORM pg_catalog.set_config('lock_timeout', '5000', false);
    ELSE
      EXECUTE pg_catalog.format(shared ->> 'skip', shared,
        '20240104000000_IndexOrders', '', 'there');
    END IF;
  END IF;
  PERFORM pg_catalog.set_config('slipway.claim', claim, false);
END
$slipway$;
\if :ERROR
\else
SELECT pg_catalog.split_part(pg_catalog.current_setting('slipway.claim'), ' ', 1) AS next,
  pg_catalog.split_part(pg_catalog.current_setting('slipway.claim'), ' ', 2) AS doubt,
  pg_catalog.current_setting('slipway.shared') AS shared,
  pg_catalog.format('%I.%I', pg_catalog.current_schema(), '__EFMigrationsHistory') AS history,
  pg_catalog.format('%I.%I', pg_catalog.current_schema(), 'slipway_journal') AS journal \gset slipway_
\endif
SELECT :slipway_next > 0 AS claimed \gset slipway_
\set ON_ERROR_STOP off

-- Statement 1 of 1
SELECT CASE :slipway_next WHEN 1 THEN :slipway_locked ELSE false END AS due \gset slipway_
\if :slipway_due
SELECT setting AS lock_timeout, pg_catalog.set_config('lock_timeout',
  CASE setting WHEN '5000' THEN '0' ELSE setting END, false) AS set
FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' \gset slipway_
\set slipway_run true
SELECT :slipway_doubt = 1 AS settle \gset slipway_
\if :slipway_settle
\unset slipway_before
BEGIN;
SET LOCAL ROLE NONE;
SELECT COALESCE((SELECT indexes_before FROM :slipway_journal
  WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'), '{}') AS before \gset slipway_
ROLLBACK;
\set slipway_definition ''
BEGIN;
CREATE TABLE slipway_index_copy (LIKE "orders");
CREATE INDEX slipway_index_copy_index ON slipway_index_copy (note);
SELECT definition FROM :slipway_indexes WHERE plain_name = 'slipway_index_copy_index' \gset slipway_
ROLLBACK;
SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
WHERE NOT is_valid AND NOT is_being_built
  AND on_table = pg_catalog.to_regclass('"orders"') AND plain_name = 'ix_orders_note'
  AND name <> ALL (:'slipway_before'::pg_catalog.text[])
  AND :'slipway_definition' IN (definition, '') \gexec
SELECT NOT EXISTS (SELECT FROM :slipway_indexes
  WHERE is_valid
    AND on_table = pg_catalog.to_regclass('"orders"') AND plain_name = 'ix_orders_note'
  AND name <> ALL (:'slipway_before'::pg_catalog.text[])
  AND :'slipway_definition' IN (definition, '')) AS run \gset slipway_
\endif
BEGIN READ WRITE\; SET LOCAL ROLE NONE\; UPDATE :slipway_journal SET statement_begun = 1,
  indexes_before = ARRAY(SELECT name FROM (SELECT i.indrelid AS on_table,
  pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
  c.relname AS plain_name, i.indisvalid AS is_valid,
  EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
    WHERE p.datname = pg_catalog.current_database() AND p.index_relid = i.indexrelid
      AND p.pid <> pg_catalog.pg_backend_pid()) AS is_being_built,
  CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || pg_catalog.substr(
    pg_catalog.pg_get_indexdef(i.indexrelid),
    1 + pg_catalog.length(pg_catalog.format('CREATE %sINDEX %I ON %I.%I',
      CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, c.relname, tn.nspname, t.relname)))
    AS definition
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace) AS there WHERE on_table = pg_catalog.to_regclass('"orders"'))
WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'\; COMMIT;
\if :ERROR
ROLLBACK;
\set slipway_next 0
\else
\unset slipway_before
BEGIN;
SET LOCAL ROLE NONE;
SELECT COALESCE((SELECT indexes_before FROM :slipway_journal
  WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'), '{}') AS before \gset slipway_
ROLLBACK;
SELECT $sql$CREATE INDEX CONCURRENTLY ix_orders_note ON orders (note)$sql$ WHERE :'slipway_run' \gexec
\if :ERROR
\set slipway_next 0
SELECT 'DROP INDEX CONCURRENTLY ' || name FROM :slipway_indexes
WHERE on_table = pg_catalog.to_regclass('"orders"') AND plain_name = 'ix_orders_note' AND NOT is_valid AND NOT is_being_built
  AND name <> ALL (:'slipway_before'::pg_catalog.text[]) \gexec
\if :ERROR
\else
BEGIN READ WRITE\; SET LOCAL ROLE NONE\; DELETE FROM :slipway_journal
WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'\; COMMIT;
\if :ERROR
ROLLBACK;
\endif
\endif
\else
SELECT EXISTS (SELECT FROM :slipway_indexes
  WHERE NOT is_valid AND on_table = pg_catalog.to_regclass('"orders"')
    AND plain_name = 'ix_orders_note') AS invalid \gset slipway_
\if :slipway_invalid
\set slipway_next 0
BEGIN READ WRITE\; SET LOCAL ROLE NONE\; DELETE FROM :slipway_journal
WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'\; COMMIT;
\if :ERROR
ROLLBACK;
\endif
DO $slipway$
BEGIN
  RAISE SQLSTATE '55000' USING
    MESSAGE = 'slipway: index "ix_orders_note" is there and invalid';
END
$slipway$;
\else
SET client_encoding = 'UTF8';
BEGIN READ WRITE\; SET LOCAL ROLE NONE\; UPDATE :slipway_journal SET statements_done = 1
WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'\; COMMIT;
\if :ERROR
ROLLBACK;
\set slipway_next 0
\else
\set slipway_next 2
\endif
\endif
\endif
SELECT pg_catalog.set_config('lock_timeout', :'slipway_lock_timeout', false) AS set \gset slipway_
\endif
\endif

-- Is it complete?
\set ON_ERROR_STOP :slipway_stop
\if :slipway_claimed
SELECT pg_catalog.set_config('slipway.shared', :'slipway_shared', false) AS set,
  pg_catalog.set_config('slipway.next', '20240104000000_IndexOrders', false) AS own,
  pg_catalog.set_config('default_transaction_read_only', 'off', false) AS read_only,
  CASE :slipway_next WHEN 2 THEN :slipway_locked ELSE false END AS complete \gset slipway_
\if :slipway_complete
DO $slipway$
DECLARE
  shared pg_catalog.jsonb;
BEGIN
  shared := pg_catalog.current_setting('slipway.shared');
  EXECUTE pg_catalog.format(shared ->> 'reset', shared);
  EXECUTE shared ->> 'lock';
  IF NOT EXISTS (SELECT FROM "__EFMigrationsHistory"
      WHERE pg_catalog.upper("MigrationId") = pg_catalog.upper('20240104000000_IndexOrders')) THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20240104000000_IndexOrders', 'slipway 0.1.0');
    IF NOT FOUND THEN
      RAISE 'slipway: the history does not keep the row of 20240104000000_IndexOrders';
    END IF;
  END IF;
  UPDATE "slipway_journal" SET finished_at = clock_timestamp(), statements_done = 1, statements = 1,
    checksum = 'CHECKSUM', indexes_before = NULL
  WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders';
  RAISE NOTICE 'slipway: applied 20240104000000_IndexOrders';
  EXECUTE pg_catalog.format(shared ->> 'next', shared, '20240104000000_IndexOrders', '');
END
$slipway$;
SELECT pg_catalog.pg_advisory_unlock(:slipway_lock) AS set \gset slipway_
\else
DO $slipway$
DECLARE
  shared pg_catalog.jsonb;
BEGIN
  shared := pg_catalog.current_setting('slipway.shared');
  EXECUTE pg_catalog.format(shared ->> 'reset', shared);
  SET slipway.next = '20240104000000_IndexOrders';
END
$slipway$;
SELECT pg_catalog.pg_advisory_unlock(:slipway_lock) AS set \gset slipway_
DO $slipway$
DECLARE
  shared pg_catalog.jsonb;
  done pg_catalog.int4;
BEGIN
  SELECT statements_done INTO done FROM "slipway_journal"
  WHERE history_table = '__EFMigrationsHistory' AND migration_id = '20240104000000_IndexOrders'
    AND finished_at IS NULL;
  RAISE SQLSTATE '55000' USING
    MESSAGE = 'slipway: migration "20240104000000_IndexOrders"' || COALESCE(
      ' stopped: ' || done || ' of 1 statements took effect',
      ' was not applied; nothing of it is left'),
    HINT = 'See the error above; mend its cause and run the script again.';
END
$slipway$;
\endif
\endif

-- The end: is everything there?
-- block 5 of 5: guard 75d3b61e, statements 00000000
DO $slipway$
DECLARE
  missing pg_catalog.text := pg_catalog.current_setting('slipway.next', true);
  shared pg_catalog.jsonb := NULLIF(pg_catalog.current_setting('slipway.shared', true), '');
  there pg_catalog.int4 := shared ->> 'there';
  passed pg_catalog.int4 := shared ->> 'passed';
BEGIN
  IF missing <> '' OR shared IS NULL THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = 'slipway: not complete: there is missing '
        || COALESCE(NULLIF(missing, ''), 'the beginning'),
      HINT = 'Look for the first error above; mend its cause and run the script again.';
  END IF;

  -- Does the history hold what was applied? The migrations: number in the changelog, id.
  SELECT migration.id INTO missing
  FROM (SELECT pg_catalog.split_part(line, ' ', 1)::pg_catalog.int4,
          pg_catalog.substr(line, pg_catalog.strpos(line, ' ') + 1)
        FROM pg_catalog.string_to_table(pg_catalog.btrim($list$
1 20240101000000_Orders
2 20240102000000_Totals
3 20240103000000_Names
4 20240104000000_IndexOrders
$list$, E'\n'), E'\n') AS line)
    AS migration(number, id)
  WHERE NOT (shared ->> 'recorded')::pg_catalog.int4multirange @> number
    AND NOT EXISTS (SELECT FROM "__EFMigrationsHistory" AS recorded
      WHERE pg_catalog.upper(recorded."MigrationId") = pg_catalog.upper(migration.id))
  ORDER BY number DESC LIMIT 1;
  IF FOUND THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: the history does not hold "%s", which was applied',
        missing),
      HINT = 'Look for a rule or trigger on it, or a statement that deletes from it; once it is '
        'gone, record what was applied: slipway baseline ' || missing;
  END IF;
  RAISE NOTICE 'slipway: % applied, % already there%', 4 - there - passed, there,
    CASE passed WHEN 0 THEN '' ELSE pg_catalog.format(', %s not run', passed) END;
  SET slipway.shared = '';
END
$slipway$;
