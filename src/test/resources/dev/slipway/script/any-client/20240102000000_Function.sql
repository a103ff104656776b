SET escape_string_warning = off;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE FUNCTION app.greet(name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN $q$Grüß dich, $q$ || name;
END $$;
INSERT INTO app.person (id, name) VALUES (5, app.greet('\\'));
SET default_transaction_isolation = 'serializable';
SET DateStyle = 'German';
CREATE TEMPORARY TABLE person (id int);
