-- slipway: no-transaction
-- CONCURRENTLY lets the aggregator write on while the index is built, and cannot run inside a
-- transaction. No IF NOT EXISTS: it would be content with the invalid index of a broken build.

CREATE UNIQUE INDEX CONCURRENTLY ix_ledger_transactions_epoch
    ON ledger_transactions (epoch, round_in_epoch, index_in_round);
