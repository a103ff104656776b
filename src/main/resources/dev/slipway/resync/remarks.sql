-- What lies outside of the schemas and has to do with what lies in them: a sentence for each.
-- $1: the schemas, separated by character 1
WITH inside AS (
  SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(1)))
)
SELECT pg_catalog.format(
  'publication %I publishes tables of these schemas, and loses them; give it the new ones afterwards: '
  'ALTER PUBLICATION %I ADD TABLE %s', p.pubname, p.pubname,
  pg_catalog.string_agg(i.name, ', ' ORDER BY i.name))
FROM pg_catalog.pg_publication AS p
JOIN pg_catalog.pg_publication_rel AS r ON r.prpubid = p.oid
JOIN inside AS i ON i.oid = r.prrelid
GROUP BY p.pubname
UNION ALL
SELECT pg_catalog.format('subscription %I writes into tables of these schemas: disable it first: '
  'ALTER SUBSCRIPTION %I DISABLE', s.subname, s.subname)
FROM pg_catalog.pg_subscription AS s
WHERE EXISTS (SELECT FROM pg_catalog.pg_subscription_rel AS r JOIN inside AS i ON i.oid = r.srrelid
  WHERE r.srsubid = s.oid)
UNION ALL
SELECT pg_catalog.format('%s large objects lie in no schema, and stay; what of them is not referred to '
  'is removed by: vacuumlo', pg_catalog.count(*))
FROM pg_catalog.pg_largeobject_metadata
HAVING pg_catalog.count(*) > 0
UNION ALL
SELECT pg_catalog.format('the %s goes with the type', pg_catalog.pg_describe_object(
  'pg_catalog.pg_cast'::pg_catalog.regclass, k.oid, 0))
FROM pg_catalog.pg_cast AS k
WHERE EXISTS
    (SELECT FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
     WHERE t.oid IN (k.castsource, k.casttarget)
       AND n.nspname = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(1))))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS member
    WHERE member.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND member.objid = k.oid
      AND member.deptype IN ('e', 'i'))
ORDER BY 1
