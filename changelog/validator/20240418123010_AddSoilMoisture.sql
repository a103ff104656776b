-- First task: soil moisture of a few regions a day, scored three days later when the satellite's
-- data arrive.

CREATE TABLE soil_moisture_regions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    region_date date NOT NULL,
    target_time timestamptz NOT NULL,
    bounds jsonb NOT NULL,
    sentinel_bounds double precision[],
    sentinel_crs integer,
    status text NOT NULL DEFAULT 'pending',
    CONSTRAINT pk_soil_moisture_regions PRIMARY KEY (id),
    CONSTRAINT ck_soil_moisture_regions_bounds
        CHECK (bounds ?& ARRAY['north', 'south', 'east', 'west']),
    CONSTRAINT ck_soil_moisture_regions_sentinel_bounds CHECK (cardinality(sentinel_bounds) = 4)
);

CREATE INDEX ix_soil_moisture_regions_target_time
    ON soil_moisture_regions (target_time)
    WHERE status <> 'scored';

CREATE TABLE soil_moisture_predictions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    region_id bigint NOT NULL,
    miner_uid integer NOT NULL,
    miner_hotkey text NOT NULL,
    surface_rmse double precision,
    rootzone_rmse double precision,
    surface_sm double precision[] NOT NULL,
    rootzone_sm double precision[] NOT NULL,
    retry_count integer NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_soil_moisture_predictions PRIMARY KEY (id),
    CONSTRAINT uq_soil_moisture_predictions_miner UNIQUE (region_id, miner_uid),
    CONSTRAINT fk_soil_moisture_predictions_region
        FOREIGN KEY (region_id) REFERENCES soil_moisture_regions (id) ON DELETE CASCADE,
    CONSTRAINT fk_soil_moisture_predictions_node
        FOREIGN KEY (miner_uid) REFERENCES node_table (uid)
);

-- History outlives the predictions, and keeps the hotkey: the slot may have a new miner by then.
CREATE TABLE soil_moisture_history (
    region_id bigint NOT NULL,
    miner_hotkey text NOT NULL,
    surface_score double precision NOT NULL,
    rootzone_score double precision NOT NULL,
    scored_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_soil_moisture_history PRIMARY KEY (region_id, miner_hotkey)
);
