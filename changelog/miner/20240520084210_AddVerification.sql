-- Validators verify a forecast chunk by chunk against a hash that the miner commits to beforehand.

ALTER TABLE weather_miner_jobs
    ADD COLUMN verification_hash text,
    ADD COLUMN chunk_index_path text,
    ADD COLUMN input_data_hash text,
    ADD CONSTRAINT ck_weather_miner_jobs_verification_hash
        CHECK (verification_hash ~ '^[0-9a-f]{64}$');

-- A constant default costs no table rewrite, so this is quick on a long table as well.
ALTER TABLE weather_miner_jobs
    ADD COLUMN attempts integer NOT NULL DEFAULT 0;

CREATE INDEX ix_weather_miner_jobs_validator_hotkey
    ON weather_miner_jobs (validator_hotkey, requested_at DESC)
    INCLUDE (status);
