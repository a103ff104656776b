-- slipway: run-on-change
-- Edit this file to change the view: it is applied again whenever its text differs from what was
-- applied last. CREATE OR REPLACE keeps grants and can add columns, at the end only.

CREATE OR REPLACE VIEW current_balances AS
SELECT
    latest.entity_id,
    holder.address AS entity_address,
    holder.type AS entity_type,
    latest.resource_id,
    resource.address AS resource_address,
    latest.amount,
    latest.from_state_version
FROM (
    SELECT DISTINCT ON (b.entity_id, b.resource_id)
        b.entity_id,
        b.resource_id,
        b.from_state_version,
        b.amount
    FROM entity_balances AS b
    ORDER BY b.entity_id, b.resource_id, b.from_state_version DESC
) AS latest
JOIN entities AS holder ON holder.id = latest.entity_id
JOIN entities AS resource ON resource.id = latest.resource_id
WHERE latest.amount <> 0;

COMMENT ON VIEW current_balances IS 'What each entity holds at the tip of the ledger.';
