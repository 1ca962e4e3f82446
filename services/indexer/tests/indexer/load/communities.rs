//! Made-up communities in the shape of real ones: what an index of them would be told.

use joulebook_indexer::{
    changes::{BookChanges, Changes, LedgerFigures, MarketFacts},
    rows::{MeterRow, OrderRow, OwnerRow, PageRow, PositionRow, ReadingRow, SeatRow, WindowRow},
};
use rand_chacha::{
    rand_core::{Rng, SeedableRng},
    ChaCha8Rng,
};
use solana_address::Address;

pub const HOUSEHOLDS: i64 = 15;
/// Quarter hours.
pub const LENGTH: i64 = 900;
/// Of a page: a day.
pub const WINDOWS: i64 = 96;
/// When the first day begins: 2026-06-01, UTC.
pub const BEGIN: i64 = 1_780_272_000;
pub const DAY: i64 = WINDOWS * LENGTH;

/// Atoms per kWh.
const SHORT: i64 = 300_000;
const LONG: i64 = 80_000;
const GRID_FEE: i64 = 70_000;
const MARKET_FEE: i64 = 1_000;

/// How far a day has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its windows were traded.
    Traded,
    /// Its meters were heard, its positions settled and made final.
    Final,
}

pub struct Community {
    pub number: u64,
}

impl Community {
    pub fn facts(&self) -> MarketFacts {
        let mut random = self.random(0);
        let mut address = || {
            let mut bytes = [0; 32];
            random.fill_bytes(&mut bytes);
            Address::new_from_array(bytes).to_string()
        };
        MarketFacts {
            address: address(),
            community: address(),
            name: format!("village {}", self.number),
            meter_table: address(),
            mint: address(),
            decimals: 6,
            window_seconds: LENGTH,
            page_windows: WINDOWS,
            pages: 4,
        }
    }

    fn random(&self, day: i64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.number * 100_000 + day.unsigned_abs())
    }

    /// What a look at a day's page brings; of `only` one window, if it is named.
    pub fn look(&self, day: i64, stage: Stage, only: Option<i64>) -> Changes {
        let start = BEGIN + day * DAY;
        let mut random = self.random(day + 1);
        let mut changes = Changes {
            slot: 1_000 + (day as u64) * 10 + (stage as u64),
            now: start + DAY,
            ledger: LedgerFigures::default(),
            ..Changes::default()
        };
        if only.is_none() {
            changes.pages.push(PageRow {
                start,
                previous: Some(start - DAY),
                final_seats: if stage == Stage::Final { HOUSEHOLDS } else { 0 },
                is_final: stage == Stage::Final,
            });
        }
        if day == 0 && stage == Stage::Traded && only.is_none() {
            self.tables(&mut changes);
        }
        for window in 0..WINDOWS {
            let mut rows = Rows::of(start + window * LENGTH, start, stage, &mut random);
            if only.is_none_or(|only| only == window) {
                changes.windows.push(rows.window);
                changes.positions.append(&mut rows.positions);
                changes.readings.append(&mut rows.readings);
                if stage == Stage::Traded {
                    changes.books.push(rows.book);
                }
            }
        }
        changes
    }

    fn tables(&self, changes: &mut Changes) {
        let mut random = self.random(1_000);
        for seat in 0..HOUSEHOLDS {
            let mut bytes = [0; 32];
            random.fill_bytes(&mut bytes);
            let owner = Address::new_from_array(bytes).to_string();
            random.fill_bytes(&mut bytes);
            changes.seats.push(SeatRow {
                seat,
                owner: Some(owner.clone()),
                state: "open".into(),
                free: 50_000_000_000,
                locked: 0,
                held: 0,
                debt: 0,
                claim: 0,
                owed: 0,
                silent_windows: 0,
            });
            changes.owners.push(OwnerRow {
                seat,
                since: BEGIN,
                owner,
            });
            changes.meters.push(MeterRow {
                meter: seat,
                number: 65_536 + seat,
                seat,
                state: "active".into(),
                asset: "household".into(),
                source: if makes(seat) { "solar" } else { "unknown" }.into(),
                zone: 0,
                service_from: BEGIN,
                service_until: None,
                max_import: 20_000,
                max_export: 20_000,
                device: Address::new_from_array(bytes).to_string(),
            });
        }
    }
}

/// Every third household has panels.
fn makes(seat: i64) -> bool {
    seat % 3 == 0
}

struct Rows {
    window: WindowRow,
    positions: Vec<PositionRow>,
    readings: Vec<ReadingRow>,
    book: BookChanges,
}

impl Rows {
    fn of(start: i64, page: i64, stage: Stage, random: &mut ChaCha8Rng) -> Rows {
        let price = 120_000 + below(random, 100) * 1_000;
        let sun = below(random, 900);
        let sellers: Vec<i64> = (0..HOUSEHOLDS).filter(|seat| makes(*seat)).collect();
        let volume = sun * sellers.len() as i64;
        let buyers = HOUSEHOLDS - sellers.len() as i64;
        let mut rows = Rows {
            window: WindowRow {
                start,
                page,
                phase: "allocated".into(),
                price: (volume > 0).then_some(price),
                volume,
                short: SHORT,
                long: LONG,
                grid_fee: Some(GRID_FEE),
                market_fee: Some(MARKET_FEE),
                supplier: Some(HOUSEHOLDS),
                grid_operator: Some(HOUSEHOLDS + 1),
                low: 40,
                high: 45,
                orders: HOUSEHOLDS,
            },
            positions: vec![],
            readings: vec![],
            book: BookChanges {
                start,
                orders: vec![],
                is_whole: true,
            },
        };
        let mut left = volume;
        let mut buyer = 0;
        for seat in 0..HOUSEHOLDS {
            let (bought, sold) = match makes(seat) {
                true => (0, sun),
                false => {
                    buyer += 1;
                    let share = if buyer == buyers {
                        left
                    } else {
                        volume / buyers
                    };
                    left -= share;
                    (share, 0)
                }
            };
            let off = below(random, 300) - 150;
            let (import, export) = match makes(seat) {
                true => (0, (sold + off).max(0)),
                false => ((bought + off).max(0), 0),
            };
            rows.add(seat, (bought, sold), (import, export), stage, price);
        }
        rows
    }

    fn add(
        &mut self,
        seat: i64,
        (bought, sold): (i64, i64),
        (import, export): (i64, i64),
        stage: Stage,
        price: i64,
    ) {
        let start = self.window.start;
        let is_final = stage == Stage::Final;
        let deviation = (import - export) - (bought - sold);
        let paid = deviation * if deviation > 0 { SHORT } else { LONG };
        let only = |value: i64| if is_final { value } else { 0 };
        self.positions.push(PositionRow {
            start,
            seat,
            bought,
            sold,
            earns: sold * price,
            locked: only(0),
            paid: only(paid),
            is_confirmed: is_final,
            is_final,
            import: only(import),
            export: only(export),
            meters: 1,
            missing: i64::from(!is_final),
        });
        self.readings.push(ReadingRow {
            meter: seat,
            start,
            number: 65_536 + seat,
            import: only(import),
            export: only(export),
            quality: if is_final { "measured" } else { "missing" }.into(),
        });
        self.book.orders.push(OrderRow {
            start,
            place: seat,
            sequence: 0,
            seat,
            side: if makes(seat) { "sell" } else { "buy" }.into(),
            tick: 60 + seat,
            price: Some(price),
            quantity: bought + sold + 100,
            filled: bought + sold,
            client_id: 0,
            is_owners: true,
            state: "allocated".into(),
        });
    }
}

fn below(random: &mut ChaCha8Rng, below: u32) -> i64 {
    i64::from(random.next_u32() % below)
}
