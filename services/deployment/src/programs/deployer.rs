use joulebook_cluster::{Cluster, Outgoing, SendError};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_loader_v3_interface::{instruction as loader, state::UpgradeableLoaderState};
use solana_sdk_ids::{bpf_loader_upgradeable, system_program};
use solana_signer::Signer;
use solana_system_interface::instruction as system;

use super::{Program, ProgramError, ProgramStatus};

/// Who signs for programs.
#[derive(Clone, Copy)]
pub struct Deployer<'a> {
    pub cluster: &'a Cluster,
    pub payer: &'a Keypair,
    pub authority: &'a Keypair,
}

impl Deployer<'_> {
    /// Deploys a program that is missing, upgrades another one, and leaves the same alone. `key` is that of its address, for the
    /// first time.
    ///
    /// # Errors
    /// [`ProgramError`]; what was written stays in the buffer, and a second call goes on.
    pub async fn bring(
        &self,
        program: &Program,
        key: Option<&Keypair>,
        announce: impl Fn(&str),
    ) -> Result<(), ProgramError> {
        let name = program.name;
        match program.status(self.cluster).await? {
            ProgramStatus::Same { .. } => Ok(()),
            ProgramStatus::Missing => {
                let address = program.address;
                let key = key.ok_or(ProgramError::NoKey { name, address })?;
                if key.pubkey() != address {
                    return Err(ProgramError::OtherKey {
                        name,
                        expected: address,
                        found: key.pubkey(),
                    });
                }
                self.write(program, &announce).await?;
                announce(&format!("{name}: deploying"));
                self.deploy(program, key).await
            }
            ProgramStatus::Other { room, authority } => {
                let own = self.authority.pubkey();
                if authority != Some(own) {
                    let authority = authority
                        .map_or_else(|| "nobody".to_owned(), |authority| authority.to_string());
                    return Err(ProgramError::OtherAuthority { name, authority });
                }
                self.write(program, &announce).await?;
                self.upgrade(program, room, &announce).await
            }
        }
    }

    /// Gives the right to upgrade to somebody else, a multisignature say, who need not sign. It can't be taken back.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn hand_over(&self, program: &Program, to: &Address) -> Result<(), ProgramError> {
        let own = self.authority.pubkey();
        let hand = loader::set_upgrade_authority(&program.address, &own, Some(to));
        self.send("handing over the program", &[hand], &[self.authority])
            .await
    }

    /// Whether an address can sign at all, as far as one can tell: accounts of programs can't.
    ///
    /// # Errors
    /// [`ProgramError::NoSigner`].
    pub async fn check_signer(&self, to: &Address) -> Result<(), ProgramError> {
        let account = self.cluster.account(*to).await?;
        match account.filter(|account| account.owner != system_program::ID) {
            None => Ok(()),
            Some(account) => Err(ProgramError::NoSigner {
                to: *to,
                owner: account.owner,
            }),
        }
    }

    /// Whether an address can hold programs for good, as far as one can tell: it can sign, and somebody has used it. A mistyped
    /// one nobody has.
    ///
    /// # Errors
    /// [`ProgramError::NoHolder`], [`ProgramError::NoSigner`].
    pub async fn check_holder(&self, to: &Address) -> Result<(), ProgramError> {
        if self.cluster.account(*to).await?.is_none() {
            return Err(ProgramError::NoHolder(*to));
        }
        self.check_signer(to).await
    }

    /// Gives a program's account room for its code, if it has less.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn make_room(
        &self,
        program: &Program,
        room: usize,
        announce: impl Fn(&str),
    ) -> Result<(), ProgramError> {
        let more = program.growth(room);
        if more == 0 {
            return Ok(());
        }
        announce(&format!(
            "{}: making room for {more} bytes more",
            program.name
        ));
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        let payer = self.payer.pubkey();
        let extend = loader::extend_program(&program.address, Some(&payer), more);
        self.send("making room", &[extend], &[]).await
    }

    /// Anyone can have sent lamports to the address, and an account that has some can't be created: it is made step by step.
    async fn deploy(&self, program: &Program, key: &Keypair) -> Result<(), ProgramError> {
        let payer = self.payer.pubkey();
        let len = UpgradeableLoaderState::size_of_program();
        let rent = self.cluster.rent(len).await?;
        let lacking = rent.saturating_sub(self.cluster.balance(program.address).await?);
        let mut all = vec![
            system::transfer(&payer, &program.address, lacking),
            system::allocate(&program.address, len as u64),
            system::assign(&program.address, &bpf_loader_upgradeable::ID),
        ];
        let deploy = loader::deploy_with_max_program_len(
            &payer,
            &program.address,
            &program.buffer(&payer),
            &self.authority.pubkey(),
            rent,
            program.code.len(),
            true,
        );
        // The first of the two creates the account.
        all.extend(deploy.unwrap_or_default().pop());
        self.send("deploying", &all, &[key, self.authority]).await
    }

    async fn upgrade(
        &self,
        program: &Program,
        room: usize,
        announce: impl Fn(&str),
    ) -> Result<(), ProgramError> {
        let (name, payer) = (program.name, self.payer.pubkey());
        self.make_room(program, room, &announce).await?;
        announce(&format!("{name}: upgrading"));
        let buffer = program.buffer(&payer);
        let authority = self.authority.pubkey();
        let upgrade = loader::upgrade(&program.address, &buffer, &authority, &payer, true);
        self.send("upgrading", &[upgrade], &[self.authority]).await
    }

    pub(super) async fn send(
        &self,
        what: &str,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<(), ProgramError> {
        let outgoing = Outgoing {
            instructions,
            payer: self.payer,
            signers,
        };
        let result = self.cluster.send(outgoing).await;
        result.map(|_| ()).map_err(|error| sent(what, error))
    }
}

pub(super) fn sent(what: &str, error: SendError) -> ProgramError {
    ProgramError::Send {
        what: what.to_owned(),
        error: Box::new(error),
    }
}
