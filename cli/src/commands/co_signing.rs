//! Changes that two have to sign: with both keys here, or through a file.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;
use joulebook_daemon::key;
use joulebook_operations::{CoSignatureFile, CoSigned, Session};

use super::access::{told, Access};
use crate::{command_error::CommandError, output, paragraph};

#[derive(Clone, Debug, Args)]
pub struct CoSigning {
    /// Write what you signed into this new file, for the other to sign
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Keypair file of whoever has to agree, if it is on this machine
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    second_key: Option<PathBuf>,
}

impl CoSigning {
    pub async fn carry_out(
        &self,
        access: &Access,
        session: &Session,
        change: &CoSigned,
    ) -> Result<(), CommandError> {
        let surroundings = session.surroundings().await.map_err(told)?;
        for line in change.words(&surroundings) {
            output::line(&paragraph::fill(&line))?;
        }
        if let Some(path) = &self.second_key {
            let second = key::read_file(path).map_err(CommandError::input)?;
            let plan = session.together(change, &second).await.map_err(told)?;
            access.confirm("Both sign it now.")?;
            return access.carry_out_with(session, &plan, &[&second]).await;
        }
        let Some(path) = &self.file else {
            let alone = session.alone(change).await.map_err(told)?;
            let plan = alone.ok_or_else(|| {
                CommandError::Input(anyhow!(
                    "{} has to agree; pass --file FILE for it to sign, or --second-key FILE if its key is here",
                    change.agreeing()
                ))
            })?;
            access.confirm("You sign it now.")?;
            return access.carry_out(session, &[plan]).await;
        };
        if path.exists() {
            return Err(CommandError::Input(anyhow!(
                "{} is there already; name a new file",
                path.display()
            )));
        }
        session.try_out(change).await.map_err(told)?;
        access.confirm("You sign it now, for the other to sign, too.")?;
        let (nonce, address) = session.new_nonce().await.map_err(told)?;
        access
            .carry_out(session, std::slice::from_ref(&nonce))
            .await?;
        if access.dry_run {
            return Ok(());
        }
        let transaction = session.ask_for(change, address).await.map_err(told)?;
        let file = CoSignatureFile::new(&session.genesis, &session.addresses.market, &transaction);
        file.and_then(|file| file.write(path))
            .map_err(CommandError::input)?;
        output::line(&paragraph::fill(&format!(
            "{} is for {}: it holds until that one signs it (joulebook member sign), or until you close the nonce account \
             (joulebook admin nonces --close), which also gives you its rent back.",
            path.display(),
            change.agreeing()
        )))
    }
}
