-- slipway: run-on-change
CREATE OR REPLACE VIEW noted AS SELECT note FROM "Order Lines" WHERE note IS NOT NULL;
