INSERT INTO "Person" VALUES (1, 'Zoë;'); -- one; two
/* ; */ INSERT INTO "Person" VALUES (2, 'b');
