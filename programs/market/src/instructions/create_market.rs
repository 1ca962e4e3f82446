use anchor_lang::prelude::*;
use anchor_spl::{
    token_2022::spl_token_2022::{
        extension::{BaseStateWithExtensions, ExtensionType, StateWithExtensions},
        state::Mint as MintState,
    },
    token_interface::{Mint, TokenAccount, TokenInterface},
};
use joulebook_metering::tariff::HALF_HOURS_PER_DAY;
use oracle::state::MeterTable;
use registry::state::{Community, Participant};

use crate::{
    errors::MarketError,
    events::MarketCreated,
    seeds,
    state::{DayTariff, Limits, Market, MarketParams},
};

#[derive(Accounts)]
pub struct CreateMarket<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The other side of every deviation.
    pub supplier: AccountLoader<'info, Participant>,
    /// Receives the grid fees; may be the supplier too.
    pub grid_operator: AccountLoader<'info, Participant>,
    #[account(
        init,
        payer = authority,
        space = 8 + size_of::<Market>(),
        seeds = [seeds::MARKET, community.key().as_ref()],
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
        require_keys_eq!(
            community.authority,
            self.authority.key(),
            MarketError::NotAuthority
        );
        require_keys_eq!(
            community.quote_mint,
            self.quote_mint.key(),
            MarketError::OtherMint
        );
        let table = self.meter_table.load()?;
        require_keys_eq!(
            table.community,
            self.community.key(),
            MarketError::OtherCommunity
        );
        require_keys_eq!(
            table.settlement,
            self.market.key(),
            MarketError::NotSettlement
        );
        validate_mint(&self.quote_mint.to_account_info())?;
        validate_sizes(params)?;
        require!(
            params.window_seconds == table.interval_seconds,
            MarketError::WindowLength
        );
        params
            .terms
            .validate(params.window_seconds, params.ring, params.ticks)?;
        let interval_ring = self.meter_table.load()?.ring;
        params
            .terms
            .validate_intervals(params.window_seconds, interval_ring)?;
        params.tariff.validate()?;
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
        let participant = participant.load()?;
        let fits = participant.community == self.community.key()
            && participant.is_active()
            && participant.index < params.seats;
        require!(fits, MarketError::BadOperatorSeat);
        Ok(participant.index)
    }
}

fn validate_sizes(params: &MarketParams) -> Result<()> {
    require!(
        Limits::WINDOW_SECONDS.contains(&params.window_seconds),
        MarketError::WindowLength
    );
    let sizes = Limits::RING.contains(&params.ring)
        && Limits::SEATS.contains(&params.seats)
        && Limits::ORDERS.contains(&params.orders)
        && Limits::TICKS.contains(&params.ticks)
        && Limits::HISTORY.contains(&params.history)
        && (1..=params.orders).contains(&params.max_orders_per_seat);
    require!(sizes, MarketError::Size);
    require!(
        params.nodes == Limits::NODES && params.rule == Market::UNIFORM_PRICE,
        MarketError::UnknownRule
    );
    Ok(())
}

/// Extensions that show something or take a fee on the way are fine; any that lets someone else move,
/// freeze or refuse the vault's tokens is not, and neither is one that this program has not heard of.
fn validate_mint(mint: &AccountInfo) -> Result<()> {
    if *mint.owner == anchor_spl::token::ID {
        return Ok(());
    }
    let data = mint.try_borrow_data()?;
    let state = StateWithExtensions::<MintState>::unpack(&data)?;
    let harmless = |extension: &ExtensionType| {
        matches!(
            extension,
            ExtensionType::TransferFeeConfig
                | ExtensionType::MintCloseAuthority
                | ExtensionType::InterestBearingConfig
                | ExtensionType::ScaledUiAmount
                | ExtensionType::MetadataPointer
                | ExtensionType::TokenMetadata
                | ExtensionType::GroupPointer
                | ExtensionType::TokenGroup
                | ExtensionType::GroupMemberPointer
                | ExtensionType::TokenGroupMember
        )
    };
    require!(
        state.get_extension_types()?.iter().all(harmless),
        MarketError::MintExtension
    );
    Ok(())
}

pub fn create_market(ctx: Context<CreateMarket>, params: MarketParams) -> Result<()> {
    let accounts = ctx.accounts;
    let (supplier, grid_operator) = accounts.validate(&params)?;
    let interval_ring = accounts.meter_table.load()?.ring;

    let mut market = accounts.market.load_init()?;
    market.community = accounts.community.key();
    market.meter_table = accounts.meter_table.key();
    market.quote_mint = accounts.quote_mint.key();
    market.token_program = accounts.token_program.key();
    market.vault = accounts.vault.key();
    market.terms = params.terms;
    market.window_seconds = params.window_seconds;
    market.ring = params.ring;
    market.interval_ring = interval_ring;
    market.seats = params.seats;
    market.orders = params.orders;
    market.ticks = params.ticks;
    market.history = params.history;
    market.max_orders_per_seat = params.max_orders_per_seat;
    market.supplier = supplier;
    market.grid_operator = grid_operator;
    market.nodes = params.nodes;
    market.rule = params.rule;
    market.version = Market::VERSION;
    market.bump = ctx.bumps.market;
    market.vault_bump = ctx.bumps.vault;
    market.tariffs = [DayTariff {
        half_hours: [params.tariff; HALF_HOURS_PER_DAY],
    }; 2];
    emit!(MarketCreated {
        market: accounts.market.key(),
        community: market.community,
        quote_mint: market.quote_mint,
    });
    Ok(())
}
