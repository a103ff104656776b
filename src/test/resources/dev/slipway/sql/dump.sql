--
-- PostgreSQL database dump
--

\restrict yvhbX8EubJ21vk9Q5VEzj2CkAhhuWuQAl3gBrDX1bRWvbmVM0Zw7qCUH59lHiyP

-- Dumped from database version 14.24
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: -
--

-- *not* creating schema, since initdb creates it


--
-- Name: tricky; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA tricky;


--
-- Name: enum;; Type: TYPE; Schema: tricky; Owner: -
--

CREATE TYPE tricky."enum;" AS ENUM (
    'a;',
    'd;',
    'b''',
    'c\'
);


--
-- Name: begin(integer, integer); Type: FUNCTION; Schema: tricky; Owner: -
--

CREATE FUNCTION tricky.begin(begin integer, atomic integer) RETURNS integer
    LANGUAGE sql
    RETURN CASE WHEN (begin > atomic) THEN 1 ELSE (SELECT 2) END;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: semi;colon; Type: TABLE; Schema: tricky; Owner: -
--

CREATE TABLE tricky."semi;colon" (
    id integer NOT NULL,
    "quo""te;" text DEFAULT 'it''s; "so"'::text,
    begin timestamp with time zone DEFAULT now(),
    atomic boolean DEFAULT false NOT NULL,
    "größe" numeric(10,2),
    CONSTRAINT "semi;colon_größe_check" CHECK (("größe" >= '-0.0015'::numeric))
);


--
-- Name: TABLE "semi;colon"; Type: COMMENT; Schema: tricky; Owner: -
--

COMMENT ON TABLE tricky."semi;colon" IS 'It''s; -- "not" /* a comment
';


--
-- Name: COLUMN "semi;colon".id; Type: COMMENT; Schema: tricky; Owner: -
--

COMMENT ON COLUMN tricky."semi;colon".id IS 'dat!;\';


--
-- Name: COLUMN "semi;colon".begin; Type: COMMENT; Schema: tricky; Owner: -
--

COMMENT ON COLUMN tricky."semi;colon".begin IS 'back\slash''; quote';


--
-- Name: COLUMN "semi;colon".atomic; Type: COMMENT; Schema: tricky; Owner: -
--

COMMENT ON COLUMN tricky."semi;colon".atomic IS 'one'';
\; two';


--
-- Name: COLUMN "semi;colon"."größe"; Type: COMMENT; Schema: tricky; Owner: -
--

COMMENT ON COLUMN tricky."semi;colon"."größe" IS 'one;two;\';


--
-- Name: body(integer); Type: FUNCTION; Schema: tricky; Owner: -
--

CREATE FUNCTION tricky.body(a integer) RETURNS SETOF text
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE a
             WHEN 1 THEN ';'::text
             ELSE
             CASE
                 WHEN (a > 1) THEN 'END;'::text
                 ELSE NULL::text
             END
         END AS "case";
 SELECT "semi;colon"."quo""te;" AS "end"
    FROM tricky."semi;colon"
   WHERE (
         CASE
             WHEN "semi;colon".atomic THEN 1
             ELSE NULL::integer
         END = 1);
 SELECT ("semi;colon".begin)::text AS atomic
    FROM tricky."semi;colon";
 SELECT 'one'::text AS "end";
END;


--
-- Name: changing(integer); Type: PROCEDURE; Schema: tricky; Owner: -
--

CREATE PROCEDURE tricky.changing(IN x integer)
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO tricky."semi;colon" ("größe")
   VALUES (changing.x) ON CONFLICT(id) DO NOTHING;
 UPDATE tricky."semi;colon" SET begin = now(), atomic = ( SELECT true AS bool)
   WHERE ("semi;colon".id = changing.x);
 DELETE FROM tricky."semi;colon"
   WHERE ("semi;colon"."größe" = (changing.x)::numeric);
END;


--
-- Name: nothing(); Type: PROCEDURE; Schema: tricky; Owner: -
--

CREATE PROCEDURE tricky.nothing()
    LANGUAGE sql
    BEGIN ATOMIC
END;


--
-- Name: plain(integer); Type: FUNCTION; Schema: tricky; Owner: -
--

CREATE FUNCTION tricky.plain(a integer DEFAULT 1) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE
    AS $$BEGIN RETURN a; END;$$;


--
-- Name: stamp(); Type: FUNCTION; Schema: tricky; Owner: -
--

CREATE FUNCTION tricky.stamp() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN new.begin := now(); RETURN new; END $$;


--
-- Name: joined(text); Type: AGGREGATE; Schema: tricky; Owner: -
--

CREATE AGGREGATE tricky.joined(text) (
    SFUNC = textcat,
    STYPE = text,
    INITCOND = ';'
);


--
-- Name: <->; Type: OPERATOR; Schema: tricky; Owner: -
--

CREATE OPERATOR tricky.<-> (
    FUNCTION = int4mi,
    LEFTARG = integer,
    RIGHTARG = integer
);


--
-- Name: log; Type: TABLE; Schema: tricky; Owner: -
--

CREATE TABLE tricky.log (
    line text
);


--
-- Name: view;; Type: VIEW; Schema: tricky; Owner: -
--

CREATE VIEW tricky."view;" AS
 SELECT "semi;colon".begin AS atomic,
    "semi;colon"."quo""te;" AS "a;"
   FROM tricky."semi;colon"
  WITH CASCADED CHECK OPTION;


--
-- Name: materialized; Type: MATERIALIZED VIEW; Schema: tricky; Owner: -
--

CREATE MATERIALIZED VIEW tricky.materialized AS
 SELECT count(*) AS "end"
   FROM tricky."view;"
  WITH NO DATA;


--
-- Name: part; Type: TABLE; Schema: tricky; Owner: -
--

CREATE TABLE tricky.part (
    a integer
);


--
-- Name: parts; Type: TABLE; Schema: tricky; Owner: -
--

CREATE TABLE tricky.parts (
    a integer
)
PARTITION BY RANGE (a);


--
-- Name: semi;colon_id_seq; Type: SEQUENCE; Schema: tricky; Owner: -
--

ALTER TABLE tricky."semi;colon" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tricky."semi;colon_id_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: log; Type: TABLE DATA; Schema: tricky; Owner: -
--



--
-- Data for Name: part; Type: TABLE DATA; Schema: tricky; Owner: -
--



--
-- Data for Name: semi;colon; Type: TABLE DATA; Schema: tricky; Owner: -
--

INSERT INTO tricky."semi;colon" VALUES (2, 'b;$b$;', '2026-11-24 01:28:10.739281+00', false, 2.00);
INSERT INTO tricky."semi;colon" VALUES (3, '\', '2026-11-24 01:28:10.739281+00', false, 3.00);
INSERT INTO tricky."semi;colon" VALUES (4, '\', '2026-11-24 01:28:10.739281+00', false, 4.00);
INSERT INTO tricky."semi;colon" VALUES (5, 'A;', '2026-11-24 01:28:10.739281+00', false, 5.00);
INSERT INTO tricky."semi;colon" VALUES (6, '/*', '2026-11-24 01:28:10.739281+00', false, 6.00);
INSERT INTO tricky."semi;colon" VALUES (7, '--', '2026-11-24 01:28:10.739281+00', false, 7.00);
INSERT INTO tricky."semi;colon" VALUES (100, 'x100;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (101, 'x101;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (102, 'x102;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (103, 'x103;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (104, 'x104;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (105, 'x105;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (106, 'x106;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (107, 'x107;', '2026-11-24 01:28:10.739281+00', false, NULL);
INSERT INTO tricky."semi;colon" VALUES (108, 'x108;', '2026-11-24 01:28:10.739281+00', false, NULL);


--
-- Name: semi;colon_id_seq; Type: SEQUENCE SET; Schema: tricky; Owner: -
--

SELECT pg_catalog.setval('tricky."semi;colon_id_seq"', 8, true);


--
-- Name: semi;colon semi;colon_pkey; Type: CONSTRAINT; Schema: tricky; Owner: -
--

ALTER TABLE ONLY tricky."semi;colon"
    ADD CONSTRAINT "semi;colon_pkey" PRIMARY KEY (id);


--
-- Name: index;; Type: INDEX; Schema: tricky; Owner: -
--

CREATE INDEX "index;" ON tricky."semi;colon" USING btree (lower("quo""te;")) WHERE ("quo""te;" <> ';'::text);


--
-- Name: semi;colon logging; Type: RULE; Schema: tricky; Owner: -
--

CREATE RULE logging AS
    ON UPDATE TO tricky."semi;colon" DO ( INSERT INTO tricky.log (line)
  VALUES (('old;'::text || old.id));
 INSERT INTO tricky.log (line)
  VALUES (('new;'::text || new.id));
);


--
-- Name: semi;colon nothing; Type: RULE; Schema: tricky; Owner: -
--

CREATE RULE nothing AS
    ON DELETE TO tricky."semi;colon" DO INSTEAD NOTHING;


--
-- Name: log stamp; Type: TRIGGER; Schema: tricky; Owner: -
--

CREATE CONSTRAINT TRIGGER stamp AFTER INSERT ON tricky.log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.line <> ';'::text)) EXECUTE FUNCTION tricky.stamp();


--
-- Name: semi;colon stamp;; Type: TRIGGER; Schema: tricky; Owner: -
--

CREATE TRIGGER "stamp;" BEFORE INSERT OR UPDATE OF begin ON tricky."semi;colon" FOR EACH ROW EXECUTE FUNCTION tricky.stamp();


--
-- Name: materialized; Type: MATERIALIZED VIEW DATA; Schema: tricky; Owner: -
--

REFRESH MATERIALIZED VIEW tricky.materialized;


--
-- PostgreSQL database dump complete
--

\unrestrict yvhbX8EubJ21vk9Q5VEzj2CkAhhuWuQAl3gBrDX1bRWvbmVM0Zw7qCUH59lHiyP

