use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::registry::{limits::MAX_ZONES, seeds, Zone};

use crate::name::padded;
use crate::{errors::RegistryError, events::CommunityCreated, state::Community};

const SPL_TOKEN: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const TOKEN_2022: Pubkey = pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

#[accounts]
#[instruction(id: u64)]
pub struct CreateCommunity<'info> {
    /// Pays the rent, and is the first authority.
    #[account(mut)]
    pub founder: Signer<'info>,
    #[account(
        init,
        payer = founder,
        space = Community::LEN,
        seeds = [seeds::COMMUNITY, founder.key().as_ref(), &id.to_le_bytes()],
        bump,
    )]
    pub community: AccountLoader<'info, Community>,
    /// CHECK: must be a mint of a token program; the market reads the rest of it.
    #[account(constraint = is_mint(&quote_mint)? @ RegistryError::QuoteMintInvalid)]
    pub quote_mint: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn create_community(
    ctx: Context<CreateCommunity>,
    id: u64,
    name: impl Into<String>,
    zones: Vec<impl Into<String>>,
) -> Result<()> {
    let name = name.into();
    require!(
        (1..=usize::from(MAX_ZONES)).contains(&zones.len()),
        RegistryError::ZoneCountInvalid
    );
    let authority = ctx.accounts.founder.key();
    let quote_mint = ctx.accounts.quote_mint.key();
    let mut community = ctx.accounts.community.load_init()?;
    community.authority = ctx.accounts.founder.address();
    community.founder = ctx.accounts.founder.address();
    community.quote_mint = ctx.accounts.quote_mint.address();
    community.id = id;
    community.name = padded(&name)?;
    community.zone_count =
        u8::try_from(zones.len()).map_err(|_| RegistryError::ZoneCountInvalid)?;
    for (zone, name) in community.zones.iter_mut().zip(zones) {
        *zone = Zone {
            name: padded(&name.into())?,
        };
    }
    community.version = Community::VERSION;
    community.bump = ctx.bumps.community;
    emit_numbered!(
        &mut community,
        CommunityCreated {
            community: ctx.accounts.community.key(),
            authority,
            quote_mint,
            id,
            name,
        }
    );
    Ok(())
}

/// By the layout that both token programs share: a mint has 82 bytes or, with extensions, its kind
/// behind the length of a token account; 355 bytes is a multisig.
fn is_mint(account: &AccountInfo) -> Result<bool> {
    const MINT_LEN: usize = 82;
    const INITIALIZED_AT: usize = 45;
    const KIND_AT: usize = 165;
    const KIND_MINT: u8 = 1;
    const MULTISIG_LEN: usize = 355;

    let data = account.try_borrow_data()?;
    let of_token_program = *account.owner == SPL_TOKEN || *account.owner == TOKEN_2022;
    let extended = data.get(KIND_AT) == Some(&KIND_MINT) && data.len() != MULTISIG_LEN;
    Ok(of_token_program
        && (data.len() == MINT_LEN || extended)
        && data.get(INITIALIZED_AT) == Some(&1))
}
