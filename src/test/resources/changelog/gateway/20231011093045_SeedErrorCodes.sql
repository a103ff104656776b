-- Why a transaction failed, in words that the explorer shows as they are.

CREATE TABLE ledger_error_codes (
    code text NOT NULL,
    title text NOT NULL,
    explanation text NOT NULL,
    is_retryable boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_ledger_error_codes PRIMARY KEY (code)
);

INSERT INTO ledger_error_codes (code, title, explanation, is_retryable)
VALUES
    ('unknown', 'Unknown error', 'The node gave no reason.', false),
    ('insufficient_balance', 'Balance too low',
        'The account doesn''t hold enough of the resource; nothing was withdrawn.', false),
    ('fee_limit_reached', 'Fee limit reached',
        'The locked fee was used up.

What to do:
  -- lock a higher fee (5 to 10 units are usual), or
  -- split the manifest; each part pays for itself.

The fee up to this point is kept, as in "pay per step".', true),
    ('epoch_expired', 'Époque expirée – too late',
        'Submitted after its last epoch. 提出が遅すぎました。 Sign it again → done ✓', true),
    ('path_not_found', 'Path not found',
        E'The component has no method of that path.\tWrite package\\blueprint\\method.', false);

ALTER TABLE ledger_transactions
    ADD COLUMN error_code text,
    ADD CONSTRAINT fk_ledger_transactions_error_code
        FOREIGN KEY (error_code) REFERENCES ledger_error_codes (code);
