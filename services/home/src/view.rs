use joulebook_auction::Depth;
use joulebook_client::{
    layout::{
        market::{Market, PageWindow, Phase, Seat, WindowPrices, WindowStatus},
        oracle::{Meter, MeterStatus},
        registry::{Participant, ParticipantStatus},
    },
    ring,
    tables::{BookDepth, PageHead},
};
use joulebook_units::Price;
use solana_address::Address;

/// Windows that are told of, from the one under delivery on: a day of quarter hours.
pub const MOST_WINDOWS: usize = 96;

/// What was read of a market, for one household.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// The chain's clock, unix seconds.
    pub now: i64,
    pub market: Market,
    /// Of the windows from now on.
    pub pages: Vec<PageHead>,
    /// Of the window under delivery and the next one, where pages do not tell what became of them.
    pub books: Vec<BookDepth>,
    /// `None` if the wallet has never applied.
    pub participant: Option<Participant>,
    /// In the row that the participant's index names.
    pub seat: Option<Seat>,
    /// Its own, retired ones too.
    pub meters: Vec<Meter>,
}

/// What that says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// From the one under delivery on, as far as pages are open, at least the next one.
    pub windows: Vec<Window>,
    /// When orders for some window are taken no more, the earliest such moment ahead, and when that window starts, unix seconds.
    pub next_gate: Option<(i64, i64)>,
    pub money: Result<Money, NoSeat>,
    /// When the community approved the household, unix seconds.
    pub approved_at: Option<i64>,
    /// Until when all its meters were heard, unix seconds; `None` without meters.
    pub heard_until: Option<i64>,
}

/// A delivery window, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Unix seconds.
    pub start: i64,
    /// Unix seconds.
    pub end: i64,
    /// When its orders are taken no more, unix seconds.
    pub gate: i64,
    /// The supplier's; `None` before its page is open.
    pub prices: Option<WindowPrices>,
    /// What its orders come to; `None` where nothing is known of them.
    pub outcome: Option<Outcome>,
}

/// What a window's orders come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What everybody pays; `None` if nothing is traded.
    pub price: Option<Price>,
    /// Wh.
    pub volume: u64,
    /// Whether no order changes it any more.
    pub is_fixed: bool,
}

/// What a seat has, milli-atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    pub free: u64,
    pub locked: u64,
    pub held: u64,
    /// Owed to suppliers: no money.
    pub debt: u64,
    /// Owed by suppliers: no money.
    pub claim: u64,
}

/// Why a household has no money in a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSeat {
    #[error("the household has not applied to this market's community; apply with `joulebook member apply`, or check `household` and `market`")]
    NotApplied,
    #[error("the household waits for an operator's approval; there is nothing to do")]
    NotApproved,
    #[error("the household has left the community; apply again, or name another `household`")]
    Left,
    #[error("the household has no open seat; open it with `joulebook member open-seat`")]
    NotOpen,
}

impl View {
    /// `None` of a market without windows, which no program makes.
    pub fn of(accounts: &Accounts, owner: &Address) -> Option<View> {
        let length = i64::from(accounts.market.window_seconds);
        let first = ring::start(accounts.now, length)?;
        let starts = (0..).map_while(|number: i64| first.checked_add(number.checked_mul(length)?));
        let windows = starts.clone().take(MOST_WINDOWS).enumerate();
        let windows = windows.map(|(place, start)| (place, accounts.window(start)));
        let known = windows.take_while(|(place, window)| *place < 2 || window.prices.is_some());
        let seat = accounts.seat(owner);
        Some(View {
            now: accounts.now,
            windows: known.map(|(_, window)| window).collect(),
            next_gate: starts
                .take(usize::from(accounts.market.books).saturating_add(2))
                .take_while(|start| *start < accounts.market.ends_at)
                .map(|start| (accounts.gate(start), start))
                .find(|(gate, _)| *gate > accounts.now),
            money: seat.map(Money::of),
            approved_at: accounts
                .participant
                .map(|participant| participant.approved_at)
                .filter(|moment| *moment > 0),
            heard_until: accounts.heard_until(),
        })
    }

    /// The window under delivery.
    pub fn current(&self) -> Option<&Window> {
        self.windows.first()
    }

    pub fn next(&self) -> Option<&Window> {
        self.windows.get(1)
    }
}

impl Window {
    /// What everybody pays, once no order changes it.
    pub fn fixed_price(&self) -> Option<Price> {
        self.outcome.filter(|outcome| outcome.is_fixed)?.price
    }
}

impl Money {
    fn of(seat: &Seat) -> Money {
        Money {
            free: seat.free,
            locked: seat.locked,
            held: seat.held,
            debt: seat.debt(),
            claim: seat.claim(),
        }
    }

    /// All of it; `None` if that does not fit.
    pub fn balance(&self) -> Option<u64> {
        self.free.checked_add(self.locked)?.checked_add(self.held)
    }
}

impl Accounts {
    fn gate(&self, start: i64) -> i64 {
        let terms = self.market.terms_at(start);
        start.saturating_sub(terms.gate_lead.into())
    }

    fn window(&self, start: i64) -> Window {
        let row = self.row(start);
        let gate = self.gate(start);
        let allocated = row
            .filter(|row| row.is(WindowStatus::Allocated))
            .map(|row| Outcome {
                price: (row.volume > 0).then_some(Price(row.price)),
                volume: row.volume,
                is_fixed: true,
            });
        // No book is opened for a window once its gate is closed.
        let unopened = row
            .filter(|row| row.is(WindowStatus::Unopened) && self.now >= gate)
            .map(|_| Outcome {
                price: None,
                volume: 0,
                is_fixed: true,
            });
        Window {
            start,
            end: start.saturating_add(self.market.window_seconds.into()),
            gate,
            prices: row.map(|row| WindowPrices {
                short: row.short,
                long: row.long,
                grid_fee: row.grid_fee,
            }),
            outcome: allocated.or(unopened).or_else(|| self.ordered(start)),
        }
    }

    /// What the orders in a window's book come to: by the market's own engine, which depends on them alone. So it is what clearing
    /// will find, once the gate is closed.
    fn ordered(&self, start: i64) -> Option<Outcome> {
        let book = self.books.iter().find(|book| book.header.start == start)?;
        match book.header.phase()? {
            Phase::Free => None,
            Phase::Open => {
                let (mut levels, mut blocks) = (book.levels.clone(), book.blocks.clone());
                let clearing = Depth::new(&mut levels, &mut blocks).ok()?.clear().ok()?;
                let price = |tick| book.header.price(tick);
                Some(Outcome {
                    price: clearing
                        .map(|clearing| Price::middle(price(clearing.low), price(clearing.high))),
                    volume: clearing.map_or(0, |clearing| clearing.volume),
                    is_fixed: self.now >= book.header.gate,
                })
            }
            Phase::Cleared | Phase::Allocated => {
                let node = book.nodes.first()?;
                Some(Outcome {
                    price: node.price(),
                    volume: node.volume,
                    is_fixed: true,
                })
            }
        }
    }

    /// What the window's page says of it; `None` before that is open.
    pub(crate) fn row(&self, start: i64) -> Option<&PageWindow> {
        let holds = |page: &&PageHead| {
            let header = &page.header;
            header.start <= start && start < header.start.saturating_add(header.length())
        };
        let page = self.pages.iter().find(holds)?;
        let since = start.checked_sub(page.header.start)?;
        let number = since.checked_div(page.header.window_seconds.into())?;
        page.windows.get(usize::try_from(number).ok()?)
    }

    fn seat(&self, owner: &Address) -> Result<&Seat, NoSeat> {
        let participant = self.participant.as_ref().ok_or(NoSeat::NotApplied)?;
        match ParticipantStatus::from_byte(participant.status) {
            Some(ParticipantStatus::Left) => return Err(NoSeat::Left),
            Some(ParticipantStatus::Closed) | None => return Err(NoSeat::NotApplied),
            // Who applies again has an index already, and perhaps money.
            _ if !participant.has_index() => return Err(NoSeat::NotApproved),
            _ => {}
        }
        let is_theirs = |seat: &&Seat| seat.is_open() && seat.owner.0 == owner.to_bytes();
        self.seat.as_ref().filter(is_theirs).ok_or(NoSeat::NotOpen)
    }

    fn heard_until(&self) -> Option<i64> {
        let is_in_service = |meter: &&Meter| {
            let is_used = meter.is(MeterStatus::Active) || meter.is(MeterStatus::Quarantined);
            is_used && self.now < meter.service_until
        };
        let meters = self.meters.iter().filter(is_in_service);
        meters.map(|meter| meter.boundary).min()
    }
}
