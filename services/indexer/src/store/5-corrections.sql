-- What was paid for a window otherwise than it had been settled with before: values came late, or were corrected.
CREATE TABLE corrections (
    market BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    start BIGINT NOT NULL,
    -- Of the read that saw it.
    slot BIGINT NOT NULL,
    time BIGINT NOT NULL,
    before BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (market, seat, start, slot, before)
);

CREATE INDEX corrections_by_time ON corrections (market, seat, time);

CREATE INDEX corrections_by_revision ON corrections (revision);
