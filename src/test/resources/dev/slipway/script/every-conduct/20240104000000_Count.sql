-- slipway: run-always
CREATE TABLE IF NOT EXISTS counted (name text PRIMARY KEY, rows bigint);
INSERT INTO counted SELECT 'lines', count(*) FROM "Order Lines"
ON CONFLICT (name) DO UPDATE SET rows = excluded.rows;
