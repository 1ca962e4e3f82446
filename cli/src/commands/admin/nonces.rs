use clap::Args;
use joulebook_sim::in_sol;

use crate::{
    command_error::CommandError,
    commands::access::{told, Access, Role},
    output,
};

/// List the nonce accounts of files that you made for others to sign, or close one.
///
/// Each file has one, which keeps it from expiring and locks a bit of rent. Close it once the file was signed, or to take the file
/// back: nobody can sign it then.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  joulebook admin nonces --close 0 --config operations.toml")]
pub struct NoncesArgs {
    /// Close that one; its rent comes back
    #[arg(long, value_name = "NUMBER")]
    close: Option<u8>,
    /// Close all of them
    #[arg(long, conflicts_with = "close")]
    close_all: bool,
}

pub async fn run(access: &Access, args: &NoncesArgs) -> Result<(), CommandError> {
    let session = access.open(Role::Authority).await?;
    let open = session.nonces().await.map_err(told)?;
    let closed: Vec<u8> = match args.close {
        Some(number) => vec![number],
        None if args.close_all => open.iter().map(|one| one.number).collect(),
        None => {
            for one in &open {
                output::line(&format!(
                    "{:>2}  {}  {} SOL",
                    one.number,
                    one.nonce.account,
                    in_sol(one.lamports)
                ))?;
            }
            return match open.is_empty() {
                true => output::line("There are none."),
                false => Ok(()),
            };
        }
    };
    for number in closed {
        let (plan, lamports) = session.close_nonce(number).await.map_err(told)?;
        access.carry_out(&session, &[plan]).await?;
        output::line(&format!("  gives {} SOL back", in_sol(lamports)))?;
    }
    Ok(())
}
