-- slipway: no-transaction
CREATE INDEX CONCURRENTLY ix_orders_note ON orders (note);
