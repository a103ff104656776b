-- What lies in schemas, whoever owns it: everything that depends on them by itself, but for extensions.
-- What belongs to one, or to something that is listed (the sequence of a column, a table's row type),
-- goes with that. So does a partition, which is listed all the same, as a part.
-- $1: the schemas, separated by character 1
-- $2: whether to measure them, which waits for whoever has locked one
WITH wanted AS (
  SELECT n.oid, n.nspname,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS is_usable,
    pg_catalog.pg_has_role(n.nspowner, 'USAGE') AS is_ours
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(1)))
), lies AS (
  SELECT DISTINCT d.classid, d.objid, w.nspname, w.is_usable, w.is_ours,
    EXISTS
      (SELECT FROM pg_catalog.pg_inherits AS i
       JOIN pg_catalog.pg_class AS parent ON parent.oid = i.inhparent
       JOIN pg_catalog.pg_class AS child ON child.oid = i.inhrelid
       WHERE i.inhrelid = d.objid AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
         AND child.relispartition AND parent.relnamespace IN (SELECT oid FROM wanted)) AS is_part
  FROM pg_catalog.pg_depend AS d
  JOIN wanted AS w ON w.oid = d.refobjid
  WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objsubid = 0
    AND d.deptype = 'n' AND d.classid = ANY (ARRAY[
      'pg_catalog.pg_class', 'pg_catalog.pg_type', 'pg_catalog.pg_proc', 'pg_catalog.pg_operator',
      'pg_catalog.pg_opclass', 'pg_catalog.pg_opfamily', 'pg_catalog.pg_collation',
      'pg_catalog.pg_conversion', 'pg_catalog.pg_statistic_ext', 'pg_catalog.pg_ts_config',
      'pg_catalog.pg_ts_dict', 'pg_catalog.pg_ts_parser',
      'pg_catalog.pg_ts_template']::pg_catalog.regclass[]::pg_catalog.oid[])
    AND NOT EXISTS
      (SELECT FROM pg_catalog.pg_depend AS owner
       WHERE owner.classid = d.classid AND owner.objid = d.objid AND owner.objsubid = 0
         AND owner.deptype IN ('e', 'i'))
), free AS (
  SELECT l.*
  FROM lies AS l
  WHERE l.is_part OR NOT EXISTS
    (SELECT FROM pg_catalog.pg_depend AS owner
     JOIN pg_catalog.pg_class AS c ON c.oid = owner.refobjid
     WHERE owner.classid = l.classid AND owner.objid = l.objid AND owner.objsubid = 0
       AND owner.deptype = 'a' AND owner.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       AND c.relnamespace IN (SELECT oid FROM wanted))
), owned AS (
  -- What the first superuser owns has no record of that (PostgreSQL documentation, pg_shdepend).
  SELECT l.*, COALESCE(s.refobjid, 10::pg_catalog.oid) AS owner
  FROM free AS l
  LEFT JOIN pg_catalog.pg_shdepend AS s
    ON s.classid = l.classid AND s.objid = l.objid AND s.objsubid = 0 AND s.deptype = 'o'
    AND s.dbid =
      (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
)
SELECT o.type, l.nspname,
  CASE
    WHEN c.oid IS NOT NULL THEN c.relname
    WHEN t.oid IS NOT NULL THEN t.typname
    WHEN p.oid IS NOT NULL
      THEN p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'
    ELSE COALESCE(o.name,
      pg_catalog.substr(o.identity, pg_catalog.length(pg_catalog.quote_ident(l.nspname)) + 2))
  END,
  COALESCE(sizes.live_rows, 0), COALESCE(sizes.bytes, 0),
  l.is_part, l.classid, l.objid,
  CASE
    WHEN p.oid IS NULL THEN o.identity
    -- Without the modes of its arguments, a procedure may be one of two.
    ELSE pg_catalog.format('%I.%I(%s)', l.nspname, p.proname,
      pg_catalog.pg_get_function_identity_arguments(p.oid))
  END,
  pg_catalog.pg_get_userbyid(l.owner),
  -- Who owns a schema may drop what lies in it (PostgreSQL documentation, DROP TABLE).
  l.is_usable AND (l.is_ours OR pg_catalog.pg_has_role(l.owner, 'USAGE')),
  COALESCE(c.relkind IN ('r', 'p') AND pg_catalog.pg_has_role(l.owner, 'USAGE'), false)
FROM owned AS l
CROSS JOIN LATERAL pg_catalog.pg_identify_object(l.classid, l.objid, 0) AS o
LEFT JOIN pg_catalog.pg_class AS c
  ON c.oid = l.objid AND l.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_type AS t
  ON t.oid = l.objid AND l.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_proc AS p
  ON p.oid = l.objid AND l.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
LEFT JOIN LATERAL
  (SELECT pg_catalog.sum(greatest(part.reltuples::pg_catalog.int8, pg_catalog.pg_stat_get_live_tuples(part.oid))),
          pg_catalog.sum(pg_catalog.pg_total_relation_size(part.oid))
   FROM (SELECT c.oid WHERE c.relkind <> 'p'
         UNION ALL
         SELECT tree.relid FROM pg_catalog.pg_partition_tree(c.oid) AS tree
         WHERE c.relkind = 'p' AND tree.isleaf) AS leaf (oid)
   JOIN pg_catalog.pg_class AS part ON part.oid = leaf.oid) AS sizes (live_rows, bytes)
  ON $2::pg_catalog.bool AND c.relkind IN ('r', 'p', 'm') AND NOT l.is_part
-- What only speaks of a schema, as a function of another one may, does not lie in it.
WHERE o.schema = pg_catalog.quote_ident(l.nspname)
ORDER BY 2, 1, 3
