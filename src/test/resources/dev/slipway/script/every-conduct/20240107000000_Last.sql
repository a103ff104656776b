INSERT INTO "Order Lines" VALUES (10, NULL, current_setting('search_path') || current_setting('lock_timeout'));
