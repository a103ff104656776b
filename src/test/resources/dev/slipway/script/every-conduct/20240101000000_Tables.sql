-- Names that need quotes, a deferred constraint that only the end of the transaction satisfies, and
-- settings that must not outlive the migration.
SET search_path = app;
SET standard_conforming_strings = on;
CREATE TABLE "Order Lines" (id int PRIMARY KEY, next int, note text);
ALTER TABLE "Order Lines" ADD FOREIGN KEY (next) REFERENCES "Order Lines" DEFERRABLE INITIALLY DEFERRED;
INSERT INTO "Order Lines" VALUES (1, 2, 'two; lines
  with blanks'), (2, 1, E'a\ttab and a \\ and $$ and $sql$ and $slipway$');
SELECT set_config('search_path', '', false);
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'SQL, DMY';
