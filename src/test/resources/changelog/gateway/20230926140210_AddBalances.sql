-- Balances are kept as history: a row is the amount from its state version on, until the next row
-- of the same entity and resource. Rows are only ever added.

CREATE TABLE entity_balances (
    entity_id bigint NOT NULL,
    resource_id bigint NOT NULL,
    from_state_version bigint NOT NULL,
    amount numeric(1000, 18) NOT NULL,
    CONSTRAINT pk_entity_balances PRIMARY KEY (entity_id, resource_id, from_state_version),
    CONSTRAINT fk_entity_balances_entity FOREIGN KEY (entity_id) REFERENCES entities (id),
    CONSTRAINT fk_entity_balances_resource FOREIGN KEY (resource_id) REFERENCES entities (id)
);

-- INCLUDE keeps "the balances of a resource at a version" an index-only scan; as a key column the
-- amount would have to be sorted as well.
CREATE INDEX ix_entity_balances_resource_id
    ON entity_balances (resource_id, from_state_version)
    INCLUDE (entity_id, amount);
