use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, Addressed};
use joulebook_layout::market::{
    self,
    limits::{LIMITATION_PERIOD, MAX_NAMING_PAYMENTS},
    Owing, Page, Supplier,
};

use crate::{
    errors::MarketError,
    events::{OwingDropped, SupplierReplaced},
    rules::{boundary_from, notice_over, operator_seat},
    settlement::report_paid,
    state::{Community, Ledger, LedgerView, Market, Participant},
};

#[accounts]
pub struct ReplaceSupplier<'info> {
    pub authority: Signer<'info>,
    /// Owner of the new supplier's seat: nobody is made one without it. The former one may be gone.
    pub supplier: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    pub market: AccountLoader<'info, Market>,
    /// Of the new supplier.
    #[account(constraint = participant.load()?.wallet == supplier.address() @ MarketError::NotOwner)]
    pub participant: AccountLoader<'info, Participant>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn replace_supplier(ctx: Context<ReplaceSupplier>, events: u64) -> Result<()> {
    let accounts = ctx.accounts;
    let market = accounts.market.load()?;
    // Its tariff and its terms bind the new supplier: authority and former one must not have changed them unseen.
    require!(market.events == events, MarketError::MarketChanged);
    let now = now()?.0;
    require!(!market.is_over(now), MarketError::MarketEnded);
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let community = accounts.community.address();
    let seat = operator_seat(&*accounts.participant.load()?, community, market.seats)?;
    let [before, named] = ledger.header.places();
    let is_awaited = ledger.header.awaits_supplier();
    let (stays, place) = if is_awaited {
        (before, named)
    } else {
        (named, before)
    };
    let former = ledger.header.supplier(stays).seat;
    require!(seat != former, MarketError::SupplierStands);
    // Whoever was named and has no page yet is named in vain, and owes nothing.
    let market_key = accounts.market.key();
    let dropped = settle_former(&mut ledger, market_key, place, now)?;
    let row = ledger.owned_seat(seat, accounts.supplier.address())?;
    let has_margin = row.free >= ledger.header.supplier_margin;
    require!(has_margin, MarketError::MarginMissing);

    let from = first_page(&market, now);
    let header = ledger.header;
    *header.supplier_mut(place) = Supplier::new(seat);
    header.supplying = place;
    header.supplier_from = from;
    if let Some(Dropped {
        supplier,
        debts,
        claims,
    }) = dropped
    {
        emit_numbered!(
            header,
            OwingDropped {
                market: market_key,
                supplier,
                debts,
                claims,
            }
        );
    }
    emit_numbered!(
        header,
        SupplierReplaced {
            market: market_key,
            former,
            supplier: seat,
            from,
        }
    );
    Ok(())
}

/// What was dropped of a former supplier, milli-atoms.
struct Dropped {
    /// Its seat.
    supplier: u16,
    /// Owed to it.
    debts: u64,
    /// Owed by it.
    claims: u64,
}

/// Empties the place of a former supplier: whoever can pays now, and what nobody can pay 92 days after its last page became final
/// is dropped. There are two places, so nobody ever answers for another's debts and claims.
///
/// # Errors
/// [`MarketError::SupplierUnsettled`], [`MarketError::PaymentsDue`].
fn settle_former(
    ledger: &mut LedgerView,
    market: Pubkey,
    place: u8,
    now: i64,
) -> Result<Option<Dropped>> {
    let former = *ledger.header.supplier(place);
    let is_final = former.last_page <= ledger.header.last_final;
    require!(is_final, MarketError::SupplierUnsettled);
    let paid = ledger.pay_all_owing(MAX_NAMING_PAYMENTS)?;
    report_paid(ledger.header, market, &paid);
    let mut debts = 0_u64;
    for row in ledger.seats.iter_mut() {
        let owing = Owing::with(place, &mut row.owing);
        if owing.debt | owing.claim > 0 {
            debts = debts.saturating_add(owing.debt);
            *owing = Owing::default();
        }
    }
    let claims = ledger.header.supplier(place).claims;
    if debts == 0 && claims == 0 {
        return Ok(None);
    }
    let lapses_at = former.final_at.saturating_add(LIMITATION_PERIOD.into());
    require!(now >= lapses_at, MarketError::SupplierUnsettled);
    Ok(Some(Dropped {
        supplier: former.seat,
        debts,
        claims,
    }))
}

/// The start of the first page that is not open and starts after the notice.
fn first_page(market: &market::Market, now: i64) -> i64 {
    let length = market.page_length();
    let page = boundary_from(notice_over(market, now), length);
    if market.last_page == Page::NEVER {
        page
    } else {
        page.max(market.last_page.saturating_add(length.0))
    }
}
