CREATE FUNCTION greeting(name text) RETURNS text LANGUAGE plpgsql AS $slipway$
BEGIN
    -- four blanks, a ; and a :name
    RETURN $sql$hello $sql$ || name;
END
$slipway$;

CREATE TEMPORARY TABLE scratch AS SELECT greeting('you') AS text;
SELECT text INTO greetings FROM scratch;
INSERT INTO "Order Lines" VALUES (3, NULL, current_setting('TimeZone'))
