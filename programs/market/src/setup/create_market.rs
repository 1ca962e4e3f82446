use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::{
    market::{self, limits::*, seeds, DayTariff, Page},
    oracle::IntervalPage,
};
use joulebook_settlement::tariff::HALF_HOURS_PER_DAY as HALF_HOURS;

use crate::{
    errors::MarketError,
    events::MarketCreated,
    rules::{operator_seat, validate_mint, validate_terms, MarketParams, PriceBounds, Sizes},
    state::{Community, Market, MeterTable, Participant},
};

/// The most that an account can hold, bytes.
pub const MAX_ACCOUNT_LEN: usize = 10 * 1024 * 1024;

#[accounts]
#[instruction(number: u16)]
pub struct CreateMarket<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The other side of every imbalance.
    pub supplier: AccountLoader<'info, Participant>,
    /// Receives the grid fees; may be the supplier too.
    pub grid_operator: AccountLoader<'info, Participant>,
    #[account(
        init,
        payer = authority,
        space = Market::LEN,
        seeds = [seeds::MARKET, community.key().as_ref(), &number.to_le_bytes()],
        bump
    )]
    pub market: AccountLoader<'info, Market>,
    pub quote_mint: InterfaceAccount<'info, Mint>,
    #[account(
        init,
        payer = authority,
        seeds = [seeds::VAULT, market.key().as_ref()],
        bump,
        token::mint = quote_mint,
        token::authority = market,
        token::token_program = token_program
    )]
    pub vault: InterfaceAccount<'info, TokenAccount>,
    pub token_program: Interface<'info, TokenInterface>,
    pub system_program: Program<'info, System>,
}

impl CreateMarket<'_> {
    /// The seats of supplier and grid operator.
    fn validate(&self, params: &MarketParams) -> Result<(u16, u16)> {
        let community = self.community.load()?;
        require!(
            community.quote_mint == self.quote_mint.address(),
            MarketError::WrongMint
        );
        let table = self.meter_table.load()?;
        require!(
            table.community == self.community.address(),
            MarketError::WrongCommunity
        );
        require!(
            table.settlement == self.market.address(),
            MarketError::WrongSettlement
        );
        // Where a closed market had this address, what flowed since would be billed here; naming the settlement anew lets
        // it begin anew.
        require!(
            table.settled_from == IntervalPage::NEVER,
            MarketError::WrongSettlement
        );
        let page_len = market::Page::full_len(table.page_intervals, params.seats);
        require!(page_len <= MAX_ACCOUNT_LEN, MarketError::SizeInvalid);
        validate_mint(&self.quote_mint.to_account_info())?;
        validate_sizes(params)?;
        require!(
            params.window_seconds == table.interval_seconds,
            MarketError::WindowLengthInvalid
        );
        let terms = &params.terms;
        let sizes = Sizes {
            window_seconds: params.window_seconds,
            books: params.books,
            page_windows: table.page_intervals,
            pages: table.ring,
            correction_seconds: table.correction_seconds,
            ticks: params.ticks,
            prices: PriceBounds {
                lowest: params.lowest_price,
                highest: params.highest_price,
                highest_grid_fee: params.highest_grid_fee,
            },
        };
        sizes.prices.validate()?;
        validate_terms(terms, &sizes)?;
        let prices = sizes.prices;
        prices.check(params.tariff.short, params.tariff.long)?;
        Ok((
            self.operator_seat(&self.supplier, params)?,
            self.operator_seat(&self.grid_operator, params)?,
        ))
    }

    fn operator_seat(
        &self,
        participant: &AccountLoader<Participant>,
        params: &MarketParams,
    ) -> Result<u16> {
        operator_seat(
            &*participant.load()?,
            self.community.address(),
            params.seats,
        )
    }
}

fn validate_sizes(params: &MarketParams) -> Result<()> {
    require!(
        (MIN_WINDOW_SECONDS..=MAX_WINDOW_SECONDS).contains(&params.window_seconds),
        MarketError::WindowLengthInvalid
    );
    let sizes = (MIN_BOOKS..=MAX_BOOKS).contains(&params.books)
        && (1..=MAX_SEATS).contains(&params.seats)
        && (1..=MAX_ORDERS).contains(&params.orders)
        && (1..=MAX_TICKS).contains(&params.ticks)
        && (1..=MAX_HISTORY).contains(&params.history)
        && (1..=params.orders).contains(&params.max_orders_per_seat)
        && (0..=params.max_orders_per_seat).contains(&params.room_per_seat)
        && u32::from(params.room_per_seat).saturating_mul(params.seats.into())
            <= params.orders.into();
    require!(sizes, MarketError::SizeInvalid);
    require!(
        params.nodes == NODES && params.rule == RULE_UNIFORM_PRICE,
        MarketError::RuleInvalid
    );
    Ok(())
}

pub fn create_market(ctx: Context<CreateMarket>, number: u16, params: MarketParams) -> Result<()> {
    let accounts = ctx.accounts;
    let (supplier, grid_operator) = accounts.validate(&params)?;
    let (pages, page_windows, correction_seconds) = {
        let table = accounts.meter_table.load()?;
        (table.ring, table.page_intervals, table.correction_seconds)
    };

    let mut market = accounts.market.load_init()?;
    market.community = accounts.community.address();
    market.meter_table = accounts.meter_table.address();
    market.quote_mint = accounts.quote_mint.address();
    market.token_program = accounts.token_program.address();
    market.vault = accounts.vault.address();
    market.terms = *params.terms;
    market.planned_terms = *params.terms;
    market.lowest_price = params.lowest_price;
    market.highest_price = params.highest_price;
    market.highest_grid_fee = params.highest_grid_fee;
    market.notice_seconds = params.notice_seconds;
    market.window_seconds = params.window_seconds;
    market.number = number;
    market.last_page = Page::NEVER;
    market.ends_at = market::Market::ENDLESS;
    market.supplier_margin = params.supplier_margin;
    market.correction_seconds = correction_seconds;
    market.books = params.books;
    market.page_windows = page_windows;
    market.pages = pages;
    market.seats = params.seats;
    market.orders = params.orders;
    market.ticks = params.ticks;
    market.history = params.history;
    market.max_orders_per_seat = params.max_orders_per_seat;
    market.room_per_seat = params.room_per_seat;
    market.first_supplier = supplier;
    market.grid_operator = grid_operator;
    market.nodes = params.nodes;
    market.rule = params.rule;
    market.version = Market::VERSION;
    market.bump = ctx.bumps.market;
    market.vault_bump = ctx.bumps.vault;
    market.tariffs = [DayTariff {
        half_hours: [*params.tariff; HALF_HOURS],
    }; 2];
    market.planned_tariffs = market.tariffs;
    emit_numbered!(
        &mut market,
        MarketCreated {
            market: accounts.market.key(),
            community: accounts.community.key(),
            quote_mint: accounts.quote_mint.key(),
        }
    );
    Ok(())
}
