use clap::Args;
use joulebook_client::{instructions::Application, layout::registry::Preferences};
use joulebook_operations::roles_from;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
};

/// Apply to be let into the community; also to come back to it.
///
/// Locks the rent of an account, which comes back if the application is turned down or taken back. Nothing personal goes on chain.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook member apply --roles consumer,producer --config operations.toml")]
pub struct ApplyArgs {
    /// What you want to be: consumer, producer, storage, gateway …
    #[arg(long, value_name = "ROLE", value_delimiter = ',', required = true)]
    roles: Vec<String>,
    /// Number of your zone
    #[arg(long, default_value_t = 0)]
    zone: u8,
    /// Number of your balancing group; 0 for none
    #[arg(long, default_value_t = 0)]
    balancing_group: u16,
    /// SHA-256 of your identity check's record, 64 hexadecimal digits
    #[arg(long, value_name = "HASH", value_parser = hash)]
    identity_hash: Option<[u8; 32]>,
}

fn hash(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "write 64 hexadecimal digits".to_owned();
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(place * 2..place * 2 + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(bytes)
}

pub async fn run(access: &Access, args: &ApplyArgs) -> Result<(), CommandError> {
    let application = Application {
        roles: roles_from(&args.roles).map_err(CommandError::input)?,
        zone: args.zone,
        balancing_group: args.balancing_group,
        identity_hash: args.identity_hash.unwrap_or_default(),
        preferences: Preferences {
            local_premium: 0,
            sources: 0,
            reserved: 0,
        },
    };
    let session = access.open(Role::Participant).await?;
    let plan = session.apply(application).await.map_err(told)?;
    access.carry_out(&session, &[plan]).await
}
