-- Gives the failed transactions from before the error codes the code that their message tells.

UPDATE ledger_transactions
SET error_code = CASE
        WHEN error_message ILIKE '%insufficient balance%' THEN 'insufficient_balance'
        WHEN error_message ILIKE '%fee limit%' THEN 'fee_limit_reached'
        WHEN error_message ~ '\mepoch\M.*\mexpired\M' THEN 'epoch_expired'
        ELSE 'unknown'
    END
WHERE status = 'failed'
    AND error_code IS NULL;

-- VALIDATE scans under SHARE UPDATE EXCLUSIVE: reads and writes go on.
ALTER TABLE ledger_transactions
    VALIDATE CONSTRAINT ck_ledger_transactions_error_code;
