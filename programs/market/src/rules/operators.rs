use anchor_lang::prelude::*;
use joulebook_layout::{
    registry::{Participant, Roles},
    Address,
};

use crate::errors::MarketError;

/// The seat of a participant who is to be supplier or grid operator, of so many seats. Who trades must not be able to pause the
/// trade of others.
///
/// # Errors
/// [`MarketError::OperatorSeatInvalid`].
pub fn operator_seat(participant: &Participant, community: Address, seats: u16) -> Result<u16> {
    let fits = participant.community == community
        && participant.is_active()
        && !participant.roles().intersects(Roles::EMERGENCY)
        && participant.index < seats;
    require!(fits, MarketError::OperatorSeatInvalid);
    Ok(participant.index)
}
