use anchor_lang::prelude::*;
use registry::state::Community;

use crate::{errors::MarketError, state::Market};

/// # Errors
/// [`MarketError::OtherCommunity`] if the community is not the market's; [`MarketError::NotAuthority`]
/// if `signer` does not govern it.
pub fn require_authority(
    community: &AccountLoader<Community>,
    market: &Market,
    signer: &Signer,
) -> Result<()> {
    require_keys_eq!(
        market.community,
        community.key(),
        MarketError::OtherCommunity
    );
    require_keys_eq!(
        community.load()?.authority,
        signer.key(),
        MarketError::NotAuthority
    );
    Ok(())
}
