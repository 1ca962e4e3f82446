//! Accounts that several instructions share.

use anchor_lang::prelude::*;
use registry::{
    access,
    state::{Community, Participant, Roles},
};

use crate::{
    errors::OracleError,
    state::{Meter, MeterStatus, MeterTable, MeterTableView},
};

/// What the authority or a participant with a role changes in a meter.
#[derive(Accounts)]
pub struct ManageMeter<'info> {
    pub community: AccountLoader<'info, Community>,
    #[account(mut, has_one = community @ OracleError::WrongCommunity)]
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

/// A meter that is not retired.
///
/// # Errors
/// [`OracleError::MeterUnknown`] or [`OracleError::MeterRetired`].
pub fn meter_in_use<'a>(table: &'a mut MeterTableView, number: u32) -> Result<&'a mut Meter> {
    let meter = table.meter_mut(number).ok_or(OracleError::MeterUnknown)?;
    require!(!meter.is(MeterStatus::Retired), OracleError::MeterRetired);
    Ok(meter)
}
