-- slipway: no-transaction
SET lock_timeout = '9s';
CREATE INDEX CONCURRENTLY ix_lines_note ON "Order Lines" (note);
SET search_path = '';
CREATE INDEX CONCURRENTLY "Ix ""Next""" ON app."Order Lines" (next);
DROP INDEX CONCURRENTLY app.ix_lines_note;
SELECT 1, ':name \if $sql$';
INSERT INTO app."Order Lines" VALUES (4, NULL, 'a :name, \if, '':x''');
VACUUM (ANALYZE) app."Order Lines";
DISCARD ALL;
