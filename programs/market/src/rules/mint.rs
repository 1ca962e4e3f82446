use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::{
    extension::{BaseStateWithExtensions, ExtensionType, StateWithExtensions},
    state::Mint as MintState,
};

use crate::errors::MarketError;

/// Extensions that show something or take a fee on the way are fine; any that lets someone else move,
/// freeze or refuse the vault's tokens is not, and neither is one that this program has not heard of. A mint that can be
/// closed is not either: while its supply is 0 it could come back at its address with any extension.
pub fn validate_mint(mint: &AccountInfo) -> Result<()> {
    if *mint.owner == anchor_spl::token::ID {
        return Ok(());
    }
    let data = mint.try_borrow_data()?;
    let state = StateWithExtensions::<MintState>::unpack(&data)?;
    let harmless = |extension: &ExtensionType| {
        matches!(
            extension,
            ExtensionType::TransferFeeConfig
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
