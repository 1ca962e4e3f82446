-- How pages ended for seats: what was charged for energy that no window tells of.
CREATE TABLE endings (
    market BIGINT NOT NULL,
    page BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    -- Of the page's last window, with which it is charged.
    start BIGINT NOT NULL,
    import BIGINT NOT NULL,
    export BIGINT NOT NULL,
    most_import BIGINT NOT NULL,
    most_export BIGINT NOT NULL,
    -- None where the silence of the pages before is not known.
    paid_back BIGINT,
    amount BIGINT,
    -- The silence that goes on; none where it is not known.
    silent_windows BIGINT,
    dearest BIGINT,
    lowest BIGINT,
    owed BIGINT,
    place BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (market, seat, page)
);

-- All endings of a page.
CREATE INDEX endings_by_page ON endings (market, page, seat);

CREATE INDEX endings_by_revision ON endings (revision);
