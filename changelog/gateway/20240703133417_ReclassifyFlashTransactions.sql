-- Until now a protocol update was stored as a round update without a round.

UPDATE ledger_transactions
SET type = 'flash'
WHERE type = 'round_update'
    AND round_in_epoch = 0;

-- Explorers list these few rows on their front page.
CREATE INDEX ix_ledger_transactions_flash
    ON ledger_transactions (state_version)
    INCLUDE (epoch, round_timestamp)
    WHERE type = 'flash';

-- NOT VALID checks new rows at once and skips the scan of the old ones, which would hold an
-- ACCESS EXCLUSIVE lock for minutes. AddErrorCodeToFailed repairs and validates them.
ALTER TABLE ledger_transactions
    ADD CONSTRAINT ck_ledger_transactions_error_code
        CHECK (status = 'succeeded' OR error_code IS NOT NULL) NOT VALID;
