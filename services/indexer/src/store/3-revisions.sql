-- Each row has the number of its last write, higher than that of any write before it: whoever has copied rows up to a number finds
-- what was written since.
CREATE TABLE revisions (
    -- Of the last write.
    number BIGINT NOT NULL
);

INSERT INTO revisions (number) VALUES (0);

-- How far copies have come.
CREATE TABLE copies (
    name TEXT PRIMARY KEY,
    revision BIGINT NOT NULL
);

ALTER TABLE markets ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE markets SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS nth FROM markets) n
    WHERE markets.id = n.id;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM markets), number);

CREATE INDEX markets_by_revision ON markets (revision);

ALTER TABLE pages ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE pages SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, start, ROW_NUMBER() OVER (ORDER BY start, market) AS nth FROM pages) n
    WHERE pages.market = n.market AND pages.start = n.start;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM pages), number);

CREATE INDEX pages_by_revision ON pages (revision);

ALTER TABLE windows ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE windows SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, start, ROW_NUMBER() OVER (ORDER BY start, market) AS nth FROM windows) n
    WHERE windows.market = n.market AND windows.start = n.start;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM windows), number);

CREATE INDEX windows_by_revision ON windows (revision);

ALTER TABLE positions ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE positions SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, start, seat, ROW_NUMBER() OVER (ORDER BY start, market, seat) AS nth FROM positions) n
    WHERE positions.market = n.market AND positions.start = n.start AND positions.seat = n.seat;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM positions), number);

CREATE INDEX positions_by_revision ON positions (revision);

ALTER TABLE readings ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE readings SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, meter, start, ROW_NUMBER() OVER (ORDER BY start, market, meter) AS nth FROM readings) n
    WHERE readings.market = n.market AND readings.meter = n.meter AND readings.start = n.start;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM readings), number);

CREATE INDEX readings_by_revision ON readings (revision);

ALTER TABLE orders ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE orders SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, start, place, sequence, ROW_NUMBER() OVER (ORDER BY start, market, place, sequence) AS nth FROM orders) n
    WHERE orders.market = n.market AND orders.start = n.start AND orders.place = n.place AND orders.sequence = n.sequence;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM orders), number);

CREATE INDEX orders_by_revision ON orders (revision);

ALTER TABLE seats ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE seats SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, seat, ROW_NUMBER() OVER (ORDER BY market, seat) AS nth FROM seats) n
    WHERE seats.market = n.market AND seats.seat = n.seat;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM seats), number);

CREATE INDEX seats_by_revision ON seats (revision);

ALTER TABLE owners ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE owners SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, seat, since, ROW_NUMBER() OVER (ORDER BY market, seat, since) AS nth FROM owners) n
    WHERE owners.market = n.market AND owners.seat = n.seat AND owners.since = n.since;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM owners), number);

CREATE INDEX owners_by_revision ON owners (revision);

ALTER TABLE meters ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE meters SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, meter, ROW_NUMBER() OVER (ORDER BY market, meter) AS nth FROM meters) n
    WHERE meters.market = n.market AND meters.meter = n.meter;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM meters), number);

CREATE INDEX meters_by_revision ON meters (revision);

ALTER TABLE movements ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE movements SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, number, ROW_NUMBER() OVER (ORDER BY market, number) AS nth FROM movements) n
    WHERE movements.market = n.market AND movements.number = n.number;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM movements), number);

CREATE INDEX movements_by_revision ON movements (revision);

ALTER TABLE gaps ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE gaps SET revision = (SELECT number FROM revisions) + n.nth
    FROM (SELECT market, kind, since, ROW_NUMBER() OVER (ORDER BY market, kind, since) AS nth FROM gaps) n
    WHERE gaps.market = n.market AND gaps.kind = n.kind AND gaps.since = n.since;

UPDATE revisions SET number = COALESCE((SELECT MAX(revision) FROM gaps), number);

CREATE INDEX gaps_by_revision ON gaps (revision);
