-- Orders of customers.
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    note text NOT NULL
);
INSERT INTO orders VALUES (1, 'it''s one; with
  a second line');
