-- The first version. Plain types, so that SQLite and PostgreSQL read the same lines.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE markets (
    id BIGINT PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    community TEXT NOT NULL,
    name TEXT NOT NULL,
    meter_table TEXT NOT NULL,
    mint TEXT NOT NULL,
    decimals BIGINT NOT NULL,
    window_seconds BIGINT NOT NULL,
    page_windows BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    -- Of the last read; none before the first.
    slot BIGINT,
    time BIGINT,
    -- Of the last read that brought other rows.
    changed_slot BIGINT,
    -- Rows of reads up to here can't be taken back by the cluster any more.
    final_slot BIGINT,
    money BIGINT,
    fees BIGINT,
    escrow BIGINT,
    free BIGINT,
    locked BIGINT,
    held BIGINT,
    vault BIGINT
);

CREATE TABLE pages (
    market BIGINT NOT NULL,
    start BIGINT NOT NULL,
    previous BIGINT,
    final_seats BIGINT NOT NULL,
    is_final BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, start)
);

CREATE TABLE windows (
    market BIGINT NOT NULL,
    start BIGINT NOT NULL,
    page BIGINT NOT NULL,
    phase TEXT NOT NULL,
    price BIGINT,
    volume BIGINT NOT NULL,
    short BIGINT NOT NULL,
    long BIGINT NOT NULL,
    grid_fee BIGINT,
    market_fee BIGINT,
    supplier BIGINT,
    grid_operator BIGINT,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, start)
);

CREATE TABLE positions (
    market BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    bought BIGINT NOT NULL,
    sold BIGINT NOT NULL,
    earns BIGINT NOT NULL,
    locked BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    is_confirmed BIGINT NOT NULL,
    is_final BIGINT NOT NULL,
    import BIGINT NOT NULL,
    export BIGINT NOT NULL,
    meters BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, seat, start)
);

-- All positions of a window.
CREATE INDEX positions_by_window ON positions (market, start, seat);

CREATE TABLE readings (
    market BIGINT NOT NULL,
    meter BIGINT NOT NULL,
    start BIGINT NOT NULL,
    number BIGINT NOT NULL,
    import BIGINT NOT NULL,
    export BIGINT NOT NULL,
    quality TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, meter, start)
);

CREATE TABLE orders (
    market BIGINT NOT NULL,
    start BIGINT NOT NULL,
    place BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    side TEXT NOT NULL,
    tick BIGINT NOT NULL,
    price BIGINT,
    quantity BIGINT NOT NULL,
    filled BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    is_owners BIGINT NOT NULL,
    state TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, start, place, sequence)
);

-- Few of all orders are open.
CREATE INDEX orders_by_state ON orders (market, state, start);

CREATE TABLE seats (
    market BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    owner TEXT,
    state TEXT NOT NULL,
    free BIGINT NOT NULL,
    locked BIGINT NOT NULL,
    held BIGINT NOT NULL,
    debt BIGINT NOT NULL,
    claim BIGINT NOT NULL,
    owed BIGINT NOT NULL,
    silent_windows BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, seat)
);

CREATE TABLE owners (
    market BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    since BIGINT NOT NULL,
    owner TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, seat, since)
);

CREATE TABLE meters (
    market BIGINT NOT NULL,
    meter BIGINT NOT NULL,
    number BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    state TEXT NOT NULL,
    asset TEXT NOT NULL,
    source TEXT NOT NULL,
    zone BIGINT NOT NULL,
    service_from BIGINT NOT NULL,
    service_until BIGINT,
    max_import BIGINT NOT NULL,
    max_export BIGINT NOT NULL,
    device TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, meter)
);

CREATE TABLE movements (
    market BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    seat BIGINT,
    to_seat BIGINT,
    amount BIGINT NOT NULL,
    debt_paid BIGINT NOT NULL,
    start BIGINT,
    signature TEXT NOT NULL,
    time BIGINT,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, number)
);

CREATE INDEX movements_by_seat ON movements (market, seat, number);

CREATE TABLE gaps (
    market BIGINT NOT NULL,
    kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (market, kind, since)
);

-- How far the events of a market's ledger are read.
CREATE TABLE checkpoints (
    market BIGINT PRIMARY KEY,
    -- Of the last transaction that was read.
    signature TEXT,
    slot BIGINT NOT NULL,
    -- Number of the next event.
    next_event BIGINT NOT NULL,
    -- Why it does not go on; none if it does.
    trouble TEXT
);
