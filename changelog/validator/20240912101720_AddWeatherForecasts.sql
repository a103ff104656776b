-- Third task: global weather. A run asks every miner for the same window; each answers with a job
-- id first and with a verifiable result later.

CREATE TABLE weather_forecast_runs (
    id bigint GENERATED ALWAYS AS IDENTITY,
    run_initiation_time timestamptz NOT NULL DEFAULT now(),
    target_forecast_time timestamptz NOT NULL,
    gfs_init_time timestamptz NOT NULL,
    gfs_input_metadata jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'pending',
    completion_time timestamptz,
    error_message text,
    CONSTRAINT pk_weather_forecast_runs PRIMARY KEY (id),
    CONSTRAINT uq_weather_forecast_runs_gfs_init_time UNIQUE (gfs_init_time)
);

COMMENT ON COLUMN weather_forecast_runs.gfs_init_time IS
    'Start of the GFS cycle that is the common input: 00, 06, 12 or 18 o''clock UTC.';

CREATE TABLE weather_miner_responses (
    id bigint GENERATED ALWAYS AS IDENTITY,
    run_id bigint NOT NULL,
    miner_uid integer NOT NULL,
    miner_hotkey text NOT NULL,
    response_time timestamptz NOT NULL DEFAULT now(),
    job_id text,
    chunk_index_url text,
    verification_hash_claimed text,
    verification_hash_computed text,
    verification_passed boolean,
    status text NOT NULL DEFAULT 'received',
    error_message text,
    CONSTRAINT pk_weather_miner_responses PRIMARY KEY (id),
    CONSTRAINT uq_weather_miner_responses_miner UNIQUE (run_id, miner_uid),
    CONSTRAINT fk_weather_miner_responses_run
        FOREIGN KEY (run_id) REFERENCES weather_forecast_runs (id) ON DELETE CASCADE,
    CONSTRAINT fk_weather_miner_responses_node
        FOREIGN KEY (miner_uid) REFERENCES node_table (uid),
    CONSTRAINT ck_weather_miner_responses_verified CHECK (
        verification_passed IS NOT TRUE
        OR verification_hash_claimed = verification_hash_computed
    )
);

CREATE INDEX ix_weather_miner_responses_unverified
    ON weather_miner_responses (run_id)
    WHERE verification_passed IS NULL;
