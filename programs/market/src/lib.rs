//! The double auction of a community: orders, contracts, settlement, and the money in between.
#![allow(
    unsafe_code,
    reason = "its entry point takes what the runtime hands over, and an event is written where it is sent from"
)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

use anchor_lang::prelude::*;

mod book;
mod door;
pub mod errors;
pub mod events;
mod ledger;
mod oracle_calls;
mod orders;
mod page;
mod payout;
mod rules;
mod settlement;
mod setup;
mod signing;
mod standing;
pub mod state;
mod window;

use door::*;
use ledger::*;
use orders::*;
use page::*;
use rules::MarketParams;
use setup::*;
use standing::*;
use state::{DelegateBounds, ImbalancePrices, MarketTerms, NewOrder, OrderRef, WindowPrices};
use window::*;

declare_id!(joulebook_common::stored::pubkey(
    joulebook_layout::programs::MARKET
));
joulebook_common::how_to_report!("Joulebook market");

#[joulebook_common::program]
pub mod market {
    use super::*;

    /// Places orders for the window that starts at `start` (unix seconds), all or none; locks what they can
    /// cost at worst.
    pub fn place_orders(ctx: Hot<PlaceOrders>, start: i64, orders: &[NewOrder]) -> Result<()> {
        orders::place_orders(ctx, start, orders)
    }

    /// Cancels orders of the window that starts at `start` (unix seconds), all or none; what they locked is
    /// free at once.
    pub fn cancel_orders(
        ctx: Hot<CancelOrders>,
        start: i64,
        seat: u16,
        orders: &[OrderRef],
    ) -> Result<()> {
        orders::cancel_orders(ctx, start, seat, orders)
    }

    /// Places what standing orders of `seats` seats from `first_seat` on ask for in the window that starts at `start` (unix
    /// seconds), each at most once. One that can't be placed is marked, and may be tried again; anyone may
    /// ask, and does nothing where the window takes no orders.
    pub fn apply_standing_orders(
        ctx: Hot<ApplyStandingOrders>,
        start: i64,
        first_seat: u16,
        seats: u16,
    ) -> Result<()> {
        standing::apply_standing_orders(ctx, start, first_seat, seats)
    }

    /// Finds price and volume once the gate has closed.
    pub fn clear(ctx: Hot<Clear>) -> Result<()> {
        window::clear(ctx)
    }

    /// Gives up to `limit` orders their fills, then seats their contracts; after the last one the book is free again.
    pub fn allocate(ctx: Hot<Allocate>, limit: u16, reward_seat: Option<u16>) -> Result<()> {
        window::allocate(ctx, limit, reward_seat)
    }

    /// Brings positions in line with what is known of their meters: of `windows` windows of the page from number
    /// `first_window` on, of `seats` seats from `first_seat` on, at most 1,024 positions. Passed over are windows that have not
    /// ended or whose orders have no fills yet, and seats that are final. Anyone may, at any time, as often as there is something
    /// new.
    pub fn settle(
        ctx: Hot<Settle>,
        first_window: u16,
        windows: u16,
        first_seat: u16,
        seats: u16,
    ) -> Result<()> {
        page::settle(ctx, first_window, windows, first_seat, seats)
    }

    /// Makes the positions of up to `limit` seats final, once the oracle has finished its page: what is missing counts as if
    /// nothing had flowed. After the last seat the page's windows go into the history.
    pub fn finish_page(ctx: Hot<FinishPage>, limit: u16) -> Result<()> {
        page::finish_page(ctx, limit)
    }

    /// Opens the next page, here and in the oracle, with the prices of all its windows.
    pub fn open_page(ctx: Context<OpenPage>) -> Result<()> {
        page::open_page(ctx)
    }

    /// Sets the prices of consecutive windows of an open page, from number `first_window` on: windows whose book is not open and
    /// that start after the notice period. By the owner of the supplier's seat or its delegate.
    pub fn post_prices(
        ctx: Context<PostPrices>,
        first_window: u16,
        prices: Vec<WindowPrices>,
    ) -> Result<()> {
        page::post_prices(ctx, first_window, prices)
    }

    /// Opens a book for the window that starts at `start` (unix seconds), from its horizon until its gate closes.
    pub fn open_window(ctx: Context<OpenWindow>, start: i64) -> Result<()> {
        window::open_window(ctx, start)
    }

    /// Creates a community's market number `number`, which no other of its markets has, and its vault. The meter table must
    /// settle with this market.
    pub fn create_market(
        ctx: Context<CreateMarket>,
        number: u16,
        params: MarketParams,
    ) -> Result<()> {
        setup::create_market(ctx, number, params)
    }

    /// Creates the ledger, to be grown with `grow_table`.
    pub fn create_ledger(ctx: Context<CreateLedger>) -> Result<()> {
        setup::create_ledger(ctx)
    }

    /// Creates the history, to be grown with `grow_table`.
    pub fn create_history(ctx: Context<CreateHistory>) -> Result<()> {
        setup::create_history(ctx)
    }

    /// Creates a slot of the book ring, to be grown with `grow_table`.
    pub fn create_book(ctx: Context<CreateBook>, slot: u16) -> Result<()> {
        setup::create_book(ctx, slot)
    }

    /// Creates a slot of the page ring, to be grown with `grow_table`.
    pub fn create_page(ctx: Context<CreatePage>, slot: u16) -> Result<()> {
        setup::create_page(ctx, slot)
    }

    /// Creates the account of the market's standing orders.
    pub fn create_standing_orders(ctx: Context<CreateStandingOrders>) -> Result<()> {
        standing::create_standing_orders(ctx)
    }

    /// Takes a ledger, history, book, page or standing orders up to 10,240 bytes nearer to its full length. Anyone may pay;
    /// does nothing at full length.
    pub fn grow_table(ctx: Context<GrowTable>) -> Result<()> {
        setup::grow_table(ctx)
    }

    /// Changes the terms of windows that start after the notice period. With the supplier's signature, too, if they have other
    /// holidays or another local time: those say which prices of the tariff a window has.
    pub fn set_terms(ctx: Context<SetTerms>, terms: MarketTerms) -> Result<()> {
        setup::set_terms(ctx, terms)
    }

    /// Changes the imbalance prices of windows that start after the notice period and whose page is not open, from
    /// `first_half_hour` of the day (0 to 47) on. With the supplier's signature beside the authority's.
    pub fn set_tariff(
        ctx: Context<SetTariff>,
        working_day: bool,
        first_half_hour: u8,
        entries: Vec<ImbalancePrices>,
    ) -> Result<()> {
        setup::set_tariff(ctx, working_day, first_half_hour, entries)
    }

    /// Names another supplier, from the first page that is not open and starts after the notice period on. With the signature of
    /// the owner of the new one's seat beside the authority's; the present one need not agree. Whoever was named before and has no
    /// page yet is none then. Debts and claims stay with the supplier of the window that they came from. `events`: those that the
    /// market had counted when the new one looked at its tariff and terms.
    pub fn replace_supplier(ctx: Context<ReplaceSupplier>, events: u64) -> Result<()> {
        setup::replace_supplier(ctx, events)
    }

    /// Opens the seat of a participant who was approved, suspended since or not: what it earned before is its own.
    pub fn open_seat(ctx: Context<OpenSeat>) -> Result<()> {
        ledger::open_seat(ctx)
    }

    /// Closes a seat that holds less than an atom and has no orders or unconfirmed contracts: by its owner. Once the market
    /// has ended, by anyone, and the row of a participant who never opened a seat, too. A debt is dropped with it by the supplier
    /// that it is owed to, a claim by the seat's owner; 92 days after the end, by anyone.
    pub fn close_seat(ctx: Context<CloseSeat>, seat: u16) -> Result<()> {
        ledger::close_seat(ctx, seat)
    }

    /// Names who else may enter and cancel orders for the seat, or nobody, and how far its orders may go.
    pub fn set_delegate(
        ctx: Context<SetDelegate>,
        seat: u16,
        delegate: Option<Pubkey>,
        bounds: DelegateBounds,
    ) -> Result<()> {
        ledger::set_delegate(ctx, seat, delegate, bounds)
    }

    /// Enters standing orders of a seat, or takes them away, each in its place. By the owner or the delegate, who leaves the
    /// owner's alone and whose bounds hold. What was used of a place's daily caps stays used.
    pub fn set_standing_orders(
        ctx: Context<SetStandingOrders>,
        entries: Vec<StandingEntry>,
    ) -> Result<()> {
        standing::set_standing_orders(ctx, entries)
    }

    /// Has standing orders know a participant's roles and whether it is active, as the registry has them now. By anyone.
    pub fn review_participant(ctx: Context<ReviewParticipant>) -> Result<()> {
        standing::review_participant(ctx)
    }

    /// Moves `amount` atoms into the vault and credits the seat with what arrived; debt is paid first, once what goes round is set off.
    pub fn deposit(ctx: Context<Deposit>, seat: u16, amount: u64) -> Result<()> {
        ledger::deposit(ctx, seat, amount)
    }

    /// Moves `amount` atoms of the seat's free money out of the vault; debt is paid first, once what goes round is set off.
    /// Never paused.
    pub fn withdraw(ctx: Context<Withdraw>, seat: u16, amount: u64) -> Result<()> {
        ledger::withdraw(ctx, seat, amount)
    }

    /// Sets off what goes round between the two suppliers, then pays the debts of seats that have free money, and the claims of the
    /// seats, in their order, from what each supplier has, until nobody can pay any more; a number of them at a time. Does
    /// nothing where there are none.
    pub fn pay_claims(ctx: Context<PayClaims>) -> Result<()> {
        ledger::pay_claims(ctx)
    }

    /// Moves `amount` atoms of the fees out of the vault.
    pub fn withdraw_fees(ctx: Context<WithdrawFees>, amount: u64) -> Result<()> {
        ledger::withdraw_fees(ctx, amount)
    }

    /// Counts tokens that were sent to the vault without a deposit as fees.
    pub fn sweep_surplus(ctx: Context<SweepSurplus>) -> Result<()> {
        ledger::sweep_surplus(ctx)
    }

    /// Lets seats hold money for a program.
    pub fn admit(ctx: Context<Admit>) -> Result<()> {
        door::admit(ctx)
    }

    /// Ends a program's admission: nobody can hold more for it, and after a notice period of a week it can capture
    /// nothing more.
    pub fn retire(ctx: Context<Retire>) -> Result<()> {
        door::retire(ctx)
    }

    /// Closes the admission of a retired program, or of any once the market is closed, when nobody has a hold under
    /// it. Anyone may; the rent goes to whom it came from.
    pub fn close_admission(ctx: Context<CloseAdmission>) -> Result<()> {
        door::close_admission(ctx)
    }

    /// Sets aside `amount` milli-atoms of the seat's free money for an admitted program, beside what is held for it
    /// already. By the seat's owner alone. Never paused.
    pub fn hold(ctx: Context<Hold>, seat: u16, amount: u64) -> Result<()> {
        door::hold(ctx, seat, amount)
    }

    /// Gives `amount` milli-atoms of a hold back to its seat; debt is paid first. By the program it is held for
    /// alone. Never paused.
    pub fn release(ctx: Context<Release>, amount: u64) -> Result<()> {
        door::release(ctx, amount)
    }

    /// Gives `amount` milli-atoms of a hold to another open seat, whose debt is paid first. By the program it is
    /// held for alone. Never paused.
    pub fn capture(ctx: Context<Capture>, amount: u64, to_seat: u16) -> Result<()> {
        door::capture(ctx, amount, to_seat)
    }

    /// Gives all of a hold back to its seat once the notice period of the retired program is over; debt is paid
    /// first. Anyone may; does nothing if nothing is held. Never paused.
    pub fn take_back(ctx: Context<HeldMoney>) -> Result<()> {
        door::take_back(ctx)
    }

    /// Closes an empty hold. Anyone may; the rent goes to the owner whom it came from.
    pub fn close_hold(ctx: Context<CloseHold>) -> Result<()> {
        door::close_hold(ctx)
    }

    /// Gives the market an end: no page that starts at `ends_at` (unix seconds, a page's start) or later is opened. By the
    /// authority, behind the pages that are open and the notice period.
    pub fn end_market(ctx: Context<EndMarket>, ends_at: i64) -> Result<()> {
        setup::end_market(ctx, ends_at)
    }

    /// Lets another market settle the meters, once this one has ended. Anyone may.
    pub fn release_meter_table(ctx: Context<ReleaseMeterTable>) -> Result<()> {
        setup::release_meter_table(ctx)
    }

    /// Sends what a seat has to a token account of its owner, once the market has ended; all debts and claims that can be
    /// paid are paid first. Anyone may.
    pub fn pay_out(ctx: Context<PayOut>, seat: u16) -> Result<()> {
        ledger::pay_out(ctx, seat)
    }

    /// Closes an idle slot of the book ring once the market has ended; the rent goes to the authority.
    pub fn close_book(ctx: Context<CloseBook>) -> Result<()> {
        setup::close_book(ctx)
    }

    /// Closes a slot of the page ring once the market has ended; the rent goes to the authority.
    pub fn close_page(ctx: Context<ClosePage>) -> Result<()> {
        setup::close_page(ctx)
    }

    /// Closes the history once no book and no page is left; the rent goes to the authority.
    pub fn close_history(ctx: Context<CloseHistory>) -> Result<()> {
        setup::close_history(ctx)
    }

    /// Closes the account of standing orders once no book and no page is left; the rent goes to the authority.
    pub fn close_standing_orders(ctx: Context<CloseStandingOrders>) -> Result<()> {
        standing::close_standing_orders(ctx)
    }

    /// Closes the empty ledger once no book and no page is left; the rent goes to the authority.
    pub fn close_ledger(ctx: Context<CloseLedger>) -> Result<()> {
        setup::close_ledger(ctx)
    }

    /// Closes the market and its empty vault; the rent goes to the authority.
    pub fn close_market(ctx: Context<CloseMarket>) -> Result<()> {
        setup::close_market(ctx)
    }
}
