use anchor_lang::prelude::*;
use joulebook_common::{accounts, stored::pubkey, Addressed};
use joulebook_layout::{
    market::{self, Seat},
    oracle::MeterStatus,
};
use joulebook_units::MILLI_ATOMS_PER_ATOM;
use oracle::state::MeterTableView;

use crate::{
    errors::MarketError,
    events::SeatClosed,
    state::{Community, Ledger, LedgerView, Market, MeterTable},
};

#[accounts]
pub struct CloseSeat<'info> {
    /// The seat's owner; while the market has no windows, the community's authority may be it too.
    pub owner: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMarket, constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    pub meter_table: AccountLoader<'info, MeterTable>,
}

pub fn close_seat(ctx: Context<CloseSeat>, seat: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let market = accounts.market.load()?;
    // Before its first window slot, or after its last: see `Market::ended`.
    let is_ending = market.windows == 0;
    // Debtors could neither pay nor take out what is left if there were nobody to be paid, and nobody else would pay
    // the claims of others.
    let is_owed = seat == market.supplier
        && (ledger.header.claims > 0 || ledger.seats.iter().any(|other| other.debt > 0));
    // What the supplier has is paid before anybody gives up the rest.
    if ledger.row(seat)?.claim > 0 {
        ledger.pay_claims(market.supplier)?;
    }
    let row = ledger.open_seat(seat)?;
    let owner = row.owner;
    let is_owner = owner == accounts.owner.address();
    if !is_owner {
        // Whoever does not come back can't keep the rent of a market that has ended.
        require!(is_ending, MarketError::NotOwner);
        let is_authority = accounts.community.load()?.authority == accounts.owner.address();
        require!(is_authority, MarketError::NotOwner);
    }
    let holds = row.locked > 0 || row.held > 0 || row.free >= MILLI_ATOMS_PER_ATOM;
    let owes = row.debt > 0 && is_owner;
    let waits = row.claim > 0 && !is_ending;
    require!(
        !holds && !owes && !waits && !is_owed,
        MarketError::SeatInUse
    );
    if !is_ending {
        require!(!is_bound(row, seat, &market), MarketError::SeatInUse);
        accounts.require_no_meters(seat, &market)?;
    }

    // What is left is less than an atom, and nobody can take out less than an atom.
    let (dust, forgone) = (row.free, row.claim);
    *row = Seat::default();
    let header = ledger.header;
    header.claims = header
        .claims
        .checked_sub(forgone)
        .ok_or(MarketError::Broken)?;
    header.fees = header.fees.checked_add(dust).ok_or(MarketError::Overflow)?;
    header.open_seats = header.open_seats.saturating_sub(1);
    emit!(SeatClosed {
        market: accounts.market.key(),
        seat,
        owner: pubkey(owner),
    });
    Ok(())
}

/// Whether windows need the seat, or it has energy that was paid for as estimated: forgotten, that would be
/// paid for again once it is measured.
fn is_bound(seat: &Seat, index: u16, market: &market::Market) -> bool {
    let is_needed = index == market.supplier || index == market.grid_operator;
    is_needed || seat.engaged > 0 || seat.estimated != 0
}

impl CloseSeat<'_> {
    /// Energy of a meter in service would be settled with nobody: a seat could be closed whenever that is
    /// cheaper. Likewise the last energy of a retired one, until its window is settled, for which the ring
    /// leaves one round.
    fn require_no_meters(&self, seat: u16, market: &market::Market) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let round = i64::from(market.window_seconds).saturating_mul(market.ring.into());
        let mut data = self.meter_table.as_ref().try_borrow_mut_data()?;
        let table = MeterTableView::load(&mut data)?;
        let has_meters = table
            .registered()
            .filter(|meter| meter.participant == seat)
            .any(|meter| {
                !meter.is(MeterStatus::Retired) || now < meter.boundary.saturating_add(round)
            });
        require!(!has_meters, MarketError::MetersInService);
        Ok(())
    }
}
