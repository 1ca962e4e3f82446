//! How a community comes to be on the bank: by the same transactions as in LiteSVM.

use joulebook_client::{
    layout::{oracle::KeyKind, registry::Participant},
    Addresses,
};
use joulebook_metering::register::PowerLimits;
use joulebook_sim::{
    founding::{self, Founder, Transaction},
    roles::{CONSUMER, PRODUCER},
    Device, Household, Parameters,
};
use joulebook_units::Watts;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    bank::{Bank, BankClient},
    community::BankCommunity,
};

/// Atoms that everyone starts with, and of which they deposit half.
pub const ATOMS: u64 = 200_000_000;
/// The community's number among the founder's.
const ID: u64 = 1;
/// What each household's connection carries each way.
const LIMIT: Watts = Watts(10_000);

impl BankCommunity {
    pub async fn found(bank: &Bank, parameters: Parameters, households: usize) -> BankCommunity {
        let (authority, _) = bank.funded_wallet(0).await;
        let addresses = Addresses::new(
            Addresses::community_of(&authority.pubkey(), ID),
            bank.mint(),
            spl_token_interface::ID,
            parameters.rings(),
        );
        let founder = Founder {
            authority: authority.pubkey(),
            payer: authority.pubkey(),
        };
        let client = bank.client();
        let found = founding::community(&addresses, founder, ID, &parameters);
        send_all(&client, &authority, vec![found]).await;
        let supplier = admit(bank, &addresses, &authority, "supplier").await;
        let grid_operator = admit(bank, &addresses, &authority, "grid operator").await;
        let mut tables = founding::meter_table(
            &addresses,
            founder,
            parameters.meter_table(),
            addresses.market,
        );
        tables.extend(founding::market(
            &addresses,
            founder,
            &parameters,
            &supplier.address(),
            &grid_operator.address(),
        ));
        send_all(&client, &authority, tables).await;
        let mut community = BankCommunity {
            addresses,
            client,
            supplier,
            grid_operator,
            households: vec![],
            parameters,
        };
        for number in 0..households {
            let name = format!("household {number}");
            let household = admit(bank, &community.addresses, &authority, &name).await;
            let device = community
                .register(&authority, &household, number as u32)
                .await;
            community.households.push(Household {
                devices: vec![device],
                ..household
            });
        }
        for member in community.members() {
            community.take_seat(member).await;
        }
        community
    }

    async fn register(&self, authority: &Keypair, owner: &Household, number: u32) -> Device {
        let key = Keypair::new();
        let meter = founding::meter(
            &self.addresses,
            authority.pubkey(),
            &owner.address(),
            (key.pubkey().to_bytes(), KeyKind::Ed25519),
            PowerLimits {
                import: LIMIT,
                export: LIMIT,
            },
        );
        self.client
            .send(authority, &meter, &[&owner.wallet])
            .await
            .expect("authority and owner agree");
        Device::new(key, number)
    }

    /// Opens a member's seat and deposits half of what it has.
    async fn take_seat(&self, member: &Household) {
        let mut seat = founding::seat(&self.addresses, member.address());
        seat.push(
            self.addresses
                .deposit(member.address(), member.tokens, member.seat, ATOMS / 2),
        );
        self.client
            .send(&member.wallet, &seat, &[])
            .await
            .expect("a member takes its seat");
    }
}

/// Sends transactions that the authority signs and pays for.
async fn send_all(client: &BankClient, authority: &Keypair, transactions: Vec<Transaction>) {
    let mut last = None;
    for transaction in transactions {
        if last.as_ref() == Some(&transaction) {
            client.next_blockhash().await;
        }
        client
            .send(authority, &transaction, &[])
            .await
            .expect("the authority may");
        last = Some(transaction);
    }
}

/// Somebody new applies and is approved.
async fn admit(bank: &Bank, addresses: &Addresses, authority: &Keypair, name: &str) -> Household {
    let (wallet, tokens) = bank.funded_wallet(ATOMS).await;
    let roles = CONSUMER | PRODUCER;
    let admission = founding::admission(addresses, authority.pubkey(), wallet.pubkey(), roles);
    let client = bank.client();
    client
        .send(&wallet, &admission, &[authority])
        .await
        .expect("whoever applies is approved");
    let participant = addresses.participant(&wallet.pubkey());
    let record = Participant::from_bytes(&client.data(&participant).await);
    Household {
        name: name.to_string(),
        wallet,
        participant,
        seat: record.expect("it was approved").index,
        tokens,
        devices: vec![],
    }
}
