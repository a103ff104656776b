CREATE TABLE plain (id integer PRIMARY KEY, label text NOT NULL DEFAULT 'a;b');

CREATE FUNCTION label_of(integer) RETURNS text LANGUAGE sql AS $$
  SELECT label FROM plain WHERE id = $1;
$$;
