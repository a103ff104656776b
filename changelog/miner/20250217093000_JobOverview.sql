-- slipway: run-on-change
-- What the miner's dashboard shows. Edit this file to change it; new columns go to the end.

CREATE OR REPLACE VIEW weather_miner_job_overview AS
SELECT
    validator_hotkey,
    count(*) AS jobs,
    count(*) FILTER (WHERE status = 'completed') AS completed,
    count(*) FILTER (WHERE status = 'error') AS failed,
    avg(processing_finished_at - processing_started_at)
        FILTER (WHERE status = 'completed') AS average_duration,
    max(requested_at) AS last_requested_at
FROM weather_miner_jobs
GROUP BY validator_hotkey;
