-- Whether the current role may make these schemas and extensions; those that it may not. Services
-- that let others than superusers make extensions are known by their roles and settings.
-- needs: rows of number, kind, scope, name
SELECT n.number, n.kind = 'extension' AND NOT x.trusted, x.schema, current_schema()
FROM (VALUES {needs}) AS n (number, kind, scope, name)
CROSS JOIN (
  SELECT pg_catalog.has_database_privilege(oid, 'CREATE')
           OR pg_catalog.pg_has_role(datdba, 'USAGE') AS creatable
  FROM pg_catalog.pg_database WHERE datname = current_database()) AS d
CROSS JOIN (
  SELECT rolsuper OR EXISTS (
           SELECT FROM pg_catalog.pg_roles
           WHERE rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'alloydbsuperuser',
                             'azure_pg_admin', 'supabase_admin', 'neon_superuser', 'avnadmin'))
         OR coalesce(pg_catalog.current_setting('extwlist.extensions', true), '') <> '' AS free
  FROM pg_catalog.pg_roles WHERE rolname = current_user) AS me
LEFT JOIN LATERAL (
  SELECT v.trusted, v.schema
  FROM pg_catalog.pg_available_extensions AS a
  JOIN pg_catalog.pg_available_extension_versions AS v
    ON v.name = a.name AND v.version = a.default_version
  WHERE n.kind = 'extension' AND a.name = n.name AND v.superuser) AS x ON true
WHERE CASE n.kind
  WHEN 'schema' THEN NOT d.creatable
    AND (n.scope = 'always'
      OR NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = n.name))
  ELSE NOT me.free AND x.trusted IS NOT NULL AND NOT (x.trusted AND d.creatable)
    AND (n.scope = 'always'
      OR NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = n.name))
END
ORDER BY n.number
