-- Of needs, those that the current role does not meet, with who does. A name without a schema is
-- taken only for what lies where unqualified names are created: behind that, something that a
-- migration makes could come first. What initdb made is left out, and so are partitions, which go
-- with their table.
-- needs: rows of number, right, kind, schema, name
SELECT n.number, s.nspname, s.usable, s.creatable, o.allowed,
       o.noun, o.name, o.owned, o.arguments, r.rolname,
       CASE
         WHEN r.rolsuper OR r.rolname LIKE 'pg!_%' ESCAPE '!'
           OR pg_catalog.pg_has_role(r.oid, me.oid, 'MEMBER') THEN 'change'
         WHEN me.rolinherit AND NOT pg_catalog.pg_has_role(r.oid, 'MEMBER') THEN 'join'
         WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'inherit'
         WHEN me.rolinherit THEN 'join'
         ELSE 'change'
       END
FROM (VALUES {needs}) AS n (number, need, kind, schema, name)
JOIN pg_catalog.pg_roles AS me ON me.rolname = current_user
CROSS JOIN LATERAL (
  SELECT oid, nspname, nspowner, pg_catalog.pg_has_role(nspowner, 'USAGE') AS own,
         pg_catalog.pg_has_role(nspowner, 'USAGE')
           OR pg_catalog.has_schema_privilege(oid, 'USAGE') AS usable,
         pg_catalog.pg_has_role(nspowner, 'USAGE')
           OR pg_catalog.has_schema_privilege(oid, 'CREATE') AS creatable
  FROM pg_catalog.pg_namespace
  WHERE nspname = CASE n.kind WHEN 'schema' THEN coalesce(n.name, current_schema())
                              ELSE coalesce(n.schema, current_schema()) END) AS s
CROSS JOIN LATERAL (
  SELECT 'SCHEMA' AS noun, s.nspname AS name, s.nspname AS owned, NULL AS arguments,
         s.nspowner AS owner,
         CASE n.need WHEN 'creation' THEN s.creatable ELSE s.own END AS allowed
  WHERE n.kind = 'schema'
  UNION ALL
  SELECT CASE t.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                        WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE'
                        WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END,
         c.relname, t.relname, NULL, c.relowner,
         pg_catalog.pg_has_role(c.relowner, 'USAGE')
           OR CASE
                WHEN n.need IN ('ownership', 'ownership_and_creation') THEN false
                WHEN n.need = 'removal' THEN s.own
                WHEN n.need IN ('insert', 'update')
                  THEN pg_catalog.has_any_column_privilege(c.oid, n.need)
                ELSE pg_catalog.has_table_privilege(c.oid, n.need)
              END
  FROM pg_catalog.pg_class AS c
  LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_depend AS d
    ON c.relkind = 'S' AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.objid = c.oid AND d.refclassid = d.classid AND d.deptype IN ('a', 'i')
  JOIN pg_catalog.pg_class AS t ON t.oid = coalesce(i.indrelid, d.refobjid, c.oid)
  WHERE n.kind IN ('relation', 'part')
    AND c.relnamespace = s.oid AND c.relname = n.name AND c.oid >= 16384
    AND NOT c.relispartition
  UNION ALL
  SELECT 'TYPE', y.typname, y.typname, NULL, y.typowner,
         pg_catalog.pg_has_role(y.typowner, 'USAGE') OR (n.need = 'removal' AND s.own)
  FROM pg_catalog.pg_type AS y
  WHERE n.kind = 'type' AND y.typnamespace = s.oid AND y.typname = n.name AND y.oid >= 16384
    AND y.typtype IN ('b', 'c', 'd', 'e', 'r')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c
                    WHERE c.oid = y.typrelid AND c.relkind <> 'c')
  UNION ALL
  SELECT 'ROUTINE', p.proname, p.proname,
         (SELECT pg_catalog.string_agg(
                   pg_catalog.format('%I.%I', z.nspname, a.typname), ', ' ORDER BY k.place)
          FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS k (type, place)
          JOIN pg_catalog.pg_type AS a ON a.oid = k.type
          JOIN pg_catalog.pg_namespace AS z ON z.oid = a.typnamespace),
         p.proowner,
         pg_catalog.pg_has_role(p.proowner, 'USAGE') OR (n.need = 'removal' AND s.own)
  FROM pg_catalog.pg_proc AS p
  WHERE n.kind = 'routine' AND p.pronamespace = s.oid AND p.proname = n.name
    AND p.oid >= 16384 AND p.prokind <> 'a'
    AND 1 = (SELECT pg_catalog.count(*) FROM pg_catalog.pg_proc AS q
             JOIN pg_catalog.pg_namespace AS z ON z.oid = q.pronamespace
             WHERE q.proname = n.name
               AND (z.oid = s.oid
                 OR (n.schema IS NULL AND z.nspname = ANY (current_schemas(true)))))) AS o
JOIN pg_catalog.pg_roles AS r ON r.oid = o.owner
WHERE NOT o.allowed
  OR (n.need <> 'creation' AND n.kind <> 'schema' AND NOT s.usable)
  OR (n.need = 'ownership_and_creation' AND NOT s.creatable)
ORDER BY n.number
