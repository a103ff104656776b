-- Forecasts are scored twice: after a day against the analysis, after ten days against ERA5.

CREATE TABLE weather_miner_scores (
    response_id bigint NOT NULL,
    score_type text NOT NULL,
    variable text NOT NULL DEFAULT 'overall',
    lead_hours integer NOT NULL DEFAULT 0,
    score double precision NOT NULL,
    metrics jsonb NOT NULL DEFAULT '{}',
    calculated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_weather_miner_scores
        PRIMARY KEY (response_id, score_type, variable, lead_hours),
    CONSTRAINT fk_weather_miner_scores_response
        FOREIGN KEY (response_id) REFERENCES weather_miner_responses (id) ON DELETE CASCADE,
    CONSTRAINT ck_weather_miner_scores_type CHECK (score_type IN ('day1', 'era5')),
    CONSTRAINT ck_weather_miner_scores_score CHECK (score <> 'NaN'),
    CONSTRAINT ck_weather_miner_scores_lead_hours CHECK (lead_hours BETWEEN 0 AND 240)
);

-- Work that must survive a restart of the validator: what is started and not completed is resumed.
CREATE TABLE weather_scoring_jobs (
    run_id bigint NOT NULL,
    score_type text NOT NULL,
    status text NOT NULL DEFAULT 'queued',
    variables text[] NOT NULL DEFAULT ARRAY['2t', 'msl', 'z500', 't850'],
    started_at timestamptz,
    completed_at timestamptz,
    error_message text,
    CONSTRAINT pk_weather_scoring_jobs PRIMARY KEY (run_id, score_type),
    CONSTRAINT fk_weather_scoring_jobs_run
        FOREIGN KEY (run_id) REFERENCES weather_forecast_runs (id) ON DELETE CASCADE,
    CONSTRAINT ck_weather_scoring_jobs_completed CHECK (started_at <= completed_at)
);

CREATE INDEX ix_weather_scoring_jobs_unfinished
    ON weather_scoring_jobs (started_at)
    WHERE completed_at IS NULL;

-- Runs from before this release are scored as well.
INSERT INTO weather_scoring_jobs (run_id, score_type)
SELECT run.id, kind.score_type
FROM weather_forecast_runs AS run
CROSS JOIN (VALUES ('day1'), ('era5')) AS kind (score_type)
WHERE run.status = 'completed'
ORDER BY run.id, kind.score_type;
