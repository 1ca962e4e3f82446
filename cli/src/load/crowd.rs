use std::collections::HashMap;

use anyhow::{Context, Result};
use joulebook_client::{
    addresses::Rings,
    instructions::{Actor, Application},
    layout::{
        oracle::{AssetKind, EnergySource, KeyKind},
        registry::{Participant, Roles},
    },
    oracle::types::MeterDetails,
    packing::{fitting, with_limits},
    tables::MeterRecords,
    Addresses,
};
use joulebook_cluster::{Cluster, Outgoing};
use joulebook_deployment::{Founding, SandboxParameters, TestToken};
use joulebook_sim::{simulation::Resident, Device};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;

use super::posting::{post_all, Parcel, Posted};

/// Of the community, among the authority's.
const COMMUNITY: u64 = 1;
/// For all tables of a town, and everybody's wallet, lamports.
const FOUNDING_ALLOWANCE: u64 = 10_000_000_000_000;
/// What a household gets for rents and fees, lamports.
const ALLOWANCE: u64 = 100_000_000;
/// What keeper, gateway and agent get, lamports.
const DAEMON_ALLOWANCE: u64 = 100_000_000_000;
/// What each of these computes is less.
const UNITS: u32 = 200_000;
/// Wallets that one transaction pays.
const PAID_AT_ONCE: usize = 16;

/// A community that was founded to be measured. Its keys are nowhere but here.
pub struct Crowd {
    pub addresses: Addresses,
    pub keeper: Keypair,
    pub gateway: Keypair,
    /// Delegate of every household.
    pub agent: Keypair,
    pub homes: Vec<Home>,
    /// What meters sign beside their values.
    pub binding: [u8; 32],
    /// From when on energy counts: the start of a page, unix seconds.
    pub service_from: i64,
    /// What moving in took: transactions of all households.
    pub moving_in: Posted,
    /// Lamports that the households paid to enter their standing orders and to deposit.
    pub weeks_paid: u64,
}

/// A household of it.
pub struct Home {
    pub wallet: Keypair,
    pub device: Device,
    pub seat: u16,
    pub resident: Resident,
}

impl Home {
    pub fn address(&self) -> Address {
        self.wallet.pubkey()
    }
}

/// Founds a community of the residents.
///
/// # Errors
/// If the node does not take something.
pub async fn found(
    cluster: &Cluster,
    parameters: &SandboxParameters,
    residents: Vec<Resident>,
    announce: impl Fn(&str),
) -> Result<Crowd> {
    let founders = Founders::new();
    announce("lamports");
    let payer = founders.payer.pubkey();
    cluster.airdrop(payer, FOUNDING_ALLOWANCE).await?;
    let token = TestToken::create(
        cluster,
        &founders.payer,
        &founders.mint,
        &founders.mint_authority,
    )
    .await?;
    let homes = residents.into_iter().map(|resident| Home {
        wallet: Keypair::new(),
        device: Device::new(Keypair::new(), 0),
        seat: 0,
        resident,
    });
    let crowd = Crowd {
        addresses: addresses(parameters, &founders, &token),
        keeper: Keypair::new(),
        gateway: Keypair::new(),
        agent: Keypair::new(),
        homes: homes.collect(),
        binding: [0; 32],
        service_from: 0,
        moving_in: Posted::default(),
        weeks_paid: 0,
    };
    let mut moving = Moving {
        cluster,
        founders,
        token,
        crowd,
    };
    moving.pay_wallets().await?;
    moving.found_market(parameters, &announce).await?;
    announce("households");
    moving.move_in(parameters).await?;
    Ok(moving.crowd)
}

struct Founders {
    payer: Keypair,
    authority: Keypair,
    supplier: Keypair,
    grid_operator: Keypair,
    mint: Keypair,
    mint_authority: Keypair,
}

impl Founders {
    fn new() -> Founders {
        Founders {
            payer: Keypair::new(),
            authority: Keypair::new(),
            supplier: Keypair::new(),
            grid_operator: Keypair::new(),
            mint: Keypair::new(),
            mint_authority: Keypair::new(),
        }
    }
}

fn addresses(parameters: &SandboxParameters, founders: &Founders, token: &TestToken) -> Addresses {
    let market = &parameters.market;
    Addresses::new(
        Addresses::community_of(&founders.authority.pubkey(), COMMUNITY),
        token.mint,
        token.program,
        Rings {
            market: market.number,
            window_seconds: market.window_seconds(),
            page_windows: market.windows_per_page,
            books: market.books(),
            pages: market.pages(),
        },
    )
}

/// A crowd that is on its way.
struct Moving<'a> {
    cluster: &'a Cluster,
    founders: Founders,
    token: TestToken,
    crowd: Crowd,
}

impl Moving<'_> {
    async fn pay_wallets(&self) -> Result<()> {
        let Founders {
            payer,
            authority,
            supplier,
            grid_operator,
            ..
        } = &self.founders;
        let Crowd {
            keeper,
            gateway,
            agent,
            homes,
            ..
        } = &self.crowd;
        let daemons = [authority, supplier, grid_operator, keeper, gateway, agent];
        let daemons = daemons.map(|key| (key.pubkey(), DAEMON_ALLOWANCE));
        let homes = homes.iter().map(|home| (home.address(), ALLOWANCE));
        let transfers: Vec<Instruction> = daemons
            .into_iter()
            .chain(homes)
            .map(|(wallet, lamports)| transfer(&payer.pubkey(), &wallet, lamports))
            .collect();
        let parcels: Vec<Parcel> = transfers
            .chunks(PAID_AT_ONCE)
            .map(|transfers| parcel(transfers.to_vec(), payer, vec![]))
            .collect();
        post_all(self.cluster, &parcels).await?.all("lamports")?;
        Ok(())
    }

    async fn found_market(
        &self,
        parameters: &SandboxParameters,
        announce: impl Fn(&str),
    ) -> Result<()> {
        let genesis = self.cluster.genesis_hash().await?;
        let founders = &self.founders;
        let founding = Founding {
            cluster: self.cluster,
            addresses: self.crowd.addresses.clone(),
            id: COMMUNITY,
            name: parameters.name.clone(),
            zones: vec!["feeder 1".into()],
            meter_table: parameters.market.meter_table(genesis.to_bytes()),
            market: parameters.market.create_market(TestToken::DECIMALS)?,
            decimals: TestToken::DECIMALS,
            standing_orders: parameters.market.standing_orders,
            payer: &founders.payer,
            authority: &founders.authority,
            supplier: (&founders.supplier).into(),
            grid_operator: (&founders.grid_operator).into(),
        };
        founding.found(announce).await?;
        let supplier = founders.supplier.pubkey();
        let atoms = parameters.supplier_deposit;
        let seat = self.participants(&[supplier]).await?[0].index;
        let mut instructions = self.token.give(&founders.payer.pubkey(), &supplier, atoms);
        let account = self.token.account_of(&supplier);
        let deposit = self.crowd.addresses.deposit(supplier, account, seat, atoms);
        instructions.push(deposit);
        let outgoing = Outgoing {
            instructions: &instructions,
            payer: &founders.payer,
            signers: &[&founders.supplier, &founders.mint_authority],
        };
        self.cluster.send(outgoing).await?;
        Ok(())
    }

    /// Admission, seat, meter, money, standing orders: each for all households at once.
    async fn move_in(&mut self, parameters: &SandboxParameters) -> Result<()> {
        let Founders {
            authority,
            payer,
            mint_authority,
            ..
        } = &self.founders;
        let agent = self.crowd.agent.pubkey();
        let addresses = self.crowd.addresses.clone();
        let roles = Roles::CONSUMER.union(Roles::PRODUCER).0;
        let actor = Actor::authority(authority.pubkey());
        let admission = |home: &Home| {
            let application = Application::for_roles(roles);
            let wallet = home.address();
            vec![
                addresses.apply(wallet, application.clone()),
                addresses.approve(actor, &wallet, roles, &application),
            ]
        };
        let mut posted = vec![
            self.of_each("admission", vec![authority], |home| vec![admission(home)])
                .await?,
        ];
        let wallets: Vec<Address> = self.wallets();
        let records = self.participants(&wallets).await?;
        for (home, record) in self.crowd.homes.iter_mut().zip(records) {
            home.seat = record.index;
        }
        let bounds = parameters.agent_bounds;
        let seat = |home: &Home| {
            let wallet = home.address();
            vec![
                addresses.open_seat(wallet),
                addresses.set_delegate(wallet, home.seat, Some(agent), bounds),
            ]
        };
        posted.push(
            self.of_each("seats", vec![], |home| vec![seat(home)])
                .await?,
        );
        let meter = |home: &Home| {
            let details = meter_of(home);
            vec![addresses.register_meter(actor, home.address(), details)]
        };
        posted.push(
            self.of_each("meters", vec![authority], |home| vec![meter(home)])
                .await?,
        );
        let give = |home: &Home| {
            let atoms = home.resident.deposit.0;
            self.token.give(&payer.pubkey(), &home.address(), atoms)
        };
        posted.push(
            self.of_each("tokens", vec![payer, mint_authority], |home| {
                vec![give(home)]
            })
            .await?,
        );
        let before = self.lamports().await?;
        let deposit = |home: &Home| {
            let wallet = home.address();
            let account = self.token.account_of(&wallet);
            addresses.deposit(wallet, account, home.seat, home.resident.deposit.0)
        };
        posted.push(
            self.of_each("deposits and standing orders", vec![], |home| {
                week(&addresses, home, deposit(home))
            })
            .await?,
        );
        let after = self.lamports().await?;
        self.crowd.weeks_paid = before.saturating_sub(after);
        self.crowd.moving_in = together(posted);
        self.install().await
    }

    /// Sends what each household sends, and pays for; `signers` sign beside it.
    async fn of_each(
        &self,
        what: &str,
        signers: Vec<&Keypair>,
        transactions: impl Fn(&Home) -> Vec<Vec<Instruction>>,
    ) -> Result<Posted> {
        let homes = self.crowd.homes.iter();
        let parcels: Vec<Parcel> = homes
            .flat_map(|home| {
                let all = transactions(home).into_iter();
                all.map(|instructions| parcel(instructions, &home.wallet, signers.clone()))
                    .collect::<Vec<_>>()
            })
            .collect();
        post_all(self.cluster, &parcels).await?.all(what)
    }

    fn wallets(&self) -> Vec<Address> {
        let homes = self.crowd.homes.iter();
        homes.map(|home| home.address()).collect()
    }

    /// What all households have together.
    async fn lamports(&self) -> Result<u64> {
        lamports(self.cluster, &self.wallets()).await
    }

    async fn participants(&self, wallets: &[Address]) -> Result<Vec<Participant>> {
        let records: Vec<Address> = wallets
            .iter()
            .map(|wallet| self.crowd.addresses.participant(wallet))
            .collect();
        let snapshot = self.cluster.accounts(&records).await?;
        let data = snapshot.all_data().into_iter();
        data.zip(wallets)
            .map(|(data, wallet)| {
                Participant::from_bytes(data)
                    .with_context(|| format!("{wallet} was admitted and is no participant"))
            })
            .collect()
    }

    /// Tells devices the numbers of their meters.
    async fn install(&mut self) -> Result<()> {
        let table = self
            .cluster
            .account(self.crowd.addresses.meter_table)
            .await?;
        let table = table.context("the meter table is not there")?;
        let table = MeterRecords::from_bytes(&table.data)?;
        let rows: HashMap<[u8; 32], (u32, i64)> = (0u16..)
            .zip(&table.meters)
            .map(|(row, meter)| (meter.device, (meter.number(row), meter.service_from)))
            .collect();
        for home in &mut self.crowd.homes {
            let key = home.device.key.pubkey().to_bytes();
            let (number, service_from) = *rows.get(&key).context("a meter is not there")?;
            home.device.number = number;
            self.crowd.service_from = self.crowd.service_from.max(service_from);
        }
        self.crowd.binding = table.header.binding;
        Ok(())
    }
}

/// What wallets have together.
///
/// # Errors
/// If the node can't be asked.
pub async fn lamports(cluster: &Cluster, wallets: &[Address]) -> Result<u64> {
    let heads = cluster.heads(wallets, 0).await?;
    let accounts = heads.accounts.iter().flatten();
    let all = accounts.map(|account| account.lamports);
    Ok(all.fold(0, u64::saturating_add))
}

fn parcel<'a>(
    instructions: Vec<Instruction>,
    payer: &'a Keypair,
    signers: Vec<&'a Keypair>,
) -> Parcel<'a> {
    Parcel {
        instructions,
        payer,
        signers,
        units: UNITS,
    }
}

fn meter_of(home: &Home) -> MeterDetails {
    MeterDetails {
        device: home.device.key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        zone: 0,
        asset_kind: AssetKind::Mixed as u8,
        source: EnergySource::Sun as u8,
        max_import: home.resident.limits.import.0,
        max_export: home.resident.limits.export.0,
        standard_draw: 0,
        import: 0,
        export: 0,
    }
}

/// What a household signs for a week: standing orders, as many in a transaction as fit, and a deposit with the last of them if it
/// has room.
fn week(addresses: &Addresses, home: &Home, deposit: Instruction) -> Vec<Vec<Instruction>> {
    let owner = home.address();
    let mut rest = &home.resident.standing_orders[..];
    let mut transactions = vec![];
    while !rest.is_empty() {
        let enter =
            |count: usize| addresses.set_standing_orders(owner, &owner, rest[..count].to_vec());
        let count = fitting(&owner, rest.len(), |count| with_limits(enter(count)));
        transactions.push(vec![enter(count)]);
        rest = &rest[count..];
    }
    let last = transactions.pop().unwrap_or_default();
    let together = [&last[..], std::slice::from_ref(&deposit)].concat();
    let limits = with_limits(deposit.clone());
    let limits = &limits[..limits.len().saturating_sub(1)];
    let both = |count: usize| match count {
        1 => last.clone(),
        _ => [limits, &together[..]].concat(),
    };
    match fitting(&owner, 2, both) {
        2 => transactions.push(together),
        _ => transactions.extend([last, vec![deposit]]),
    }
    transactions
}

fn together(all: Vec<Posted>) -> Posted {
    let mut sum = Posted::default();
    for mut posted in all {
        sum.elapsed += posted.elapsed;
        sum.confirmations.append(&mut posted.confirmations);
    }
    sum.confirmations.sort_unstable();
    sum
}
