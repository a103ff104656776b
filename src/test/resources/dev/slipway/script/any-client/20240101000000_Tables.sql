CREATE TABLE person (
  id int PRIMARY KEY,
  name text NOT NULL,
  "größe; 提" numeric DEFAULT 1.5
);
INSERT INTO person (id, name) VALUES
  (1, 'Zoë; it''s {d ''1''} ? $1 :name :''name'''),
  (2, E'提\\🚀\'s
$slipway$;
END'),
  (3, 'C:\new');
CREATE TABLE pet (
  id int PRIMARY KEY,
  owner int REFERENCES person DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO pet VALUES (1, 4);
INSERT INTO person (id, name) VALUES (4, $$late$$);
SELECT id, name INTO greeted FROM person
