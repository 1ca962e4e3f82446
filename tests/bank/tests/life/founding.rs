//! How a community comes to be on the bank: its tables, its market, its members.

use joulebook_client::{
    market::{accounts::Market, instructions as market},
    oracle::{instructions as oracle, types::MeterDetails},
    registry::{accounts::Participant, instructions as registry, types::Preferences},
};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER},
    Addresses, Device, Household, Parameters,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    bank::{Bank, BankClient},
    community::BankCommunity,
};

const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);
/// Atoms that everyone starts with, and of which they deposit half.
pub const ATOMS: u64 = 200_000_000;

impl BankCommunity {
    pub async fn found(bank: &Bank, parameters: Parameters, households: usize) -> BankCommunity {
        let (authority, _) = bank.funded_wallet(0).await;
        let at = Addresses::of(&authority.pubkey(), 1, bank.mint(), spl_token_interface::ID);
        let client = bank.client();
        create_community(&client, &at, &authority).await;
        let supplier = admit(bank, &at, &authority, "supplier").await;
        let grid_operator = admit(bank, &at, &authority, "grid operator").await;
        let mut community = BankCommunity {
            at,
            client,
            supplier,
            grid_operator,
            households: vec![],
            parameters,
            authority,
        };
        community.create_meter_table().await;
        community.create_market().await;
        for number in 0..households {
            let name = format!("household {number}");
            let household = admit(bank, &community.addresses, &community.authority, &name).await;
            let device = community.register(&household, number as u32).await;
            community.households.push(Household {
                devices: vec![device],
                ..household
            });
        }
        for member in community.members() {
            community.settle_in(member).await;
        }
        community
    }

    async fn govern(&self, instructions: &[Instruction]) {
        self.client
            .send(&self.authority, instructions, &[])
            .await
            .expect("the authority may");
    }

    /// Grows a table until it has its full length.
    async fn grow(&self, table: Address, growth: Instruction) {
        loop {
            let before = self.client.data(&table).await.len();
            self.govern(&[growth.clone(), growth.clone()]).await;
            if self.client.data(&table).await.len() == before {
                return;
            }
            self.client.next_blockhash().await;
        }
    }

    async fn grow_meters(&self, table: Address) {
        let growth = oracle::GrowTable {
            table,
            payer: self.authority.pubkey(),
            system_program: SYSTEM_PROGRAM,
        };
        self.grow(table, growth.instruction()).await;
    }

    async fn grow_market(&self, table: Address) {
        let growth = market::GrowTable {
            table,
            payer: self.authority.pubkey(),
            system_program: SYSTEM_PROGRAM,
        };
        self.grow(table, growth.instruction()).await;
    }

    async fn create_meter_table(&self) {
        let (community, meter_table) = (self.addresses.community, self.addresses.meter_table);
        let authority = self.authority.pubkey();
        let create = oracle::CreateMeterTable {
            community,
            meter_table,
            authority,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(oracle::CreateMeterTableInstructionArgs {
            interval_seconds: self.parameters.window_seconds,
            capacity: self.parameters.meters,
            ring: self.parameters.interval_ring,
            violation_limit: self.parameters.violation_limit,
        });
        self.govern(&[create]).await;
        self.grow_meters(meter_table).await;
        let settle = oracle::SetSettlement {
            community,
            meter_table,
            settlement: SYSTEM_PROGRAM,
            authority,
        }
        .instruction(oracle::SetSettlementInstructionArgs {
            new_settlement: self.addresses.market,
        });
        self.govern(&[settle]).await;
        for slot in 0..self.parameters.interval_ring {
            let interval = self.addresses.interval_slot(slot);
            let create = oracle::CreateInterval {
                community,
                meter_table,
                interval,
                authority,
                system_program: SYSTEM_PROGRAM,
            }
            .instruction(oracle::CreateIntervalInstructionArgs { slot });
            self.govern(&[create]).await;
            self.grow_meters(interval).await;
        }
    }

    async fn create_market(&mut self) {
        let authority = self.authority.pubkey();
        let (community, address) = (self.addresses.community, self.addresses.market);
        let parameters = self.parameters.clone();
        let create = market::CreateMarket {
            authority,
            community,
            meter_table: self.addresses.meter_table,
            supplier: self.supplier.participant,
            grid_operator: self.grid_operator.participant,
            market: address,
            quote_mint: self.addresses.quote_mint,
            vault: self.addresses.vault,
            token_program: self.addresses.token_program,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(market::CreateMarketInstructionArgs {
            window_seconds: parameters.window_seconds,
            ring: parameters.ring,
            seats: parameters.seats,
            orders: parameters.orders,
            ticks: parameters.ticks,
            history: parameters.history,
            max_orders_per_seat: parameters.max_orders_per_seat,
            nodes: 1,
            rule: 0,
            tariff: parameters.tariff,
            terms: parameters.terms,
        });
        let ledger = market::CreateLedger {
            authority,
            community,
            market: address,
            ledger: self.addresses.ledger,
            system_program: SYSTEM_PROGRAM,
        };
        let history = market::CreateHistory {
            authority,
            community,
            market: address,
            history: self.addresses.history,
            system_program: SYSTEM_PROGRAM,
        };
        self.govern(&[create]).await;
        self.govern(&[ledger.instruction(), history.instruction()])
            .await;
        self.grow_market(self.addresses.ledger).await;
        self.grow_market(self.addresses.history).await;
        for slot in 0..self.parameters.ring {
            let window = self.addresses.window_slot(slot);
            let create = market::CreateWindow {
                authority,
                community,
                market: address,
                window,
                system_program: SYSTEM_PROGRAM,
            }
            .instruction(market::CreateWindowInstructionArgs { slot });
            self.govern(&[create]).await;
            self.grow_market(window).await;
        }
        let market = Market::from_bytes(&self.client.data(&address).await);
        self.addresses = self
            .addresses
            .clone()
            .with_sizes(&market.expect("the market was created"));
    }

    async fn register(&self, owner: &Household, number: u32) -> Device {
        let key = Keypair::new();
        let register = oracle::RegisterMeter {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: owner.participant,
            actor: self.authority.pubkey(),
            acting: None,
        }
        .instruction(oracle::RegisterMeterInstructionArgs {
            details: MeterDetails {
                device: key.pubkey().to_bytes(),
                zone: 0,
                asset_kind: 5,
                source: 1,
                max_import: 10_000,
                max_export: 10_000,
                import: 0,
                export: 0,
            },
        });
        self.govern(&[register]).await;
        Device {
            key,
            number,
            sequence: 0,
            import: 0,
            export: 0,
        }
    }

    /// Opens a member's seat and deposits half of what it has.
    async fn settle_in(&self, member: &Household) {
        let open = market::OpenSeat {
            owner: member.address(),
            market: self.addresses.market,
            participant: member.participant,
            ledger: self.addresses.ledger,
        };
        let deposit =
            self.addresses
                .deposit(member.address(), member.tokens, member.seat, ATOMS / 2);
        self.client
            .send(&member.wallet, &[open.instruction(), deposit], &[])
            .await
            .expect("a member takes its seat");
    }
}

async fn create_community(client: &BankClient, at: &Addresses, founder: &Keypair) {
    let create = registry::CreateCommunity {
        community: at.community,
        founder: founder.pubkey(),
        quote_mint: at.quote_mint,
        system_program: SYSTEM_PROGRAM,
    }
    .instruction(registry::CreateCommunityInstructionArgs {
        id: 1,
        name: "Sonnenhof".to_string(),
        zones: vec!["feeder 1".to_string()],
    });
    client
        .send(founder, &[create], &[])
        .await
        .expect("a community can be founded");
}

/// Somebody new applies and is approved.
async fn admit(bank: &Bank, at: &Addresses, authority: &Keypair, name: &str) -> Household {
    let (wallet, tokens) = bank.funded_wallet(ATOMS).await;
    let participant = at.participant(&wallet.pubkey());
    let roles = CONSUMER | PRODUCER;
    let apply = registry::Apply {
        community: at.community,
        participant,
        wallet: wallet.pubkey(),
        system_program: SYSTEM_PROGRAM,
    }
    .instruction(registry::ApplyInstructionArgs {
        roles,
        zone: 0,
        balancing_group: 0,
        identity_hash: [0; 32],
        preferences: Preferences {
            local_premium: 0,
            sources: 0,
            reserved: 0,
        },
    });
    let approve = registry::Approve {
        community: at.community,
        participant,
        actor: authority.pubkey(),
        acting: None,
    }
    .instruction(registry::ApproveInstructionArgs { roles });
    let client = bank.client();
    client
        .send(&wallet, &[apply, approve], &[authority])
        .await
        .expect("whoever applies is approved");
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
