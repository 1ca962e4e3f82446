//! Whoever lives in a sandbox: lamports, admission, seat, meter, money, standing orders.

use futures_util::{stream, StreamExt, TryStreamExt};
use joulebook_client::{
    instructions::{Actor, Application},
    layout::{
        oracle::{AssetKind, EnergySource, KeyKind},
        registry::{Participant, Roles},
    },
    market::types::StandingEntry,
    oracle::types::MeterDetails,
    packing::{fitting, with_limits},
    tables::{LedgerTable, MeterRecords},
    Addresses,
};
use joulebook_cluster::{Cluster, Outgoing, SendError};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{
    Keys, SandboxError, SandboxHousehold, SandboxParameters, TestToken, ALLOWANCE,
    FOUNDING_ALLOWANCE,
};

const AT_ONCE: usize = 8;

pub(super) fn failed(what: &str, error: SendError) -> SandboxError {
    SandboxError::Send {
        what: what.to_owned(),
        error: Box::new(error),
    }
}

/// Sees to it that everybody who pays for something has lamports.
pub(super) async fn fund(cluster: &Cluster, keys: &Keys) -> Result<(), SandboxError> {
    let wallets = keys.households.iter().map(|(wallet, _)| wallet);
    let allowed = [
        &keys.authority,
        &keys.keeper,
        &keys.gateway,
        &keys.agent,
        &keys.supplier,
        &keys.grid_operator,
    ];
    let allowed = allowed
        .into_iter()
        .chain(wallets)
        .map(|key| (key, ALLOWANCE));
    let all = [(&keys.payer, FOUNDING_ALLOWANCE)]
        .into_iter()
        .chain(allowed);
    let airdrops = all.map(|(key, lamports)| async move {
        if cluster.balance(key.pubkey()).await? >= lamports / 2 {
            return Ok(());
        }
        let airdrop = cluster.airdrop(key.pubkey(), lamports).await;
        airdrop.map_err(|error| failed("lamports for the sandbox", error))
    });
    let airdrops = stream::iter(airdrops).buffer_unordered(AT_ONCE);
    airdrops.try_collect::<Vec<()>>().await.map(|_| ())
}

/// What a household, supplier or grid operator got.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    pub wallet: Address,
    /// Index of participant and seat.
    pub seat: u16,
    /// The meter's number, and from when on its energy counts, unix seconds; if it has one.
    pub meter: Option<(u32, i64)>,
}

/// Supplier, grid operator, then the households.
pub(super) struct AllSettled {
    pub supplier: Settled,
    pub grid_operator: Settled,
    pub households: Vec<Settled>,
}

/// Lets everybody in.
pub(super) struct Settlers<'a> {
    pub cluster: &'a Cluster,
    pub addresses: &'a Addresses,
    pub keys: &'a Keys,
    pub token: &'a TestToken,
}

impl Settlers<'_> {
    pub async fn settle_in(
        &self,
        parameters: &SandboxParameters,
        announce: impl Fn(&str),
    ) -> Result<AllSettled, SandboxError> {
        // One after the other, so that households have the seats of their sequence.
        for (place, (wallet, _)) in self.keys.households.iter().enumerate() {
            let name = parameters
                .households
                .get(place)
                .map_or("", |one| one.name.as_str());
            announce(&format!("admission of {name}"));
            self.admit(wallet).await?;
        }
        let seats = self.cluster.account(self.addresses.ledger).await?;
        let seats = seats.and_then(|account| LedgerTable::from_bytes(&account.data).ok());
        let has_seat = |wallet: &Address| {
            let seats = seats.iter().flat_map(|ledger| &ledger.seats);
            seats
                .into_iter()
                .any(|seat| seat.owner.0 == wallet.to_bytes())
        };
        announce("seats, meters, money and standing orders");
        let deposit = parameters.supplier_deposit;
        self.fill(&self.keys.supplier, deposit).await?;
        let homes = self.keys.households.iter().zip(&parameters.households);
        let homes = homes.map(|((wallet, device), household)| {
            let is_new = !has_seat(&wallet.pubkey());
            async move {
                if is_new {
                    self.move_in(wallet, parameters, household).await?;
                }
                self.install(wallet, device, household).await?;
                self.fill(wallet, household.deposit).await?;
                self.enter(wallet, &household.standing_orders).await
            }
        });
        let homes = stream::iter(homes).buffer_unordered(AT_ONCE);
        homes.try_collect::<Vec<()>>().await?;
        self.found().await
    }

    async fn admit(&self, wallet: &Keypair) -> Result<(), SandboxError> {
        let participant = self.addresses.participant(&wallet.pubkey());
        if self.cluster.account(participant).await?.is_some() {
            return Ok(());
        }
        let roles = Roles::CONSUMER.union(Roles::PRODUCER).0;
        let application = Application::for_roles(roles);
        let authority = Actor::authority(self.keys.authority.pubkey());
        let instructions = [
            self.addresses.apply(wallet.pubkey(), application.clone()),
            self.addresses
                .approve(authority, &wallet.pubkey(), roles, &application),
        ];
        self.send("admission", &instructions, &[wallet, &self.keys.authority])
            .await
    }

    async fn move_in(
        &self,
        wallet: &Keypair,
        parameters: &SandboxParameters,
        household: &SandboxHousehold,
    ) -> Result<(), SandboxError> {
        let owner = wallet.pubkey();
        let seat = self.seat_of(&owner).await?;
        let agent = Some(self.keys.agent.pubkey());
        let instructions = [
            self.addresses.open_seat(owner),
            self.addresses
                .set_delegate(owner, seat, agent, parameters.agent_bounds),
        ];
        self.send(&household.name, &instructions, &[wallet]).await
    }

    async fn install(
        &self,
        wallet: &Keypair,
        device: &Keypair,
        household: &SandboxHousehold,
    ) -> Result<(), SandboxError> {
        let key = device.pubkey().to_bytes();
        if self
            .meters()
            .await?
            .meters
            .iter()
            .any(|meter| meter.device == key)
        {
            return Ok(());
        }
        let details = MeterDetails {
            device: key,
            key_kind: KeyKind::Ed25519 as u8,
            zone: 0,
            asset_kind: AssetKind::Mixed as u8,
            source: EnergySource::Sun as u8,
            max_import: household.max_import,
            max_export: household.max_export,
            standard_draw: 0,
            import: 0,
            export: 0,
        };
        let authority = Actor::authority(self.keys.authority.pubkey());
        let register = self
            .addresses
            .register_meter(authority, wallet.pubkey(), details);
        let signers = [wallet, &self.keys.authority];
        self.send(&household.name, &[register], &signers).await
    }

    /// Brings the free money of a seat that has none up to `atoms`.
    async fn fill(&self, wallet: &Keypair, atoms: u64) -> Result<(), SandboxError> {
        let owner = wallet.pubkey();
        let seat = self.seat_of(&owner).await?;
        let ledger = self.cluster.account(self.addresses.ledger).await?;
        let ledger = ledger.and_then(|account| LedgerTable::from_bytes(&account.data).ok());
        let row = ledger
            .as_ref()
            .and_then(|ledger| ledger.seats.get(usize::from(seat)));
        if atoms == 0 || row.is_some_and(|row| row.free + row.locked > 0) {
            return Ok(());
        }
        let mut instructions = self.token.give(&self.keys.payer.pubkey(), &owner, atoms);
        let account = self.token.account_of(&owner);
        instructions.push(self.addresses.deposit(owner, account, seat, atoms));
        let signers = [wallet, &self.keys.mint_authority];
        self.send("a deposit", &instructions, &signers).await
    }

    /// Enters standing orders, as many in a transaction as fit.
    async fn enter(&self, wallet: &Keypair, entries: &[StandingEntry]) -> Result<(), SandboxError> {
        let owner = wallet.pubkey();
        let payer = self.keys.payer.pubkey();
        let mut rest = entries;
        while !rest.is_empty() {
            let enter = |count: usize| {
                let entries = rest[..count].to_vec();
                self.addresses.set_standing_orders(owner, &owner, entries)
            };
            let count = fitting(&payer, rest.len(), |count| with_limits(enter(count)));
            self.send("standing orders", &[enter(count)], &[wallet])
                .await?;
            rest = &rest[count..];
        }
        Ok(())
    }

    async fn seat_of(&self, wallet: &Address) -> Result<u16, SandboxError> {
        let account = self
            .cluster
            .account(self.addresses.participant(wallet))
            .await?;
        let record = account.and_then(|account| Participant::from_bytes(&account.data));
        let record = record.ok_or_else(|| {
            SandboxError::Impossible(format!("{wallet} was admitted and is no participant"))
        });
        Ok(record?.index)
    }

    async fn meters(&self) -> Result<MeterRecords, SandboxError> {
        let account = self.cluster.account(self.addresses.meter_table).await?;
        let table = account.and_then(|account| MeterRecords::from_bytes(&account.data).ok());
        table.ok_or_else(|| SandboxError::Impossible("the meter table can't be read".into()))
    }

    async fn found(&self) -> Result<AllSettled, SandboxError> {
        let records = self.meters().await?;
        let settled = async |wallet: &Keypair, device: Option<&Keypair>| {
            let key = device.map(|device| device.pubkey().to_bytes());
            let rows = (0u16..).zip(&records.meters);
            let mut rows = rows.filter(|(_, meter)| Some(meter.device) == key);
            Ok::<Settled, SandboxError>(Settled {
                wallet: wallet.pubkey(),
                seat: self.seat_of(&wallet.pubkey()).await?,
                meter: rows
                    .next()
                    .map(|(row, meter)| (meter.number(row), meter.service_from)),
            })
        };
        let mut households = vec![];
        for (wallet, device) in &self.keys.households {
            households.push(settled(wallet, Some(device)).await?);
        }
        Ok(AllSettled {
            supplier: settled(&self.keys.supplier, None).await?,
            grid_operator: settled(&self.keys.grid_operator, None).await?,
            households,
        })
    }

    async fn send(
        &self,
        what: &str,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<(), SandboxError> {
        let outgoing = Outgoing {
            instructions,
            payer: &self.keys.payer,
            signers,
        };
        let sent = self.cluster.send(outgoing).await;
        sent.map(|_| ()).map_err(|error| failed(what, error))
    }
}
