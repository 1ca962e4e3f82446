//! A community of a few households on the bank, and its everyday life; whoever acts pays for it.

use joulebook_client::{
    layout::market::NewOrder,
    tables::{HistoryTable, LedgerTable, WindowTable},
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

/// Everything a window's life leaves behind.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub window: String,
    pub money: Vec<(u64, u64, u64)>,
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

    /// What every meter has counted goes to the oracle for the interval at `start`, a gateway paying.
    pub async fn read(&mut self, gateway: &Keypair, start: i64, flows: &[(u64, u64)]) {
        let boundary = start + i64::from(self.parameters.window_seconds);
        let community = self.addresses.community;
        let mut readings = vec![];
        for (household, (import, export)) in self.households.iter_mut().zip(flows) {
            for device in &mut household.devices {
                device.flow(*import, *export);
                readings.push(device.signed(&community, boundary));
            }
        }
        for batch in readings.chunks(6) {
            let submit = self.addresses.submit_readings(start, batch.to_vec());
            self.client
                .send(gateway, &[submit], &[])
                .await
                .expect("readings never fail");
        }
    }

    pub async fn window(&self, start: i64) -> WindowTable {
        WindowTable::from_bytes(&self.client.data(&self.addresses.window(start)).await)
            .expect("the window was created")
    }

    pub async fn ledger(&self) -> LedgerTable {
        LedgerTable::from_bytes(&self.client.data(&self.addresses.ledger).await)
            .expect("the ledger was created")
    }

    pub async fn outcome(&self, start: i64) -> Outcome {
        let window = self.window(start).await;
        let ledger = self.ledger().await;
        let history = HistoryTable::from_bytes(&self.client.data(&self.addresses.history).await)
            .expect("the history was created");
        let orders: Vec<_> = window.live_orders().collect();
        let header = &window.header;
        let counters = (header.phase, header.order_cursor, header.seat_cursor);
        Outcome {
            window: format!(
                "{counters:?} {:?} {orders:?} {:?}",
                window.nodes, window.positions
            ),
            money: ledger
                .seats
                .iter()
                .map(|seat| (seat.free, seat.locked, seat.debt))
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
            .map(|seat| seat.free + seat.locked)
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
