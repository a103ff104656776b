-- slipway: run-on-change
CREATE OR REPLACE VIEW names AS SELECT note FROM orders;
