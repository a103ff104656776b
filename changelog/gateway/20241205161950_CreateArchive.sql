-- Round updates of past years move out of the hot table, into a schema with backups of its own.

-- The owner of the database may create schemas; nobody needs to be superuser for it.
CREATE SCHEMA IF NOT EXISTS gateway_archive;

-- Enum columns become text here, so that the archive can be restored without the gateway.
CREATE TABLE gateway_archive.ledger_transactions (
    state_version bigint NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    epoch bigint NOT NULL,
    round_in_epoch bigint NOT NULL,
    index_in_round integer NOT NULL,
    round_timestamp timestamptz NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_archived_ledger_transactions PRIMARY KEY (state_version)
);

-- Insertion order is time order, so a few pages of BRIN do the work of a large btree.
CREATE INDEX ix_archived_ledger_transactions_round_timestamp
    ON gateway_archive.ledger_transactions USING brin (round_timestamp);

CREATE FUNCTION archive_round_updates(before_epoch bigint)
RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
    WITH removed AS (
        DELETE FROM ledger_transactions
        WHERE type = 'round_update'
            AND epoch < before_epoch
        RETURNING
            state_version, type, status, epoch, round_in_epoch, index_in_round, round_timestamp
    ), archived AS (
        INSERT INTO gateway_archive.ledger_transactions
            (state_version, type, status, epoch, round_in_epoch, index_in_round, round_timestamp)
        SELECT
            state_version, type::text, status::text, epoch, round_in_epoch, index_in_round,
            round_timestamp
        FROM removed
        RETURNING state_version
    )
    SELECT count(*)
    FROM archived;
END;
