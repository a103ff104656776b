-- What lies in schemas, whoever owns it: everything that depends on them by itself, but for extensions.
-- What belongs to one, or to something that is listed (the sequence of a column, a partition, a
-- table's row type), goes with that.
-- $1: the schemas, separated by chr(1)
WITH wanted AS (
  SELECT n.oid, n.nspname
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname = ANY (pg_catalog.string_to_array($1, chr(1)))
), lies AS (
  SELECT DISTINCT d.classid, d.objid, w.nspname
  FROM pg_catalog.pg_depend AS d
  JOIN wanted AS w ON w.oid = d.refobjid
  WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objsubid = 0
    AND d.deptype = 'n' AND d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
    AND NOT EXISTS
      (SELECT FROM pg_catalog.pg_depend AS owner
       LEFT JOIN pg_catalog.pg_class AS c
         ON c.oid = owner.refobjid
         AND owner.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       WHERE owner.classid = d.classid AND owner.objid = d.objid AND owner.objsubid = 0
         AND (owner.deptype IN ('e', 'i')
           OR owner.deptype = 'a' AND c.relnamespace IN (SELECT oid FROM wanted)))
)
SELECT o.type, l.nspname,
  CASE
    WHEN c.oid IS NOT NULL THEN c.relname
    WHEN t.oid IS NOT NULL THEN t.typname
    WHEN p.oid IS NOT NULL
      THEN p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'
    ELSE COALESCE(o.name, o.identity)
  END,
  COALESCE(sizes.live_rows, 0), COALESCE(sizes.bytes, 0)
FROM lies AS l
CROSS JOIN LATERAL pg_catalog.pg_identify_object(l.classid, l.objid, 0) AS o
LEFT JOIN pg_catalog.pg_class AS c
  ON c.oid = l.objid AND l.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_type AS t
  ON t.oid = l.objid AND l.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_proc AS p
  ON p.oid = l.objid AND l.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
LEFT JOIN LATERAL
  (SELECT pg_catalog.sum(greatest(part.reltuples::bigint, pg_catalog.pg_stat_get_live_tuples(part.oid))),
          pg_catalog.sum(pg_catalog.pg_total_relation_size(part.oid))
   FROM pg_catalog.pg_class AS part
   WHERE part.oid = c.oid AND c.relkind <> 'p'
     OR c.relkind = 'p' AND part.relkind <> 'p' AND part.oid IN
       (SELECT tree.relid FROM pg_catalog.pg_partition_tree(c.oid) AS tree)) AS sizes (live_rows, bytes)
  ON c.relkind IN ('r', 'p', 'm')
ORDER BY 2, 1, 3
