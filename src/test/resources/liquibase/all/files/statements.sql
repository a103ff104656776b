-- a file; of its own
INSERT INTO "order" (id, person, note) VALUES (60, 105, 'a $$; file'); /* ; */
