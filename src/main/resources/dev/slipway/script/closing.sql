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
  END IF;{recorded}
  RAISE NOTICE 'slipway: % applied, % already there%', {written} - there - passed, there,
    CASE passed WHEN 0 THEN '' ELSE pg_catalog.format(', %s not run', passed) END;
  SET slipway.shared = '';
END
