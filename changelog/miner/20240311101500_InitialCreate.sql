-- The jobs of one miner: a validator asks for a forecast, the miner computes it on its GPU for some
-- minutes, and the validator comes back for the result.

CREATE TABLE weather_miner_jobs (
    id text NOT NULL,
    validator_hotkey text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    forecast_start timestamptz NOT NULL,
    forecast_end timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'received',
    processing_started_at timestamptz,
    processing_finished_at timestamptz,
    result_path text,
    error_message text,
    CONSTRAINT pk_weather_miner_jobs PRIMARY KEY (id),
    CONSTRAINT ck_weather_miner_jobs_window CHECK (forecast_start < forecast_end)
);

COMMENT ON COLUMN weather_miner_jobs.result_path IS
    'NetCDF file on the miner''s disk; removed after 7 days, the row stays.';

-- Two validators may ask for the same window; the forecast is then computed once.
CREATE INDEX ix_weather_miner_jobs_forecast_start
    ON weather_miner_jobs (forecast_start, forecast_end);

-- The worker polls for open jobs, oldest first; finished ones are not in the index.
CREATE INDEX ix_weather_miner_jobs_open
    ON weather_miner_jobs (requested_at)
    WHERE processing_finished_at IS NULL;
