-- What keeps a schema from being dropped once it is empty: a sentence for each.
-- $1: the schemas, separated by character 1
WITH wanted AS (
  SELECT n.oid, n.nspname, n.nspowner
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(1)))
)
SELECT pg_catalog.format('schema %I belongs to role %I', w.nspname, pg_catalog.pg_get_userbyid(w.nspowner))
FROM wanted AS w
WHERE NOT pg_catalog.pg_has_role(w.nspowner, 'USAGE')
UNION
SELECT pg_catalog.format('extension %I lies in schema %I', e.extname, w.nspname)
FROM wanted AS w
JOIN pg_catalog.pg_depend AS d ON d.refobjid = w.oid
  AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'n'
LEFT JOIN pg_catalog.pg_depend AS member
  ON member.classid = d.classid AND member.objid = d.objid AND member.deptype = 'e'
JOIN pg_catalog.pg_extension AS e
  ON e.oid = CASE d.classid WHEN 'pg_catalog.pg_extension'::pg_catalog.regclass THEN d.objid
    ELSE member.refobjid END
ORDER BY 1
