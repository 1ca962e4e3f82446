//! A deployment from its configuration to what stands on the cluster.

use std::path::{Path, PathBuf};

use joulebook_client::{addresses::Rings, Addresses};
use joulebook_cluster::{AmountError, Cluster, ClusterError};
use joulebook_daemon::key::{self, KeyError};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_loader_v3_interface::state::UpgradeableLoaderState;
use solana_signer::Signer;

use crate::{
    founding::{Founding, FoundingError, Item, Operator},
    programs::{Deployer, Leftover, Program, ProgramError, ProgramStatus},
    Configuration, ProgramRecord, Record,
};

/// Everything that a deployment stands on.
pub struct Deployment {
    pub cluster: Cluster,
    pub configuration: Configuration,
    pub programs: Vec<Program>,
    genesis: [u8; 32],
    payer: Keypair,
    authority: Keypair,
    supplier: Option<Keypair>,
    grid_operator: Option<Keypair>,
}

#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Amount(#[from] AmountError),
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error(transparent)]
    Founding(#[from] FoundingError),
    #[error("{key}: {text} is no address; 32 bytes in base58 are expected")]
    NoAddress { key: &'static str, text: String },
    #[error(
        "{0}: neither its key nor its wallet is given; name one of the two in the configuration"
    )]
    NoOperator(&'static str),
    #[error("the configuration contradicts itself: {}", .0.join("; "))]
    Contradictory(Vec<String>),
    #[error("token.mint: {0} is no mint on this cluster")]
    NoMint(Address),
}

/// What a program costs, and how it stands.
#[derive(Clone, Debug)]
pub struct ProgramItem {
    pub name: &'static str,
    pub address: Address,
    pub bytes: usize,
    pub status: ProgramStatus,
    /// Rent of the account with its code, lamports.
    pub rent: u64,
    /// Rent of the account at its address, lamports.
    pub head: u64,
    /// Transactions that write its code.
    pub pieces: usize,
    /// Rent of a buffer for its code, lamports.
    pub buffer: u64,
    /// Rent of the room that its account lacks, lamports.
    pub growth: u64,
}

impl Deployment {
    /// Reads keys and programs, and asks the cluster who it is.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn open(configuration: Configuration) -> Result<Deployment, DeploymentError> {
        let contradictions = configuration.contradictions();
        if !contradictions.is_empty() {
            return Err(DeploymentError::Contradictory(contradictions));
        }
        let cluster = Cluster::new(configuration.cluster.clone())?;
        let keys = &configuration.keys;
        let optional = |source: &Option<key::KeySource>| -> Result<Option<Keypair>, KeyError> {
            source.as_ref().map(key::KeySource::read).transpose()
        };
        Ok(Deployment {
            genesis: cluster.genesis_hash().await?.to_bytes(),
            programs: Program::all(&configuration.programs.folder)?,
            payer: keys.payer.read()?,
            authority: keys.authority.read()?,
            supplier: optional(&keys.supplier)?,
            grid_operator: optional(&keys.grid_operator)?,
            cluster,
            configuration,
        })
    }

    pub fn payer(&self) -> Address {
        self.payer.pubkey()
    }

    pub fn authority(&self) -> Address {
        self.authority.pubkey()
    }

    /// The buffers that programs would be deployed from.
    pub fn buffers_in_use(&self, items: &[ProgramItem]) -> Vec<Address> {
        let is_same = |name: &str| {
            let mut items = items.iter().filter(|item| item.name == name);
            items.any(|item| matches!(item.status, ProgramStatus::Same { .. }))
        };
        let programs = self.programs.iter();
        let wanted = programs.filter(|program| !is_same(program.name));
        wanted
            .map(|program| program.buffer(&self.payer()))
            .collect()
    }

    /// How the programs stand.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn survey_programs(&self) -> Result<Vec<ProgramItem>, DeploymentError> {
        let mut items = vec![];
        let head = UpgradeableLoaderState::size_of_program();
        let head = self.cluster.rent(head).await?;
        for program in &self.programs {
            let status = program.status(&self.cluster).await?;
            let rent = self.cluster.rent(program.account_len()).await?;
            let growth = match &status {
                ProgramStatus::Other { room, .. } if program.growth(*room) > 0 => {
                    let grown = room.saturating_add(program.growth(*room));
                    let [before, then] =
                        [*room, grown].map(UpgradeableLoaderState::size_of_programdata);
                    let then = self.cluster.rent(then).await?;
                    then.saturating_sub(self.cluster.rent(before).await?)
                }
                _ => 0,
            };
            let buffer = UpgradeableLoaderState::size_of_buffer(program.code.len());
            items.push(ProgramItem {
                name: program.name,
                address: program.address,
                bytes: program.code.len(),
                status,
                rent,
                head,
                pieces: program.pieces(),
                buffer: self.cluster.rent(buffer).await?,
                growth,
            });
        }
        Ok(items)
    }

    /// Buffers of the authority that nobody deployed from, each with the rent that it locks.
    ///
    /// # Errors
    /// [`DeploymentError`]; not every endpoint answers this.
    pub async fn leftovers(&self) -> Result<Vec<Leftover>, DeploymentError> {
        Ok(self.deployer().leftovers().await?)
    }

    /// Closes these buffers; their rent goes to the payer.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn close(&self, leftovers: &[Leftover]) -> Result<(), DeploymentError> {
        for leftover in leftovers {
            self.deployer().close(leftover).await?;
        }
        Ok(())
    }

    /// Brings the programs to what was built.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn bring_programs(&self, announce: impl Fn(&str)) -> Result<(), DeploymentError> {
        let keys = self.configuration.programs.keys.as_deref();
        for program in &self.programs {
            let key = keys
                .map(|folder| program_key(folder, program))
                .transpose()?
                .flatten();
            self.deployer()
                .bring(program, key.as_ref(), &announce)
                .await?;
        }
        Ok(())
    }

    /// Writes each program that is another one into a buffer of its own, which belongs to `authority` then: it upgrades from
    /// there. The buffers, by name.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn write_buffers(
        &self,
        authority: Address,
        announce: impl Fn(&str),
    ) -> Result<Vec<(&'static str, Address)>, DeploymentError> {
        let deployer = self.deployer();
        deployer.check_signer(&authority).await?;
        let mut buffers = vec![];
        for program in &self.programs {
            match program.status(&self.cluster).await? {
                ProgramStatus::Same { .. } => continue,
                ProgramStatus::Other { room, .. } => {
                    deployer.make_room(program, room, &announce).await?;
                }
                ProgramStatus::Missing => {}
            }
            let given = deployer.owner_of_whole_buffer(program).await? == Some(authority);
            let buffer = match given {
                true => program.buffer(&self.payer()),
                false => {
                    let buffer = deployer.write(program, &announce).await?;
                    deployer.give_buffer(buffer, &authority).await?;
                    buffer
                }
            };
            buffers.push((program.name, buffer));
        }
        Ok(buffers)
    }

    /// Whether the right to upgrade may go to `authority`, as far as one can tell.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn check_holder(&self, authority: &Address) -> Result<(), DeploymentError> {
        Ok(self.deployer().check_holder(authority).await?)
    }

    /// Gives the right to upgrade the programs to `authority`. It can't be taken back.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn hand_over(&self, authority: &Address) -> Result<(), DeploymentError> {
        let deployer = self.deployer();
        deployer.check_holder(authority).await?;
        let mut present = vec![];
        for program in &self.programs {
            match program.status(&self.cluster).await? {
                ProgramStatus::Same { authority } => present.push((program, authority)),
                _ => return Err(ProgramError::NotTheSame { name: program.name }.into()),
            }
        }
        for (program, present) in present {
            if present != Some(*authority) {
                deployer.hand_over(program, authority).await?;
            }
        }
        Ok(())
    }

    /// How community and market stand.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn survey(&self) -> Result<Vec<Item>, DeploymentError> {
        Ok(self.founding().await?.survey().await?)
    }

    /// Creates what of community and market is missing.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn found(&self, announce: impl Fn(&str)) -> Result<(), DeploymentError> {
        Ok(self.founding().await?.found(announce).await?)
    }

    /// What stands there, to be kept.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub async fn record(&self) -> Result<Record, DeploymentError> {
        let addresses = self.founding().await?.addresses;
        Ok(Record {
            version: 1,
            deployed_at: Record::now(),
            genesis_hash: Address::from(self.genesis).to_string(),
            programs: self.programs.iter().map(ProgramRecord::of).collect(),
            authority: self.authority.pubkey().to_string(),
            community: addresses.community.to_string(),
            market: addresses.market.to_string(),
            meter_table: addresses.meter_table.to_string(),
            mint: addresses.quote_mint.to_string(),
        })
    }

    fn deployer(&self) -> Deployer<'_> {
        Deployer {
            cluster: &self.cluster,
            payer: &self.payer,
            authority: &self.authority,
        }
    }

    async fn founding(&self) -> Result<Founding<'_>, DeploymentError> {
        let Configuration {
            community,
            token,
            market,
            ..
        } = &self.configuration;
        let mint = address("token.mint", &token.mint)?;
        let token = self.cluster.mint(mint).await?;
        let token = token.ok_or(DeploymentError::NoMint(mint))?;
        let authority = self.authority.pubkey();
        let rings = Rings {
            market: market.number,
            window_seconds: market.window_seconds(),
            page_windows: market.windows_per_page,
            books: market.books(),
            pages: market.pages(),
        };
        let founded = Addresses::community_of(&authority, community.id);
        Ok(Founding {
            cluster: &self.cluster,
            addresses: Addresses::new(founded, mint, token.program, rings),
            id: community.id,
            name: community.name.clone(),
            zones: community.zones.clone(),
            meter_table: market.meter_table(self.genesis),
            market: market.create_market(token.decimals)?,
            standing_orders: market.standing_orders,
            decimals: token.decimals,
            payer: &self.payer,
            authority: &self.authority,
            supplier: operator("supplier", &self.supplier, &community.supplier)?,
            grid_operator: operator(
                "grid-operator",
                &self.grid_operator,
                &community.grid_operator,
            )?,
        })
    }
}

fn operator<'a>(
    name: &'static str,
    key: &'a Option<Keypair>,
    wallet: &Option<String>,
) -> Result<Operator<'a>, DeploymentError> {
    match (key, wallet) {
        (Some(key), _) => Ok(key.into()),
        (None, Some(wallet)) => Ok(Operator {
            wallet: address(name, wallet)?,
            key: None,
        }),
        (None, None) => Err(DeploymentError::NoOperator(name)),
    }
}

fn address(key: &'static str, text: &str) -> Result<Address, DeploymentError> {
    text.parse().map_err(|_| DeploymentError::NoAddress {
        key,
        text: text.into(),
    })
}

/// The keypair of a program's address, if the folder has it.
fn program_key(folder: &Path, program: &Program) -> Result<Option<Keypair>, KeyError> {
    let path: PathBuf = folder.join(program.name).with_extension("json");
    path.exists().then(|| key::read_file(&path)).transpose()
}
