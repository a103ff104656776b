-- Older miners wrote the status as they liked.

UPDATE weather_miner_jobs
SET status = CASE lower(btrim(status))
        WHEN 'done' THEN 'completed'
        WHEN 'ok' THEN 'completed'
        WHEN 'failed' THEN 'error'
        WHEN 'in progress' THEN 'processing'
        ELSE lower(btrim(status))
    END
WHERE status NOT IN ('received', 'fetching', 'processing', 'completed', 'error');

-- What is still unknown is at least not lost.
UPDATE weather_miner_jobs
SET error_message = concat_ws('; ', error_message, format('unknown status "%s"', status)),
    status = 'error'
WHERE status NOT IN ('received', 'fetching', 'processing', 'completed', 'error');

ALTER TABLE weather_miner_jobs
    ADD CONSTRAINT ck_weather_miner_jobs_status
        CHECK (status IN ('received', 'fetching', 'processing', 'completed', 'error'));
