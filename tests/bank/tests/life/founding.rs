//! How a community comes to be on the bank: its tables, its market, its members.

use joulebook_client::{
    market::{accounts::Market, instructions as market},
    oracle::{instructions as oracle, types::MeterDetails},
    registry::{accounts::Participant, instructions as registry, types::Preferences},
};
use joulebook_testkit::{
    world::{CONSUMER, PRODUCER},
    Addresses, Device, Household, Setup,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    bank::{Bank, Teller},
    village::Village,
};

const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);
/// Atoms that everyone starts with, and of which they deposit half.
pub const ATOMS: u64 = 200_000_000;

impl Village {
    pub async fn found(bank: &Bank, setup: Setup, households: usize) -> Village {
        let (authority, _) = bank.newcomer(0).await;
        let at = Addresses::of(&authority.pubkey(), 1, bank.mint(), spl_token_interface::ID);
        let teller = bank.teller();
        create_community(&teller, &at, &authority).await;
        let supplier = admit(bank, &at, &authority, "supplier").await;
        let grid_operator = admit(bank, &at, &authority, "grid operator").await;
        let mut village = Village {
            at,
            teller,
            supplier,
            grid_operator,
            households: vec![],
            setup,
            authority,
        };
        village.create_meter_table().await;
        village.create_market().await;
        for number in 0..households {
            let name = format!("household {number}");
            let household = admit(bank, &village.at, &village.authority, &name).await;
            let device = village.register(&household, number as u32).await;
            village.households.push(Household {
                devices: vec![device],
                ..household
            });
        }
        for member in village.members() {
            village.settle_in(member).await;
        }
        village
    }

    async fn govern(&self, instructions: &[Instruction]) {
        self.teller
            .send(&self.authority, instructions, &[])
            .await
            .expect("the authority may");
    }

    /// Grows a table until it has its full length.
    async fn grow(&self, table: Address, growth: Instruction) {
        loop {
            let before = self.teller.data(&table).await.len();
            self.govern(&[growth.clone(), growth.clone()]).await;
            if self.teller.data(&table).await.len() == before {
                return;
            }
            self.teller.next_blockhash().await;
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
        let (community, meter_table) = (self.at.community, self.at.meter_table);
        let authority = self.authority.pubkey();
        let create = oracle::CreateMeterTable {
            community,
            meter_table,
            authority,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(oracle::CreateMeterTableInstructionArgs {
            interval_seconds: self.setup.window_seconds,
            capacity: self.setup.meters,
            ring: self.setup.interval_ring,
            violation_limit: self.setup.violation_limit,
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
            new_settlement: self.at.market,
        });
        self.govern(&[settle]).await;
        for slot in 0..self.setup.interval_ring {
            let interval = self.at.interval_slot(slot);
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
        let (community, address) = (self.at.community, self.at.market);
        let setup = self.setup.clone();
        let create = market::CreateMarket {
            authority,
            community,
            meter_table: self.at.meter_table,
            supplier: self.supplier.participant,
            grid_operator: self.grid_operator.participant,
            market: address,
            quote_mint: self.at.quote_mint,
            vault: self.at.vault,
            token_program: self.at.token_program,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(market::CreateMarketInstructionArgs {
            window_seconds: setup.window_seconds,
            ring: setup.ring,
            seats: setup.seats,
            orders: setup.orders,
            ticks: setup.ticks,
            history: setup.history,
            max_orders_per_seat: setup.max_orders_per_seat,
            nodes: 1,
            rule: 0,
            tariff: setup.tariff,
            terms: setup.terms,
        });
        let ledger = market::CreateLedger {
            authority,
            community,
            market: address,
            ledger: self.at.ledger,
            system_program: SYSTEM_PROGRAM,
        };
        let history = market::CreateHistory {
            authority,
            community,
            market: address,
            history: self.at.history,
            system_program: SYSTEM_PROGRAM,
        };
        self.govern(&[create]).await;
        self.govern(&[ledger.instruction(), history.instruction()])
            .await;
        self.grow_market(self.at.ledger).await;
        self.grow_market(self.at.history).await;
        for slot in 0..self.setup.ring {
            let window = self.at.window_slot(slot);
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
        let market = Market::from_bytes(&self.teller.data(&address).await);
        self.at = self
            .at
            .clone()
            .with_sizes(&market.expect("the market was created"));
    }

    async fn register(&self, owner: &Household, number: u32) -> Device {
        let key = Keypair::new();
        let register = oracle::RegisterMeter {
            community: self.at.community,
            meter_table: self.at.meter_table,
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
            market: self.at.market,
            participant: member.participant,
            ledger: self.at.ledger,
        };
        let deposit = self.at.deposit(member, member.seat, ATOMS / 2);
        self.teller
            .send(&member.wallet, &[open.instruction(), deposit], &[])
            .await
            .expect("a member takes its seat");
    }
}

async fn create_community(teller: &Teller, at: &Addresses, founder: &Keypair) {
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
    teller
        .send(founder, &[create], &[])
        .await
        .expect("a community can be founded");
}

/// Somebody new applies and is approved.
async fn admit(bank: &Bank, at: &Addresses, authority: &Keypair, name: &str) -> Household {
    let (wallet, tokens) = bank.newcomer(ATOMS).await;
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
    let teller = bank.teller();
    teller
        .send(&wallet, &[apply, approve], &[authority])
        .await
        .expect("whoever applies is approved");
    let record = Participant::from_bytes(&teller.data(&participant).await);
    Household {
        name: name.to_string(),
        wallet,
        participant,
        seat: record.expect("it was approved").index,
        tokens,
        devices: vec![],
    }
}
