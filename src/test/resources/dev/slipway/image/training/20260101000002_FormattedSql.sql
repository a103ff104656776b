--liquibase formatted sql

--changeset slipway:20260101000002_FormattedSql
CREATE TABLE formatted (id integer PRIMARY KEY);
INSERT INTO formatted VALUES (1);
--rollback DROP TABLE formatted;
