//! A community of a few households on the bank, and its everyday life; whoever acts pays for it.

use joulebook_client::{
    layout::market::NewOrder,
    reading,
    tables::{BookTable, HistoryTable, IntervalPageTable, LedgerTable, PageTable},
};
use joulebook_sim::{Addresses, Household, Parameters};
use solana_keypair::Keypair;

use crate::bank::BankClient;

pub struct BankCommunity {
    pub addresses: Addresses,
    pub client: BankClient,
    pub supplier: Household,
    pub grid_operator: Household,
    pub households: Vec<Household>,
    pub parameters: Parameters,
}

/// Everything that a window and its page leave behind.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub book: String,
    pub page: String,
    pub energy: String,
    /// Of each seat: free, locked, debt, claim and what is paid back once its meters are heard; milli-atoms.
    pub money: Vec<(u64, u64, u64, u64, i64)>,
    pub fees: u64,
    pub escrow: u64,
    pub history: String,
}

impl BankCommunity {
    pub fn members(&self) -> impl Iterator<Item = &Household> {
        [&self.supplier, &self.grid_operator]
            .into_iter()
            .chain(&self.households)
    }

    /// `number`-th household places orders in the window at `start`.
    pub async fn place(&self, number: usize, start: i64, orders: Vec<NewOrder>) {
        let household = &self.households[number];
        let place =
            self.addresses
                .place_orders(household.address(), &household.address(), start, orders);
        self.client
            .send(&household.wallet, &[place], &[])
            .await
            .expect("there is money and room");
    }

    /// Every household's meter reads at `boundary`, after import and export of `flows` went through it, Wh. A gateway pays
    /// to have the readings in the page of the window at `start`, and needs so many transactions for it.
    pub async fn read(
        &mut self,
        gateway: &Keypair,
        start: i64,
        boundary: i64,
        flows: &[(u64, u64)],
    ) -> u32 {
        let binding = reading::binding(&self.parameters.cluster, &self.addresses.meter_table);
        let mut readings = vec![];
        for (household, (import, export)) in self.households.iter_mut().zip(flows) {
            for device in &mut household.devices {
                device.flow(*import, *export);
                readings.push(device.signed(&binding, boundary));
            }
        }
        let mut sent = 0;
        for batch in readings.chunks(6) {
            let submit = self.addresses.submit_readings(start, batch.to_vec());
            self.client
                .send(gateway, &[submit], &[])
                .await
                .expect("readings never fail");
            sent += 1;
        }
        sent
    }

    async fn book(&self, start: i64) -> BookTable {
        BookTable::from_bytes(&self.client.data(&self.addresses.book(start)).await)
            .expect("the book was created")
    }

    pub async fn page(&self, start: i64) -> PageTable {
        PageTable::from_bytes(&self.client.data(&self.addresses.page(start)).await)
            .expect("the page was created")
    }

    async fn interval_page(&self, start: i64) -> IntervalPageTable {
        IntervalPageTable::from_bytes(&self.client.data(&self.addresses.interval_page(start)).await)
            .expect("the page was created")
    }

    pub async fn ledger(&self) -> LedgerTable {
        LedgerTable::from_bytes(&self.client.data(&self.addresses.ledger).await)
            .expect("the ledger was created")
    }

    pub async fn outcome(&self, start: i64) -> Outcome {
        let book = self.book(start).await;
        let page = self.page(start).await;
        let readings = self.interval_page(start).await;
        let ledger = self.ledger().await;
        let history = HistoryTable::from_bytes(&self.client.data(&self.addresses.history).await)
            .expect("the history was created");
        let orders: Vec<_> = book.live_orders().collect();
        let phase = book.phase().expect("a phase that the client knows");
        let finished = readings.header.finished_meters;
        let PageTable {
            header,
            windows,
            positions,
        } = page;
        Outcome {
            book: format!("{phase:?} {:?} {orders:?}", book.nodes),
            page: format!("{} {windows:?} {positions:?}", header.final_seats),
            energy: format!("{finished} {:?} {:?}", readings.registers, readings.entries),
            money: ledger
                .seats
                .iter()
                .map(|seat| (seat.free, seat.locked, seat.debt(), seat.claim(), seat.owed))
                .collect(),
            fees: ledger.header.fees,
            escrow: ledger.header.escrow,
            history: format!("{:?}", history.records),
        }
    }

    /// Seats, escrow and fees are the vault's, to the milli-atom.
    pub async fn conserves(&self) {
        let ledger = self.ledger().await;
        let seats: u64 = ledger
            .seats
            .iter()
            .map(|seat| seat.free + seat.locked + seat.held)
            .sum();
        let vault = self.client.tokens(&self.addresses.vault).await;
        assert_eq!(
            seats + ledger.header.escrow + ledger.header.fees,
            vault * 1000
        );
    }

    /// Every member takes out its whole atoms.
    pub async fn withdraw_all(&self) {
        for member in self.members() {
            let free = self.ledger().await.seats[usize::from(member.seat)].free;
            let withdraw =
                self.addresses
                    .withdraw(member.address(), member.tokens, member.seat, free / 1000);
            self.client
                .send(&member.wallet, &[withdraw], &[])
                .await
                .expect("free money is the owner's");
        }
    }
}
