use joulebook_client::{
    instructions::Actor,
    layout::{
        account::read_header,
        market::{Market, Seat},
        registry::{Community, Participant, Roles},
        Account as _,
    },
    tables::{LedgerTable, MeterRecords},
    Addresses, REGISTRY_ID,
};
use joulebook_cluster::{AccountFilter, Cluster, Outgoing, SendError};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signature::Signature;
use solana_signer::Signer;

use crate::{Configuration, OperationError};

/// The most participants that a community is looked through for.
const MAX_PARTICIPANTS: usize = 100_000;
/// Where a participant's account says of which community it is.
const COMMUNITY_AT: usize = 8;

/// Somebody at work in one market.
pub struct Session {
    pub cluster: Cluster,
    pub addresses: Addresses,
    /// The chain's genesis hash, which the market's meters were made for.
    pub genesis: Address,
    /// 10^`decimals` atoms are a token.
    pub decimals: u8,
    /// Lamports below which a balance is low.
    pub low_balance: u64,
    /// Wallets whose balance is looked at, by name.
    pub watched: Vec<(String, Address)>,
    pub(crate) key: Keypair,
}

/// What is to be sent as one transaction.
#[derive(Clone, Debug)]
pub struct Plan {
    /// For people.
    pub what: String,
    pub instructions: Vec<Instruction>,
    /// What accounts that it makes lock, lamports.
    pub rent: u64,
}

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// None if it was a dry run.
    pub signature: Option<Signature>,
    /// Of the transaction, lamports.
    pub fee: u64,
    /// Lamports.
    pub rent: u64,
}

impl Plan {
    pub fn new(what: impl Into<String>, instruction: Instruction) -> Plan {
        Plan {
            what: what.into(),
            instructions: vec![instruction],
            rent: 0,
        }
    }
}

impl Session {
    /// Finds the market on its cluster.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn open(configuration: &Configuration) -> Result<Session, OperationError> {
        let market = configuration.market()?;
        let watched = configuration.watched()?;
        let key = configuration.key.read()?;
        let cluster = Cluster::new(configuration.cluster.clone())?;
        let addresses = cluster.market(market).await?;
        let mint = cluster.mint(addresses.quote_mint).await?;
        let mint = mint.ok_or(OperationError::Unreadable("the market's token"))?;
        Ok(Session {
            genesis: cluster.genesis_hash().await?.to_bytes().into(),
            decimals: mint.decimals,
            low_balance: configuration.low_balance,
            watched,
            cluster,
            addresses,
            key,
        })
    }

    pub fn wallet(&self) -> Address {
        self.key.pubkey()
    }

    /// # Errors
    /// [`OperationError`].
    pub async fn community(&self) -> Result<Community, OperationError> {
        let found = self.cluster.account(self.addresses.community).await?;
        let header = found.and_then(|account| read_header(&account.data));
        header.ok_or(OperationError::Unreadable("the community"))
    }

    /// # Errors
    /// [`OperationError`].
    pub async fn market(&self) -> Result<Market, OperationError> {
        let found = self.cluster.account(self.addresses.market).await?;
        let header = found.and_then(|account| read_header(&account.data));
        header.ok_or(OperationError::Unreadable("the market"))
    }

    /// # Errors
    /// [`OperationError`].
    pub async fn ledger(&self) -> Result<LedgerTable, OperationError> {
        let found = self.cluster.account(self.addresses.ledger).await?;
        let table = found.and_then(|account| LedgerTable::from_bytes(&account.data).ok());
        table.ok_or(OperationError::Unreadable("the ledger"))
    }

    /// # Errors
    /// [`OperationError`].
    pub async fn meter_records(&self) -> Result<MeterRecords, OperationError> {
        let found = self.cluster.account(self.addresses.meter_table).await?;
        let table = found.and_then(|account| MeterRecords::from_bytes(&account.data).ok());
        table.ok_or(OperationError::Unreadable("the meter table"))
    }

    /// `None` if the wallet never applied.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn participant(
        &self,
        wallet: &Address,
    ) -> Result<Option<Participant>, OperationError> {
        let address = self.addresses.participant(wallet);
        let found = self.cluster.account(address).await?;
        Ok(found.and_then(|account| Participant::from_bytes(&account.data)))
    }

    /// All participants of the community, those with an index first.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn participants(&self) -> Result<Vec<Participant>, OperationError> {
        let filters = [
            AccountFilter::Bytes {
                offset: 0,
                bytes: Participant::DISCRIMINATOR.to_vec(),
            },
            AccountFilter::Bytes {
                offset: COMMUNITY_AT,
                bytes: self.addresses.community.to_bytes().to_vec(),
            },
        ];
        let found = self
            .cluster
            .program_accounts(REGISTRY_ID, &filters, None, MAX_PARTICIPANTS)
            .await?;
        let read = found
            .iter()
            .filter_map(|(_, account)| Participant::from_bytes(&account.data));
        let mut participants: Vec<Participant> = read.collect();
        participants.sort_by_key(|one| (one.index, one.applied_at, one.wallet.0));
        Ok(participants)
    }

    /// The wallet of the participant with an index.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn owner_of(&self, index: u16) -> Result<Address, OperationError> {
        let participants = self.participants().await?;
        let mut owners = participants.iter().filter(|one| one.index == index);
        let owner = owners.next().map(|one| Address::from(one.wallet.0));
        owner.ok_or(OperationError::NoOwner(index))
    }

    /// The number of a wallet's seat, and the seat.
    ///
    /// # Errors
    /// [`OperationError`]; if it has none.
    pub async fn seat_of(&self, wallet: &Address) -> Result<(u16, Seat), OperationError> {
        let record = self.participant(wallet).await?;
        let record = record.ok_or(OperationError::NoParticipant(*wallet))?;
        let ledger = self.ledger().await?;
        let seat = ledger.seats.get(usize::from(record.index));
        let own = seat.filter(|seat| seat.is_open() && seat.owner.0 == wallet.to_bytes());
        own.map(|seat| (record.index, *seat))
            .ok_or(OperationError::NoSeat(*wallet))
    }

    /// How the one who acts may act: as the authority, or as a participant with one of these roles.
    ///
    /// # Errors
    /// [`OperationError::NotPermitted`].
    pub async fn actor(&self, role: Roles) -> Result<Actor, OperationError> {
        let wallet = self.wallet();
        let community = self.community().await?;
        if community.authority.0 == wallet.to_bytes() {
            return Ok(Actor::authority(wallet));
        }
        let record = self.participant(&wallet).await?;
        match record.filter(|record| record.is_active() && record.roles().intersects(role)) {
            Some(_) => Ok(Actor::participant(&self.addresses, wallet)),
            None => Err(OperationError::NotPermitted { wallet, role }),
        }
    }

    /// The authority's address, which is the wallet of whoever acts.
    ///
    /// # Errors
    /// [`OperationError::NotAuthority`].
    pub async fn authority(&self) -> Result<Address, OperationError> {
        let wallet = self.wallet();
        let authority = self.community().await?.authority.0.into();
        match authority == wallet {
            true => Ok(wallet),
            false => Err(OperationError::NotAuthority { wallet, authority }),
        }
    }

    /// Sends a plan, with these keys beside one's own; in a dry run only finds out whether it would work, and what it costs.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn carry_out(
        &self,
        plan: &Plan,
        signers: &[&Keypair],
        dry_run: bool,
    ) -> Result<Carried, OperationError> {
        let failed = |error| failed(&plan.what, error);
        let outgoing = Outgoing {
            instructions: &plan.instructions,
            payer: &self.key,
            signers,
        };
        let signed = self.cluster.sign(outgoing, &[]).await.map_err(failed)?;
        let signature = match dry_run {
            true => None,
            false => Some(
                self.cluster
                    .send_signed(&signed)
                    .await
                    .map_err(failed)?
                    .signature,
            ),
        };
        Ok(Carried {
            signature,
            fee: signed.fee,
            rent: plan.rent,
        })
    }
}

pub(crate) fn failed(what: &str, error: SendError) -> OperationError {
    OperationError::Send {
        what: what.to_owned(),
        error: Box::new(error),
    }
}
