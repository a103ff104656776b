DECLARE
  path pg_catalog.text := {path};
  reset pg_catalog.text := {reset};
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
  go_on pg_catalog.text;{firstMarked}
BEGIN
  IF pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 140000 THEN
    RAISE SQLSTATE '0A000' USING
      MESSAGE = 'slipway: the server is too old',
      HINT = 'Slipway works with PostgreSQL 14 and newer.';
  END IF;{encoding}
  IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = 'slipway: the transaction around this script is '
        || pg_catalog.current_setting('transaction_isolation'),
      HINT = 'Run it in none, or in one that is READ COMMITTED.';
  END IF;

  -- The state of the session from which each migration starts.
{role}  EXECUTE reset;{keepRole}
  PERFORM pg_catalog.set_config('search_path', path, false),
    pg_catalog.set_config('lock_timeout', '{historyWait}', true);

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
{createSchema}
  IF wanted IS DISTINCT FROM pg_catalog.current_schema() THEN
    RAISE SQLSTATE '3F000' USING
      MESSAGE = pg_catalog.format('slipway: schema "%s" of the search path %s cannot be used',
        wanted, path),
      HINT = pg_catalog.format('CREATE SCHEMA %1$I; or: GRANT USAGE ON SCHEMA %1$I TO %2$I;',
        wanted, current_user);
  END IF;{historySchema}
  history_here := pg_catalog.format('%I.%I', {schema}, {historyName});
  journal_here := pg_catalog.format('%I.%I', {schema}, {journalName});

  -- What the role must be allowed to do. LOCK TABLE wants UPDATE, DELETE or TRUNCATE.
  IF (pg_catalog.to_regclass(history_here) IS NULL OR pg_catalog.to_regclass(journal_here) IS NULL)
      AND NOT pg_catalog.has_schema_privilege({schema}, 'CREATE') THEN
    grants := pg_catalog.format('GRANT USAGE, CREATE ON SCHEMA %I TO %I; ', {schema}, current_user);
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
    WHERE relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident({schema}))
      AND relkind IN ('r', 'p') AND relname <> {historyName}
      AND pg_catalog.lower(pg_catalog.replace(relname, '_', '')) = 'efmigrationshistory';
    IF other IS NULL THEN
      FOR other IN
        SELECT name
        FROM pg_catalog.unnest(ARRAY[{otherTools}]) AS name
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
        HINT = CASE WHEN other IN ({otherTools})
          THEN 'Record what it holds, which runs nothing: slipway baseline. Then run this script.'
          ELSE 'Have the script written with --pending, or with --history-table, if that is the '
            'history.' END;
    END IF;
  ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
      WHERE attrelid = pg_catalog.to_regclass(history_here) AND attname = {idName}) THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: %s has no column "%s"', history_here, {idName}),
      HINT = 'Write the script with --pending, which looks what its columns are called.';
  END IF;

  -- History and journal. Another session may be making them, or one of them, at the same moment.
  IF pg_catalog.to_regclass(history_here) IS NULL THEN
    BEGIN
{createHistory};
    EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN
      NULL;
    END;
  END IF;
  IF pg_catalog.to_regclass(journal_here) IS NULL THEN
    BEGIN
{createJournal};
    EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN
      NULL;
    END;
  END IF;
  IF NOT {isJournalComplete} THEN
{extendJournal};
  END IF;

  -- The changelog, and what of it is recorded: how often each migration runs, the checksum of its
  -- text and of others that are accepted, its id.
  changelog := {migrations};
  WITH migration AS (
    SELECT item.number::pg_catalog.int4, pg_catalog.split_part(item.line, ' | ', 1) AS kind,
      pg_catalog.split_part(item.line, ' | ', 2) AS checksums,
      pg_catalog.substr(item.line, pg_catalog.length(pg_catalog.split_part(item.line, ' | ', 1))
        + pg_catalog.length(pg_catalog.split_part(item.line, ' | ', 2)) + 7) AS id
    FROM pg_catalog.string_to_table(pg_catalog.btrim(changelog, E'\n'), E'\n')
      WITH ORDINALITY AS item(line, number)),
  seen AS (
    SELECT migration.*, recorded.{id} IS NOT NULL AS is_recorded,
      journal.migration_id IS NOT NULL AND journal.finished_at IS NULL AS is_begun,
      NULLIF(journal.checksum, '') IS NOT NULL AS is_known,
      NULLIF(journal.checksum, '') IS NOT NULL AND (migration.checksums = {anyChecksum}
        OR pg_catalog.strpos(migration.checksums, journal.checksum) > 0) AS is_same
    FROM migration
{joined}),
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
    NOT pg_catalog.bool_or(is_recorded) AND EXISTS (SELECT FROM {history}){leftOut},
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
  IF EXISTS (SELECT FROM {journal}
      WHERE migration_id = {emptying} AND finished_at IS NULL) THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: database "%s" is half emptied',
        pg_catalog.current_database()),
      HINT = pg_catalog.format('Finish that: slipway resync --wipe --confirm %s',
        pg_catalog.current_database());
  END IF;
{abandoned}  IF stopped IS NOT NULL THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: migration "%s" is partially applied', stopped),
      DETAIL = 'It is being applied at this moment, or it stopped half-way.',
      HINT = 'See where: slipway status';
  END IF;
{beginning}{foreign}  IF edited IS NOT NULL THEN
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
  IF NOT EXISTS (SELECT FROM {history}) THEN
    FOR other IN
      SELECT pg_catalog.format('%I.%I', place.name, {historyName})
      FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) AS place(name)
      WHERE pg_catalog.format('%I.%I', place.name, {historyName}) <> history_here
        AND pg_catalog.to_regclass(pg_catalog.format('%I.%I', place.name, {historyName}))
          IS NOT NULL
    LOOP
      EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s WHERE %I = ANY ($1))', other,
        {idName}) USING ids INTO is_found;
      IF is_found THEN
        RAISE SQLSTATE '55000' USING
          MESSAGE = pg_catalog.format('slipway: the history of these migrations is %s', other),
          HINT = 'Put its schema first in the search path, or write the script with '
            '--history-schema.';
      END IF;
    END LOOP;
  END IF;
{notClean}{preconditions}
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
      'lock', {lock},
      'reset', reset,
      'next', go_on,
      'finish', 'SET CONSTRAINTS ALL IMMEDIATE; ' || reset || '; ' || {journalApplied}
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
