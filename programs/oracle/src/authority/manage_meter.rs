use anchor_lang::prelude::*;
use joulebook_common::{access, Addressed};
use joulebook_layout::registry::Roles;

use joulebook_units::{Seconds, UnixTime};

use crate::{
    errors::OracleError,
    state::{Community, MeterTable, Participant},
};

/// What the authority or a participant with a role changes in a meter.
#[derive(Accounts)]
pub struct ManageMeter<'info> {
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    pub actor: Signer<'info>,
    /// The actor's own record, with the role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
}

impl ManageMeter<'_> {
    /// # Errors
    /// [`OracleError::NotPermitted`] unless the actor is the authority or has one of `roles`.
    pub fn authorize(&self, roles: Roles) -> Result<()> {
        require!(
            access::permits(&self.community, &self.actor, &self.acting, roles)?,
            OracleError::NotPermitted
        );
        Ok(())
    }
}

/// The last interval boundary that is not after the Clock.
///
/// # Errors
/// [`OracleError::Overflow`] for a Clock no chain shows.
pub fn last_boundary(length: Seconds) -> Result<UnixTime> {
    let now = UnixTime(Clock::get()?.unix_timestamp);
    Ok(now.boundary(length).ok_or(OracleError::Overflow)?)
}
