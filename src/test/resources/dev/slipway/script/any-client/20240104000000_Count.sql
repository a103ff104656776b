-- slipway: run-always
CREATE TABLE IF NOT EXISTS counted (n int);
INSERT INTO counted SELECT count(*) FROM counted;
