-- The balance of an entity at a state version: zero before its first row, null where the ledger
-- has not come yet.

-- A body in BEGIN ATOMIC (PostgreSQL 14) is parsed now, not at each call: the tables are found
-- once, by the search path of this migration, and cannot be dropped from under the function.
CREATE FUNCTION balance_at(of_entity_id bigint, of_resource_id bigint, at_state_version bigint)
RETURNS numeric
LANGUAGE sql
STABLE
BEGIN ATOMIC
    SELECT
        CASE
            WHEN at_state_version > (SELECT max(t.state_version) FROM ledger_transactions AS t)
                THEN NULL
            ELSE coalesce(
                (
                    SELECT b.amount
                    FROM entity_balances AS b
                    WHERE b.entity_id = of_entity_id
                        AND b.resource_id = of_resource_id
                        AND b.from_state_version <= at_state_version
                    ORDER BY b.from_state_version DESC
                    LIMIT 1
                ),
                0)
        END;
END;

COMMENT ON FUNCTION balance_at(bigint, bigint, bigint) IS
    'Zero before the first row; null above the ledger''s tip.';
