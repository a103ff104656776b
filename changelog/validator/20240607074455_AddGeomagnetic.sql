-- Second task: the Dst index (nanotesla) of the next hour.

CREATE TABLE geomagnetic_predictions (
    id text NOT NULL,
    miner_uid integer NOT NULL,
    miner_hotkey text NOT NULL,
    predicted_value double precision NOT NULL,
    query_time timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    CONSTRAINT pk_geomagnetic_predictions PRIMARY KEY (id),
    CONSTRAINT uq_geomagnetic_predictions_miner UNIQUE (miner_uid, query_time),
    CONSTRAINT fk_geomagnetic_predictions_node
        FOREIGN KEY (miner_uid) REFERENCES node_table (uid)
);

CREATE INDEX ix_geomagnetic_predictions_pending
    ON geomagnetic_predictions (query_time)
    WHERE status = 'pending';

CREATE TABLE geomagnetic_history (
    id bigint GENERATED ALWAYS AS IDENTITY,
    miner_hotkey text NOT NULL,
    query_time timestamptz NOT NULL,
    predicted_value double precision NOT NULL,
    ground_truth_value double precision NOT NULL,
    absolute_error double precision
        GENERATED ALWAYS AS (abs(predicted_value - ground_truth_value)) STORED,
    scored_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_geomagnetic_history PRIMARY KEY (id)
);

CREATE INDEX ix_geomagnetic_history_miner
    ON geomagnetic_history (miner_hotkey, query_time DESC)
    INCLUDE (absolute_error);
