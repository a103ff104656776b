-- The best miners' forecasts are blended into one; their weights follow how they did before.

CREATE TABLE weather_historical_weights (
    miner_hotkey text NOT NULL,
    score_type text NOT NULL,
    calculated_at timestamptz NOT NULL DEFAULT now(),
    weight double precision NOT NULL,
    runs_considered integer NOT NULL,
    CONSTRAINT pk_weather_historical_weights
        PRIMARY KEY (miner_hotkey, score_type, calculated_at),
    CONSTRAINT ck_weather_historical_weights_weight CHECK (weight BETWEEN 0 AND 1)
);

CREATE TABLE weather_ensemble_forecasts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    run_id bigint NOT NULL,
    creation_time timestamptz NOT NULL DEFAULT now(),
    member_uids integer[] NOT NULL DEFAULT '{}',
    member_weights double precision[] NOT NULL DEFAULT '{}',
    result_path text,
    verification_hash text,
    status text NOT NULL DEFAULT 'pending',
    CONSTRAINT pk_weather_ensemble_forecasts PRIMARY KEY (id),
    CONSTRAINT uq_weather_ensemble_forecasts_run UNIQUE (run_id),
    CONSTRAINT fk_weather_ensemble_forecasts_run
        FOREIGN KEY (run_id) REFERENCES weather_forecast_runs (id) ON DELETE CASCADE,
    CONSTRAINT ck_weather_ensemble_forecasts_members
        CHECK (cardinality(member_uids) = cardinality(member_weights))
);

-- "In which ensembles was this miner?" is member_uids @> ARRAY[uid], which needs GIN.
CREATE INDEX ix_weather_ensemble_forecasts_member_uids
    ON weather_ensemble_forecasts USING gin (member_uids);
