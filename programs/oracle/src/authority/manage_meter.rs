use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::registry::Roles;

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
