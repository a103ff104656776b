-- slipway: run-on-change
CREATE OR REPLACE VIEW long_name AS SELECT id, name || ' é' AS name FROM person;
