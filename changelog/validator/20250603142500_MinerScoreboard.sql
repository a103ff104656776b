-- slipway: run-on-change
-- One row per slot, for the dashboard. Edit this file to change the view: it is applied again
-- whenever its text differs from what was applied last. New columns go to the end.

CREATE OR REPLACE VIEW weather_miner_scoreboard AS
SELECT
    node.uid,
    node.hotkey,
    node.incentive,
    count(DISTINCT response.run_id) AS runs_answered,
    count(DISTINCT response.run_id) FILTER (WHERE response.verification_passed) AS runs_verified,
    avg(score.score) FILTER (WHERE score.score_type = 'day1') AS day1_score,
    avg(score.score) FILTER (WHERE score.score_type = 'era5') AS era5_score
FROM node_table AS node
LEFT JOIN weather_miner_responses AS response
    ON response.miner_uid = node.uid
    AND response.miner_hotkey = node.hotkey
LEFT JOIN weather_miner_scores AS score
    ON score.response_id = response.id
    AND score.variable = 'overall'
GROUP BY node.uid;
