//! A community and its market: what of it is there, what is missing, and the transactions that create it.

use std::collections::BTreeMap;

use futures_util::{stream, StreamExt, TryStreamExt};
use joulebook_client::{
    founding::{self, Founder, Table, Transaction, GROWTH, NOBODY},
    instructions::{Actor, Application},
    layout::{
        account::read_header,
        market::{Market, Seat},
        oracle::MeterTable,
        registry::{Community, Participant, ParticipantStatus, Roles},
    },
    market::instructions::CreateMarketInstructionArgs,
    oracle::types::MeterTableParams,
    tables::LedgerTable,
    Addresses,
};
use joulebook_cluster::{
    term_changes, Account, Amount, Cluster, ClusterError, Outgoing, SendError,
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_sdk_ids::system_program;
use solana_signer::Signer;

use crate::Shares;

/// Bytes of the vault, a token account without extensions, which is created with the market.
const TOKEN_ACCOUNT_LEN: usize = 165;
/// Tables that are created at the same time.
const AT_ONCE: usize = 4;

/// What a community and its market are made of, and who signs for it.
pub struct Founding<'a> {
    pub cluster: &'a Cluster,
    pub addresses: Addresses,
    /// The community's number among the authority's.
    pub id: u64,
    pub name: String,
    pub zones: Vec<String>,
    pub meter_table: MeterTableParams,
    pub market: CreateMarketInstructionArgs,
    pub standing_orders: bool,
    /// Of the token.
    pub decimals: u8,
    pub payer: &'a Keypair,
    pub authority: &'a Keypair,
    pub supplier: Operator<'a>,
    pub grid_operator: Operator<'a>,
}

/// Supplier or grid operator: a wallet, and its key if it is at hand.
#[derive(Clone, Copy)]
pub struct Operator<'a> {
    pub wallet: Address,
    pub key: Option<&'a Keypair>,
}

impl<'a> From<&'a Keypair> for Operator<'a> {
    fn from(key: &'a Keypair) -> Operator<'a> {
        Operator {
            wallet: key.pubkey(),
            key: Some(key),
        }
    }
}

/// A part of a community, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub address: Address,
    pub status: Status,
    /// Rent that it locks once it is whole, lamports.
    pub rent: u64,
    /// What is there and not as configured, and can be changed without a deployment: nothing is done about it.
    pub remarks: Vec<String>,
    /// Who is still to pay what.
    pub shares: Shares,
    /// Transactions that are missing.
    pub transactions: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Present,
    Missing,
    /// It has so many bytes of so many.
    Growing {
        len: usize,
        full_len: usize,
    },
    /// It is there, and not as configured.
    Differs(Vec<String>),
    /// Somebody else has to do something first.
    Waits(String),
}

#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("{what}: {error}")]
    Send { what: String, error: Box<SendError> },
    #[error("{name} ({address}) is there, and not as configured: {}", .differences.join("; "))]
    Differs {
        name: String,
        address: Address,
        differences: Vec<String>,
    },
    #[error("{0}")]
    Waits(String),
    #[error("{name} was created, and is not as it should be: {status}; run this again")]
    Unfinished { name: String, status: String },
}

enum Part {
    Table(Box<Table>),
    /// The meter table's settlement key.
    Settlement,
    Admission(Party),
    Seat(Party),
}

#[derive(Clone, Copy)]
enum Party {
    Supplier,
    GridOperator,
}

impl Founding<'_> {
    /// How each part stands, in the sequence in which they are created.
    ///
    /// # Errors
    /// If the cluster can't be read.
    pub async fn survey(&self) -> Result<Vec<Item>, FoundingError> {
        let found = self.read().await?;
        let parts = self.parts();
        let mut items = vec![];
        let mut rents = Rents::default();
        for part in &parts {
            let status = self.status(part, &found);
            let missing = matches!(status, Status::Missing | Status::Growing { .. });
            let (rent, shares) = self.rent(part, &found, &mut rents).await?;
            items.push(Item {
                name: self.name_of(part),
                address: self.address_of(part),
                rent,
                remarks: self.remarks(self.address_of(part), &found),
                shares: if missing { shares } else { Shares::default() },
                transactions: match missing {
                    true => self.transactions(part, &found).len(),
                    false => 0,
                },
                status,
            });
        }
        Ok(items)
    }

    /// The rent of a part once it is whole, and who pays what is missing of it.
    async fn rent(
        &self,
        part: &Part,
        found: &Found,
        rents: &mut Rents,
    ) -> Result<(u64, Shares), ClusterError> {
        let mut shares = Shares::default();
        let rent = match part {
            Part::Settlement | Part::Seat(_) => 0,
            Part::Admission(party) => {
                let rent = rents.of(self.cluster, Participant::LEN).await?;
                if found.participant(*party).is_none() {
                    shares.operators = rent;
                }
                rent
            }
            Part::Table(table) => {
                let mut rent = rents.of(self.cluster, table.full_len).await?;
                match found.len(table.address) {
                    None => {
                        let first = table.full_len.min(GROWTH);
                        shares.authority = rents.of(self.cluster, first).await?;
                        shares.payer = rent.saturating_sub(shares.authority);
                        if table.address == self.addresses.market {
                            let vault = rents.of(self.cluster, TOKEN_ACCOUNT_LEN).await?;
                            shares.authority = shares.authority.saturating_add(vault);
                            rent = rent.saturating_add(vault);
                        }
                    }
                    Some(len) => {
                        let there = rents.of(self.cluster, len).await?;
                        shares.payer = rent.saturating_sub(there);
                    }
                }
                rent
            }
        };
        Ok((rent, shares))
    }

    /// Creates what is missing, and looks whether all of it is there then. `announce` hears what is done.
    ///
    /// # Errors
    /// [`FoundingError`]; what was created stays, and a second call goes on.
    pub async fn found(&self, announce: impl Fn(&str)) -> Result<(), FoundingError> {
        for stage in self.stages() {
            let found = self.read().await?;
            let mut missing = vec![];
            for part in stage {
                let name = self.name_of(&part);
                match self.status(&part, &found) {
                    Status::Present => {}
                    Status::Missing | Status::Growing { .. } => {
                        announce(&name);
                        missing.push((name, self.transactions(&part, &found)));
                    }
                    Status::Differs(differences) => {
                        let address = self.address_of(&part);
                        return Err(FoundingError::Differs {
                            name,
                            address,
                            differences,
                        });
                    }
                    Status::Waits(reason) => return Err(FoundingError::Waits(reason)),
                }
            }
            let sends = missing.into_iter().map(|(what, transactions)| async move {
                for transaction in transactions {
                    self.send(&what, &transaction).await?;
                }
                Ok::<(), FoundingError>(())
            });
            let sends = stream::iter(sends).buffer_unordered(AT_ONCE);
            sends.try_collect::<Vec<()>>().await?;
        }
        let items = self.survey().await?;
        match items
            .into_iter()
            .find(|item| item.status != Status::Present)
        {
            None => Ok(()),
            Some(item) => Err(FoundingError::Unfinished {
                name: item.name,
                status: format!("{:?}", item.status),
            }),
        }
    }

    fn founder(&self) -> Founder {
        Founder {
            authority: self.authority.pubkey(),
            payer: self.payer.pubkey(),
        }
    }

    fn operator(&self, party: Party) -> Operator<'_> {
        match party {
            Party::Supplier => self.supplier,
            Party::GridOperator => self.grid_operator,
        }
    }

    fn parts(&self) -> Vec<Part> {
        self.stages().into_iter().flatten().collect()
    }

    /// Parts that need those of the stages before, and none of their own.
    fn stages(&self) -> Vec<Vec<Part>> {
        let (addresses, founder) = (&self.addresses, self.founder());
        let authority = founder.authority;
        let community = founding::community(addresses, authority, self.id, &self.name, &self.zones);
        let meter_table = founding::meter_table(addresses, founder, self.meter_table.clone());
        let interval_pages = founding::interval_pages(addresses, founder, &self.meter_table);
        let market = founding::market(
            addresses,
            authority,
            self.market.clone(),
            &self.supplier.wallet,
            &self.grid_operator.wallet,
        );
        let tables =
            founding::market_tables(addresses, founder, &self.market, self.standing_orders);
        let table = |table| Part::Table(Box::new(table));
        let all = |tables: Vec<Table>| tables.into_iter().map(table).collect();
        let mut parties = vec![Party::Supplier];
        if self.supplier.wallet != self.grid_operator.wallet {
            parties.push(Party::GridOperator);
        }
        vec![
            vec![table(community)],
            parties.iter().copied().map(Part::Admission).collect(),
            vec![table(meter_table)],
            vec![Part::Settlement],
            all(interval_pages),
            vec![table(market)],
            all(tables),
            parties.into_iter().map(Part::Seat).collect(),
        ]
    }

    fn name_of(&self, part: &Part) -> String {
        let party = |party: &Party| match party {
            Party::Supplier => "supplier",
            Party::GridOperator => "grid operator",
        };
        match part {
            Part::Table(table) => table.name.clone(),
            Part::Settlement => "the meter table's market".into(),
            Part::Admission(of) => format!("admission of the {}", party(of)),
            Part::Seat(of) => format!("seat of the {}", party(of)),
        }
    }

    fn address_of(&self, part: &Part) -> Address {
        match part {
            Part::Table(table) => table.address,
            Part::Settlement => self.addresses.meter_table,
            Part::Admission(party) => self.addresses.participant(&self.operator(*party).wallet),
            Part::Seat(_) => self.addresses.ledger,
        }
    }

    async fn read(&self) -> Result<Found, ClusterError> {
        let tables: Vec<Address> = self
            .parts()
            .iter()
            .filter_map(|part| match part {
                Part::Table(table) => Some(table.address),
                _ => None,
            })
            .collect();
        let heads = self.cluster.heads(&tables, 0).await?;
        let operators = [self.supplier.wallet, self.grid_operator.wallet];
        let whole = [
            self.addresses.community,
            self.addresses.meter_table,
            self.addresses.market,
            self.addresses.ledger,
            self.addresses.participant(&operators[0]),
            self.addresses.participant(&operators[1]),
        ];
        let whole = self.cluster.accounts(&whole).await?;
        Ok(Found {
            // Lamports that somebody sent to an address make no account of it.
            lens: tables
                .into_iter()
                .zip(heads.accounts.iter().zip(heads.lens))
                .map(|(address, (account, len))| {
                    let is_made = |account: &&Account| account.owner != system_program::ID;
                    let made = account.as_ref().filter(is_made);
                    (address, made.and(len))
                })
                .collect(),
            community: read_header(whole.data(0)),
            meter_table: read_header(whole.data(1)),
            market: read_header(whole.data(2)),
            ledger: LedgerTable::from_bytes(whole.data(3)).ok(),
            participants: [4, 5].map(|place| Participant::from_bytes(whole.data(place))),
        })
    }

    fn status(&self, part: &Part, found: &Found) -> Status {
        match part {
            Part::Table(table) => {
                let differences = self.differences(table.address, found);
                if !differences.is_empty() {
                    return Status::Differs(differences);
                }
                match found.len(table.address) {
                    None => Status::Missing,
                    Some(len) if len < table.full_len => Status::Growing {
                        len,
                        full_len: table.full_len,
                    },
                    Some(_) => Status::Present,
                }
            }
            Part::Settlement => match &found.meter_table {
                Some(table) if table.settlement.0 == self.addresses.market.to_bytes() => {
                    Status::Present
                }
                Some(table) if table.settlement.0 != NOBODY.to_bytes() => {
                    Status::Differs(vec![format!(
                        "its market is {}; end that one first",
                        Address::from(table.settlement.0)
                    )])
                }
                _ => Status::Missing,
            },
            Part::Admission(party) => self.admission(*party, found),
            Part::Seat(party) => self.seat(*party, found),
        }
    }

    fn admission(&self, party: Party, found: &Found) -> Status {
        let operator = self.operator(party);
        match found.participant(party) {
            Some(record) => match ParticipantStatus::from_byte(record.status) {
                Some(ParticipantStatus::Active) => Status::Present,
                Some(ParticipantStatus::Applied) => Status::Missing,
                other => Status::Differs(vec![format!("{} is {other:?}", operator.wallet)]),
            },
            None if operator.key.is_some() => Status::Missing,
            None => Status::Waits(format!(
                "{} has not applied; have it send the registry's `apply`, then run this again",
                operator.wallet
            )),
        }
    }

    fn seat(&self, party: Party, found: &Found) -> Status {
        let operator = self.operator(party);
        let index = found.participant(party).map(|record| record.index);
        let seats = found.ledger.as_ref().map(|ledger| &ledger.seats[..]);
        let is_there = index
            .zip(seats)
            .is_some_and(|(index, seats)| has_open_seat(seats, index, &operator.wallet));
        match is_there {
            true => Status::Present,
            _ if operator.key.is_some() => Status::Missing,
            _ => Status::Waits(format!(
                "{} has no seat; have it send the market's `open_seat`, then run this again",
                operator.wallet
            )),
        }
    }

    fn transactions(&self, part: &Part, found: &Found) -> Vec<Transaction> {
        let authority = self.authority.pubkey();
        match part {
            Part::Table(table) => table.missing(found.len(table.address)),
            Part::Settlement => vec![vec![self.addresses.set_settlement(
                authority,
                NOBODY,
                self.addresses.market,
            )]],
            Part::Admission(party) => {
                let wallet = self.operator(*party).wallet;
                let wanted = match party {
                    Party::Supplier => Roles::CONSUMER.union(Roles::PRODUCER).0,
                    Party::GridOperator => Roles::CONSUMER.0,
                };
                let applied = found.participant(*party).map(Application::of);
                let is_new = applied.is_none();
                let application = applied.unwrap_or_else(|| Application::for_roles(wanted));
                let approve = self.addresses.approve(
                    Actor::authority(authority),
                    &wallet,
                    wanted,
                    &application,
                );
                let apply = is_new.then(|| self.addresses.apply(wallet, application));
                vec![apply.into_iter().chain([approve]).collect()]
            }
            Part::Seat(party) => vec![vec![self.addresses.open_seat(self.operator(*party).wallet)]],
        }
    }

    async fn send(&self, what: &str, transaction: &Transaction) -> Result<(), FoundingError> {
        let metas = transaction.iter().flat_map(|one| &one.accounts);
        let signers: Vec<Address> = metas
            .filter(|meta| meta.is_signer)
            .map(|meta| meta.pubkey)
            .collect();
        let keys = [
            Some(self.authority),
            self.supplier.key,
            self.grid_operator.key,
        ];
        let keys = keys.into_iter().flatten();
        let keys: Vec<&Keypair> = keys.filter(|key| signers.contains(&key.pubkey())).collect();
        let outgoing = Outgoing {
            instructions: transaction,
            payer: self.payer,
            signers: &keys,
        };
        match self.cluster.send(outgoing).await {
            Ok(_) => Ok(()),
            Err(error) => Err(FoundingError::Send {
                what: what.to_owned(),
                error: Box::new(error),
            }),
        }
    }

    /// What is not as configured and can be changed by itself: zones, terms, tariff.
    fn remarks(&self, address: Address, found: &Found) -> Vec<String> {
        let mut remarks = vec![];
        if let Some(community) = found
            .community
            .as_ref()
            .filter(|_| address == self.addresses.community)
        {
            let zones = community.zones.iter().take(community.zone_count.into());
            let zones: Vec<String> = zones.map(|zone| text_of(&zone.name)).collect();
            if zones != self.zones {
                let (found, wanted) = (zones.join(", "), self.zones.join(", "));
                remarks.push(format!("zones: {found}, configured {wanted}"));
            }
        }
        if let Some(market) = found
            .market
            .as_ref()
            .filter(|_| address == self.addresses.market)
        {
            let (planned, wanted) = (&market.planned_terms, &self.market.terms);
            remarks.extend(term_changes(wanted, planned, self.decimals).iter().map(
                // What is there is the change, seen from the configuration.
                |change| change.replace(", now ", ", configured "),
            ));
            let tariff = &self.market.tariff;
            let half_hours = market
                .planned_tariffs
                .iter()
                .flat_map(|day| &day.half_hours);
            let others = half_hours.filter(|prices| *prices != tariff).count();
            if others > 0 {
                let price = |atoms: i32| Amount::of_units(atoms.into(), self.decimals);
                remarks.push(format!(
                    "tariff: {others} of 96 half hours are not {} and {}, as configured",
                    price(tariff.short),
                    price(tariff.long)
                ));
            }
        }
        remarks
    }

    /// What can't be changed any more, and is not as configured.
    fn differences(&self, address: Address, found: &Found) -> Vec<String> {
        let mut differences = Differences::default();
        if address == self.addresses.community {
            if let Some(community) = &found.community {
                let authority = Address::from(community.authority.0);
                differences.compare("authority", authority, self.authority.pubkey());
                let mint = Address::from(community.quote_mint.0);
                differences.compare("mint", mint, self.addresses.quote_mint);
                differences.compare("name", text_of(&community.name), self.name.clone());
            }
        }
        if address == self.addresses.meter_table {
            if let Some(table) = &found.meter_table {
                let MeterTableParams {
                    interval_seconds,
                    page_intervals,
                    ring,
                    capacity,
                    reading_seconds,
                    correction_seconds,
                    power_cap,
                    violation_limit,
                    cluster,
                } = self.meter_table;
                differences.compare("interval seconds", table.interval_seconds, interval_seconds);
                differences.compare("intervals of a page", table.page_intervals, page_intervals);
                differences.compare("pages", table.ring, ring);
                differences.compare("meters", table.capacity, capacity);
                differences.compare("reading seconds", table.reading_seconds, reading_seconds);
                let correction = (table.correction_seconds, correction_seconds);
                differences.compare("correction seconds", correction.0, correction.1);
                differences.compare("power cap", table.power_cap, power_cap);
                differences.compare("violation limit", table.violation_limit, violation_limit);
                let clusters = [table.cluster, cluster].map(Address::from);
                differences.compare("genesis hash", clusters[0], clusters[1]);
            }
        }
        if address == self.addresses.market {
            if let Some(market) = &found.market {
                let wanted = &self.market;
                differences.compare(
                    "window seconds",
                    market.window_seconds,
                    wanted.window_seconds,
                );
                differences.compare("books", market.books, wanted.books);
                differences.compare("seats", market.seats, wanted.seats);
                differences.compare("orders", market.orders, wanted.orders);
                differences.compare("ticks", market.ticks, wanted.ticks);
                differences.compare("history", market.history, wanted.history);
                let most = (market.max_orders_per_seat, wanted.max_orders_per_seat);
                differences.compare("orders of a seat", most.0, most.1);
                differences.compare("room of a seat", market.room_per_seat, wanted.room_per_seat);
                differences.compare("lowest price", market.lowest_price, wanted.lowest_price);
                differences.compare("highest price", market.highest_price, wanted.highest_price);
                let fees = (market.highest_grid_fee, wanted.highest_grid_fee);
                differences.compare("highest grid fee", fees.0, fees.1);
                differences.compare("notice", market.notice_seconds, wanted.notice_seconds);
                let seats = [Party::Supplier, Party::GridOperator]
                    .map(|party| found.participant(party).map(|record| record.index));
                let [supplier, grid_operator] = seats.map(|seat| seat.unwrap_or(u16::MAX));
                differences.compare(
                    "seat of the first supplier",
                    market.first_supplier,
                    supplier,
                );
                let operators = (market.grid_operator, grid_operator);
                differences.compare("seat of the grid operator", operators.0, operators.1);
                let margins = (market.supplier_margin, wanted.supplier_margin);
                differences.compare("supplier's margin", margins.0, margins.1);
            }
        }
        differences.0
    }
}

#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: PartialEq + std::fmt::Display>(&mut self, what: &str, found: T, wanted: T) {
        if found != wanted {
            self.0.push(format!("{what}: {found}, configured {wanted}"));
        }
    }
}

/// Whether the seat with this index is the wallet's and in use: one that was closed keeps its owner.
fn has_open_seat(seats: &[Seat], index: u16, wallet: &Address) -> bool {
    let seat = seats.get(usize::from(index));
    seat.is_some_and(|seat| seat.is_open() && seat.owner.0 == wallet.to_bytes())
}

/// A name without the zeros that fill it up.
fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_end_matches('\0').to_owned()
}

/// Rents that were asked for, by bytes: many tables are as long as others.
#[derive(Default)]
struct Rents(BTreeMap<usize, u64>);

impl Rents {
    async fn of(&mut self, cluster: &Cluster, len: usize) -> Result<u64, ClusterError> {
        if let Some(rent) = self.0.get(&len) {
            return Ok(*rent);
        }
        let rent = cluster.rent(len).await?;
        self.0.insert(len, rent);
        Ok(rent)
    }
}

/// What is on chain.
struct Found {
    lens: Vec<(Address, Option<usize>)>,
    community: Option<Community>,
    meter_table: Option<MeterTable>,
    market: Option<Market>,
    ledger: Option<LedgerTable>,
    participants: [Option<Participant>; 2],
}

impl Found {
    fn len(&self, address: Address) -> Option<usize> {
        let mut lens = self.lens.iter();
        lens.find(|(of, _)| *of == address)
            .and_then(|(_, len)| *len)
    }

    fn participant(&self, party: Party) -> Option<&Participant> {
        let [supplier, grid_operator] = &self.participants;
        match party {
            Party::Supplier => supplier.as_ref(),
            Party::GridOperator => grid_operator.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use joulebook_client::layout::market::SeatStatus;

    use super::*;

    #[test]
    fn given_a_seat_that_was_closed_when_it_is_looked_for_then_it_is_not_there() {
        let wallet = Address::new_from_array([7; 32]);
        let mut seat: Seat = bytemuck::pod_read_unaligned(&[0; size_of::<Seat>()]);
        seat.owner.0 = wallet.to_bytes();
        seat.status = SeatStatus::Open as u8;
        assert!(has_open_seat(&[seat], 0, &wallet));
        assert!(!has_open_seat(&[seat], 1, &wallet));
        assert!(!has_open_seat(&[seat], 0, &Address::default()));
        seat.status = SeatStatus::Vacant as u8;
        assert!(!has_open_seat(&[seat], 0, &wallet));
    }
}
