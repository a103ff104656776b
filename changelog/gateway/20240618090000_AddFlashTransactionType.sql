-- Protocol updates reach the ledger as "flash" transactions from network version 1.2 on.

-- A new label cannot be used in the transaction that adds it ("unsafe use of new value", 55P04),
-- so this migration holds nothing else and the next one uses it.
ALTER TYPE ledger_transaction_type ADD VALUE 'flash' BEFORE 'round_update';
