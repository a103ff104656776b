INSERT INTO "Person" VALUES (1, $$a;$$);
