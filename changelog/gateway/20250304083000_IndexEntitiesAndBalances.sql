-- slipway: no-transaction
-- Two indexes for the explorer's new pages. Slipway notes each finished statement, so that a run
-- that was cut off between them goes on with the second.

CREATE INDEX CONCURRENTLY ix_entities_ancestor_ids
    ON entities USING gin (ancestor_ids);

-- Most balances end at zero; "who holds this" asks only for the others.
CREATE INDEX CONCURRENTLY ix_entity_balances_holders
    ON entity_balances (resource_id, entity_id, from_state_version DESC)
    INCLUDE (amount)
    WHERE amount <> 0;
