-- What DROP … CASCADE takes along: how many objects it locks, and which of them are none of the
-- schemas'.
-- $1: what is dropped, as classid:objid, separated by commas
-- $2: the schemas, separated by character 1
WITH RECURSIVE wanted AS (
  SELECT n.oid
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname = ANY (pg_catalog.string_to_array($2, pg_catalog.chr(1)))
), reached (classid, objid, objsubid) AS (
  SELECT pg_catalog.split_part(item, ':', 1)::pg_catalog.oid,
    pg_catalog.split_part(item, ':', 2)::pg_catalog.oid, 0
  FROM pg_catalog.string_to_table($1, ',') AS item
  UNION
  SELECT next.classid, next.objid, next.objsubid
  FROM reached AS r
  CROSS JOIN LATERAL
    (SELECT d.classid, d.objid, d.objsubid
     FROM pg_catalog.pg_depend AS d
     WHERE d.refclassid = r.classid AND d.refobjid = r.objid
       AND (r.objsubid = 0 OR d.refobjsubid = r.objsubid)
     UNION ALL
     -- A part takes along what it is a part of, as the rule of a view the view.
     SELECT d.refclassid, d.refobjid, d.refobjsubid
     FROM pg_catalog.pg_depend AS d
     WHERE d.classid = r.classid AND d.objid = r.objid AND d.objsubid = r.objsubid
       AND d.deptype = 'i') AS next
), placed AS (
  SELECT r.*,
    CASE r.classid
      WHEN 'pg_catalog.pg_class'::pg_catalog.regclass
        THEN (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = r.objid)
      WHEN 'pg_catalog.pg_type'::pg_catalog.regclass
        THEN (SELECT typnamespace FROM pg_catalog.pg_type WHERE oid = r.objid)
      WHEN 'pg_catalog.pg_constraint'::pg_catalog.regclass
        THEN (SELECT connamespace FROM pg_catalog.pg_constraint WHERE oid = r.objid)
      WHEN 'pg_catalog.pg_proc'::pg_catalog.regclass
        THEN (SELECT pronamespace FROM pg_catalog.pg_proc WHERE oid = r.objid)
      WHEN 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        THEN (SELECT c.relnamespace FROM pg_catalog.pg_attrdef AS part
              JOIN pg_catalog.pg_class AS c ON c.oid = part.adrelid WHERE part.oid = r.objid)
      WHEN 'pg_catalog.pg_trigger'::pg_catalog.regclass
        THEN (SELECT c.relnamespace FROM pg_catalog.pg_trigger AS part
              JOIN pg_catalog.pg_class AS c ON c.oid = part.tgrelid WHERE part.oid = r.objid)
      WHEN 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        THEN (SELECT c.relnamespace FROM pg_catalog.pg_rewrite AS part
              JOIN pg_catalog.pg_class AS c ON c.oid = part.ev_class WHERE part.oid = r.objid)
      WHEN 'pg_catalog.pg_policy'::pg_catalog.regclass
        THEN (SELECT c.relnamespace FROM pg_catalog.pg_policy AS part
              JOIN pg_catalog.pg_class AS c ON c.oid = part.polrelid WHERE part.oid = r.objid)
      WHEN 'pg_catalog.pg_publication_rel'::pg_catalog.regclass
        THEN (SELECT c.relnamespace FROM pg_catalog.pg_publication_rel AS part
              JOIN pg_catalog.pg_class AS c ON c.oid = part.prrelid WHERE part.oid = r.objid)
      -- A cast goes with either of its types, as a table's rows go with the table.
      WHEN 'pg_catalog.pg_cast'::pg_catalog.regclass
        THEN (SELECT t.typnamespace FROM pg_catalog.pg_cast AS part
              JOIN pg_catalog.pg_type AS t ON t.oid IN (part.castsource, part.casttarget)
              WHERE part.oid = r.objid
              ORDER BY t.typnamespace NOT IN (SELECT oid FROM wanted) LIMIT 1)
      WHEN 'pg_catalog.pg_transform'::pg_catalog.regclass
        THEN (SELECT t.typnamespace FROM pg_catalog.pg_transform AS part
              JOIN pg_catalog.pg_type AS t ON t.oid = part.trftype WHERE part.oid = r.objid)
      WHEN 'pg_catalog.pg_amop'::pg_catalog.regclass
        THEN (SELECT f.opfnamespace FROM pg_catalog.pg_amop AS part
              JOIN pg_catalog.pg_opfamily AS f ON f.oid = part.amopfamily WHERE part.oid = r.objid)
      WHEN 'pg_catalog.pg_amproc'::pg_catalog.regclass
        THEN (SELECT f.opfnamespace FROM pg_catalog.pg_amproc AS part
              JOIN pg_catalog.pg_opfamily AS f ON f.oid = part.amprocfamily WHERE part.oid = r.objid)
      ELSE (SELECT n.oid FROM pg_catalog.pg_namespace AS n
            WHERE pg_catalog.quote_ident(n.nspname) =
              (pg_catalog.pg_identify_object(r.classid, r.objid, 0)).schema)
    END AS namespace
  FROM reached AS r
), others AS (
  SELECT p.classid, p.objid, p.objsubid
  FROM placed AS p
  WHERE (p.namespace IS NULL OR p.namespace NOT IN (SELECT oid FROM wanted)
      OR EXISTS (SELECT FROM pg_catalog.pg_depend AS member
        WHERE member.classid = p.classid AND member.objid = p.objid AND member.deptype = 'e'))
    AND p.namespace IS DISTINCT FROM 'pg_toast'::pg_catalog.regnamespace
), told AS (
  SELECT DISTINCT o.type || ' ' || o.identity AS text
  FROM others
  CROSS JOIN LATERAL
    pg_catalog.pg_identify_object(others.classid, others.objid, others.objsubid) AS o
  -- What went with something else has no name any more.
  WHERE o.identity IS NOT NULL AND NOT EXISTS
    (SELECT FROM pg_catalog.pg_depend AS d
     JOIN others AS whole ON whole.classid = d.refclassid AND whole.objid = d.refobjid
       AND whole.objsubid = 0
     WHERE d.classid = others.classid AND d.objid = others.objid AND d.objsubid = others.objsubid
       AND d.deptype IN ('a', 'i', 'P', 'S'))
    AND NOT EXISTS
      (SELECT FROM others AS whole
       WHERE whole.classid = others.classid AND whole.objid = others.objid AND whole.objsubid = 0
         AND others.objsubid <> 0)
)
SELECT pg_catalog.count(DISTINCT (classid, objid)), NULL FROM reached
UNION ALL
SELECT 0, text FROM told
ORDER BY 2 NULLS FIRST
