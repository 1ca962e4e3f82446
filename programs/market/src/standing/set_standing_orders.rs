use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::market::{limits, Seat, StandingSeat};
use joulebook_standing::{check_entry, Fault};

use super::review_participant::review;
use crate::{
    errors::MarketError,
    events::StandingOrdersSet,
    state::{
        Community, Ledger, LedgerView, Participant, StandingOrders, StandingRule, StandingView,
    },
};

#[accounts]
pub struct SetStandingOrders<'info> {
    /// The seat's owner or its delegate.
    pub trader: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    /// The seat's participant.
    #[account(constraint = participant.load()?.community == community.address() @ MarketError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity)]
    pub market: AccountLoader<'info, crate::state::Market>,
    #[account(
        mut,
        constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = standing_orders.load()?.market == market.address() @ MarketError::WrongMarket,
    )]
    pub standing_orders: AccountLoader<'info, StandingOrders>,
}

/// What stands in a place from now on.
#[derive(Clone, AnchorSerialize, AnchorDeserialize)]
pub struct StandingEntry {
    /// 0 to 7.
    pub place: u8,
    /// Nothing takes away what stood there.
    // In a box: a list of entries of two bytes each would otherwise be more than a program's memory.
    pub rule: Option<Box<StandingRule>>,
}

pub fn set_standing_orders(
    ctx: Context<SetStandingOrders>,
    entries: Vec<StandingEntry>,
) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(!entries.is_empty(), MarketError::NoOrders);
    let now = now()?;
    for StandingEntry { place, rule } in &entries {
        require!(*place < limits::STANDING_ORDERS, MarketError::NoSuchPlace);
        if let Some(rule) = rule {
            check_entry(rule, now).map_err(MarketError::from)?;
        }
    }
    let participant = accounts.participant.load()?;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let mut data = accounts.standing_orders.as_ref().try_borrow_mut_data()?;
    let mut standing = StandingView::load(&mut data)?;
    let trader = accounts.trader.address();
    let index = participant.index;
    let seat = *ledger.open_seat(index)?;
    require!(seat.owner == participant.wallet, MarketError::NotOwner);
    require!(seat.trades_for(&trader), MarketError::NotTrader);
    let row = standing.row(index)?;
    let by_delegate = seat.owner != trader;
    let today = u32::try_from(now.day()).map_err(|_| MarketError::Broken)?;
    for StandingEntry { place, .. } in entries.iter().filter(|_| by_delegate) {
        let Some(order) = row.orders.get(usize::from(*place)) else {
            continue;
        };
        let is_owners = is_of(row, &seat) && row.has(*place) && order.by_delegate == 0;
        require!(!is_owners, MarketError::NotOwner);
        // Or the place's caps could be had twice a day: what a delegate used is no owner's.
        let is_used = order.used_by_delegate == 0 && order.used(today) != (0, 0);
        require!(!is_used, MarketError::PlaceUsed);
    }

    forget_others(row, &seat);
    for StandingEntry { place, rule } in &entries {
        let bit = 1_u8.checked_shl(u32::from(*place)).unwrap_or(0);
        let Some(order) = row.orders.get_mut(usize::from(*place)) else {
            continue;
        };
        // What is used of the caps today stays. But a delegate can't use up what is its owner's.
        if order.used_by_delegate != 0 && !by_delegate {
            (order.used_energy, order.used_lock) = (0, 0);
            order.used_by_delegate = 0;
        }
        order.rule = rule.as_ref().map(|rule| rule.0).unwrap_or_default();
        order.by_delegate = u8::from(by_delegate && rule.is_some());
        order.window = 0;
        order.outcome = 0;
        row.entered = match rule {
            Some(_) => row.entered | bit,
            None => row.entered & !bit,
        };
    }
    review(row, &participant);
    let entered = row.entered;
    emit_numbered!(
        ledger.header,
        StandingOrdersSet {
            market: accounts.market.key(),
            seat: index,
            entered,
            by: pubkey(trader),
        }
    );
    Ok(())
}

fn is_of(row: &StandingSeat, seat: &Seat) -> bool {
    row.owner == seat.owner
}

/// What another owner or another delegate has entered stands for nobody now.
fn forget_others(row: &mut StandingSeat, seat: &Seat) {
    if !is_of(row, seat) {
        row.entered = 0;
    }
    if row.delegate != seat.delegate {
        for (place, order) in (0u32..).zip(&row.orders) {
            if order.by_delegate != 0 {
                row.entered &= !1_u8.checked_shl(place).unwrap_or(0);
            }
        }
    }
    row.owner = seat.owner;
    row.delegate = seat.delegate;
}

impl From<Fault> for MarketError {
    fn from(fault: Fault) -> MarketError {
        match fault {
            Fault::Malformed => MarketError::StandingRuleInvalid,
            Fault::NeverDue => MarketError::NeverDue,
        }
    }
}
