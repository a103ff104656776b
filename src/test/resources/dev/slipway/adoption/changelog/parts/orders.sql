--liquibase formatted sql

--changeset Carol:add-orders
CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users);
INSERT INTO log (text) VALUES ('orders');

--changeset carol:3
ALTER TABLE orders ADD COLUMN price int;
INSERT INTO log (text) VALUES ('price');
