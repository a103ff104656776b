
  -- Does the history hold what was applied? The migrations: number in the changelog, id.
  SELECT migration.id INTO missing
  FROM (SELECT pg_catalog.split_part(line, ' ', 1)::pg_catalog.int4,
          pg_catalog.substr(line, pg_catalog.strpos(line, ' ') + 1)
        FROM pg_catalog.string_to_table(pg_catalog.btrim({migrations}, E'\n'), E'\n') AS line)
    AS migration(number, id)
  WHERE NOT (shared ->> 'recorded')::pg_catalog.int4multirange @> number
    AND NOT EXISTS (SELECT FROM {history} AS recorded
      WHERE pg_catalog.upper(recorded.{id}) = pg_catalog.upper(migration.id))
  ORDER BY number DESC LIMIT 1;
  IF FOUND THEN
    RAISE SQLSTATE '55000' USING
      MESSAGE = pg_catalog.format('slipway: the history does not hold "%s", which was applied',
        missing),
      HINT = 'Look for a rule or trigger on it, or a statement that deletes from it; once it is '
        'gone, record what was applied: slipway baseline ' || missing;
  END IF;
