-- What a validator knows of its subnet: 256 slots, and the scores it gave to them.

CREATE TABLE node_table (
    uid integer NOT NULL,
    hotkey text,
    coldkey text,
    ip text,
    ip_type text,
    port integer,
    stake double precision,
    trust double precision,
    vtrust double precision,
    incentive double precision,
    protocol text,
    last_updated timestamptz,
    CONSTRAINT pk_node_table PRIMARY KEY (uid),
    CONSTRAINT ck_node_table_uid CHECK (uid BETWEEN 0 AND 255),
    CONSTRAINT ck_node_table_port CHECK (port BETWEEN 1 AND 65535)
);

-- Slots exist from the start and are never deleted; a miner that registers takes one over.
INSERT INTO node_table (uid)
SELECT slot.uid
FROM generate_series(0, 255) AS slot (uid)
ORDER BY slot.uid;

CREATE UNIQUE INDEX ix_node_table_hotkey
    ON node_table (hotkey)
    WHERE hotkey IS NOT NULL;

-- One row per task and hour. Arrays count from 1: the score of a slot is element uid + 1.
CREATE TABLE score_table (
    id bigint GENERATED ALWAYS AS IDENTITY,
    task_name text NOT NULL,
    task_id text NOT NULL,
    score double precision[] NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_score_table PRIMARY KEY (id),
    CONSTRAINT uq_score_table_task UNIQUE (task_name, task_id),
    CONSTRAINT ck_score_table_score CHECK (cardinality(score) = 256)
);

CREATE INDEX ix_score_table_created_at
    ON score_table (created_at);
