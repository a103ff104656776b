INSERT INTO "Person" VALUES (4, 'd'); INSERT INTO "Person" VALUES (5, 'e');
