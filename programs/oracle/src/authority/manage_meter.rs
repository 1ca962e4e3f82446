use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::registry::Roles;

use joulebook_units::{Seconds, UnixTime};

use crate::{
    errors::OracleError,
    state::{Community, MeterTable, Participant},
};

/// What the authority or a verifier changes in a meter.
#[accounts]
pub struct ManageMeter<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the VERIFIER role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(constraint = access::permits(&community, &actor, &acting, Roles::VERIFIER)? @ OracleError::NotPermitted)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
}

/// The last interval boundary that is not after the Clock.
///
/// # Errors
/// [`OracleError::Overflow`] for a Clock no chain shows.
pub fn last_boundary(length: Seconds) -> Result<UnixTime> {
    let now = UnixTime(Clock::get()?.unix_timestamp);
    Ok(now.boundary(length).ok_or(OracleError::Overflow)?)
}
