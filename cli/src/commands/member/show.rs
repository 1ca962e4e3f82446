use clap::Args;
use joulebook_client::layout::registry::ParticipantStatus;
use joulebook_operations::{
    meters::{rows, status_of},
    roles_of, OperationError,
};
use solana_address::Address;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output,
};

/// Show how you stand: status, roles, seat and money, delegate, meters.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member show --config operations.toml")]
pub struct ShowArgs {}

pub async fn run(access: &Access, _: &ShowArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Participant).await?;
    let wallet = session.wallet();
    let record = session.participant(&wallet).await.map_err(told)?;
    let Some(record) = record else {
        return output::line(&format!("{wallet} has not applied."));
    };
    let status = match ParticipantStatus::from_byte(record.status) {
        Some(ParticipantStatus::Applied) => "waits for approval",
        Some(ParticipantStatus::Active) => "is a participant",
        Some(ParticipantStatus::Suspended) => "is suspended",
        Some(ParticipantStatus::Left) => "has left",
        Some(ParticipantStatus::Closed) | None => "is unknown",
    };
    output::line(&format!("{wallet} {status}."))?;
    output::line(&format!("roles      {}", roles_of(record.roles).join(", ")))?;
    match session.seat_of(&wallet).await {
        Ok((number, seat)) => {
            let delegate = Address::from(seat.delegate.0);
            let delegate = match delegate == Address::default() {
                true => "nobody".to_owned(),
                false => delegate.to_string(),
            };
            output::line(&format!("seat       {number}"))?;
            output::line(&format!("free       {} tokens", session.tokens(seat.free)))?;
            output::line(&format!("locked     {}", session.tokens(seat.locked)))?;
            output::line(&format!("held       {}", session.tokens(seat.held)))?;
            output::line(&format!("debt       {}", session.tokens(seat.debt())))?;
            output::line(&format!("claim      {}", session.tokens(seat.claim())))?;
            output::line(&format!("delegate   {delegate}"))?;
        }
        Err(OperationError::NoSeat(_)) => output::line("seat       none")?,
        Err(error) => return Err(told(error)),
    }
    let records = session.meter_records().await.map_err(told)?;
    let own =
        rows(&records).filter(|(_, meter)| record.has_index() && meter.participant == record.index);
    for (number, meter) in own {
        output::line(&format!(
            "meter      {number}, {}, {} W drawn and {} W fed in at most",
            status_of(meter),
            meter.max_import,
            meter.max_export
        ))?;
    }
    Ok(())
}
