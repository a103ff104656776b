-- What the ledger has committed does not change. A bug in the aggregator once rewrote the epoch of
-- 40,000 transactions; since then the database refuses that.

-- The function names no table, so it works whatever search path its caller has.
CREATE FUNCTION guard_committed_transaction()
RETURNS trigger
LANGUAGE plpgsql
AS $body$
DECLARE
    changed text;
BEGIN
    changed := concat_ws(', ',
        CASE WHEN NEW.state_version <> OLD.state_version THEN 'state_version' END,
        CASE WHEN NEW.epoch <> OLD.epoch THEN 'epoch' END,
        CASE WHEN NEW.round_in_epoch <> OLD.round_in_epoch THEN 'round_in_epoch' END,
        CASE WHEN NEW.payload_hash IS DISTINCT FROM OLD.payload_hash THEN 'payload_hash' END);

    IF changed <> '' THEN
        RAISE EXCEPTION 'Transaction % is committed; its "%" can''t change.',
            OLD.state_version, changed
            USING ERRCODE = 'integrity_constraint_violation',
                HINT = $$Delete it and ingest it again; "UPDATE" isn't the way.$$;
    END IF;

    RETURN NEW;
END;
$body$;

CREATE TRIGGER tr_ledger_transactions_guard
    BEFORE UPDATE ON ledger_transactions
    FOR EACH ROW
    EXECUTE FUNCTION guard_committed_transaction();
