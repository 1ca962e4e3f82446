use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::{
    oracle::Meter,
    registry::{self, Roles},
};

use crate::{
    errors::OracleError,
    state::{Community, MeterTable, Participant},
};

/// What the authority or a verifier changes in a meter, and its owner agrees to if it can cost something.
#[accounts]
pub struct ManageOwnedMeter<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the VERIFIER role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(constraint = access::permits(&community, &actor, &acting, Roles::VERIFIER)? @ OracleError::NotPermitted)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    /// The participant the meter belongs to.
    #[account(constraint = owner.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub owner: AccountLoader<'info, Participant>,
    /// The owner's; left out where it need not agree.
    #[account(constraint = owner.load()?.wallet == owner_wallet.address() @ OracleError::OwnerMustSign)]
    pub owner_wallet: Option<Signer<'info>>,
}

impl ManageOwnedMeter<'_> {
    /// # Errors
    /// [`OracleError::WrongOwner`] if the meter is another participant's; [`OracleError::OwnerMustSign`] if its owner
    /// must agree, and has not signed.
    pub fn check_owner(&self, meter: &Meter, must_agree: bool) -> Result<()> {
        check_owner(&*self.owner.load()?, meter)?;
        match &self.owner_wallet {
            Some(owner) if must_agree => require_two(&self.actor, owner),
            None if must_agree => Err(OracleError::OwnerMustSign.into()),
            _ => Ok(()),
        }
    }

    /// Where the owner need not agree, it may not act either: neither a verifier nor the authority says anything of a meter of
    /// its own.
    ///
    /// # Errors
    /// [`OracleError::OwnMeter`] if the meter's owner acts itself.
    pub fn require_other_actor(&self) -> Result<()> {
        let owner = self.owner.load()?.wallet;
        require!(owner != self.actor.address(), OracleError::OwnMeter);
        Ok(())
    }

    /// Whether the community's authority acts, not a verifier.
    ///
    /// # Errors
    /// That of loading the community.
    pub fn is_by_authority(&self) -> Result<bool> {
        Ok(self.community.load()?.authority == self.actor.address())
    }
}

/// Where an owner must agree, somebody else must have verified: nobody vouches for its own meter.
///
/// # Errors
/// [`OracleError::OwnMeter`].
pub fn require_two(actor: &Signer, owner: &Signer) -> Result<()> {
    require!(actor.key() != owner.key(), OracleError::OwnMeter);
    Ok(())
}

/// # Errors
/// [`OracleError::WrongOwner`] if the meter is another participant's.
pub fn check_owner(owner: &registry::Participant, meter: &Meter) -> Result<()> {
    require!(owner.index == meter.participant, OracleError::WrongOwner);
    Ok(())
}
