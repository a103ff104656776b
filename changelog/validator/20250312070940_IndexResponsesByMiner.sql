-- slipway: no-transaction
-- The table grows by 256 rows four times a day and is never quiet, so the index is built
-- CONCURRENTLY, which cannot run inside a transaction.

CREATE INDEX CONCURRENTLY ix_weather_miner_responses_miner_hotkey
    ON weather_miner_responses (miner_hotkey, response_time DESC)
    INCLUDE (run_id, verification_passed);
