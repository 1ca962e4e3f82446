use joulebook_client::{
    market::{
        accounts::Market,
        instructions as market,
        types::{NewOrder, OrderRef},
    },
    oracle::{instructions as oracle, types::SignedReading},
    registry::{accounts::Participant, instructions as registry, types::Preferences},
    tables::{HistoryTable, IntervalTable, LedgerTable, MeterRecords, Seat, WindowTable},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{Addresses, Chain, Failure, Household, Receipt, Parameters, Token};

const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);
/// Growing instructions that fit one transaction.
const GROWTHS_PER_TRANSACTION: usize = 8;

pub const CONSUMER: u16 = 1;
pub const PRODUCER: u16 = 1 << 1;
pub const STORAGE: u16 = 1 << 2;
pub const VERIFIER: u16 = 1 << 4;
pub const OPERATOR: u16 = 1 << 6;
pub const EMERGENCY: u16 = 1 << 7;

/// A community with market, supplier, grid operator and households.
pub struct Community {
    pub chain: Chain,
    pub parameters: Parameters,
    pub token: Token,
    pub at: Addresses,
    pub authority: Keypair,
    pub supplier: Household,
    pub grid_operator: Household,
    pub households: Vec<Household>,
    /// Atoms that were ever minted to households, supplier and grid operator.
    pub minted: u64,
    /// Rent locked in the tables, lamports.
    pub rent: u64,
}

impl Community {
    /// Builds the community and its market on the programs in `target/deploy`; no households yet.
    ///
    /// # Errors
    /// What is missing, or what the chain refused.
    pub fn new(parameters: Parameters) -> Result<Community, String> {
        let chain = Chain::new(&Chain::programs_dir())?;
        Community::on(chain, parameters, 0).map_err(|failure| failure.to_string())
    }

    /// A community with number `id` of a new founder, on a chain that may hold others.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn on(chain: Chain, parameters: Parameters, id: u64) -> Result<Community, Failure> {
        let mut community = Community::founded(chain, parameters, id)?;
        community.create_market()?;
        for operator in [&community.supplier, &community.grid_operator] {
            let open = community.open_seat_of(operator);
            community.chain.send(&[open], &[&operator.wallet])?;
        }
        Ok(community)
    }

    /// A community with supplier, grid operator and meter table, and no market yet.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn founded(mut chain: Chain, parameters: Parameters, id: u64) -> Result<Community, Failure> {
        chain.set_time(parameters.now);
        let token = Token::create(&mut chain, parameters.token)?;
        let authority = Keypair::new();
        chain.fund(&authority.pubkey());
        let at = Addresses::of(&authority.pubkey(), id, token.mint, token.program);
        let nobody = |name: &str| Household {
            name: name.to_string(),
            wallet: Keypair::new(),
            participant: Address::default(),
            seat: u16::MAX,
            tokens: Address::default(),
            devices: vec![],
        };
        let mut community = Community {
            chain,
            parameters,
            token,
            at,
            authority,
            supplier: nobody("supplier"),
            grid_operator: nobody("grid operator"),
            households: vec![],
            minted: 0,
            rent: 0,
        };
        community.create_community(id)?;
        community.supplier = community.admit("supplier", CONSUMER | PRODUCER)?;
        community.grid_operator = community.admit("grid operator", CONSUMER)?;
        community.create_meter_table()?;
        Ok(community)
    }

    pub(crate) fn as_authority(
        &mut self,
        instructions: &[Instruction],
    ) -> Result<Receipt, Failure> {
        self.chain.send(instructions, &[&self.authority])
    }

    fn create_community(&mut self, id: u64) -> Result<(), Failure> {
        let instruction = registry::CreateCommunity {
            community: self.addresses.community,
            founder: self.authority.pubkey(),
            quote_mint: self.addresses.quote_mint,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(registry::CreateCommunityInstructionArgs {
            id,
            name: "Sonnenhof".to_string(),
            zones: vec!["feeder 1".to_string()],
        });
        self.as_authority(&[instruction]).map(|_| ())
    }

    fn create_meter_table(&mut self) -> Result<(), Failure> {
        let parameters = self.parameters.clone();
        let create = oracle::CreateMeterTable {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            authority: self.authority.pubkey(),
            system_program: SYSTEM_PROGRAM,
        }
        .instruction(oracle::CreateMeterTableInstructionArgs {
            interval_seconds: parameters.window_seconds,
            capacity: parameters.meters,
            ring: parameters.interval_ring,
            violation_limit: parameters.violation_limit,
        });
        let settle = oracle::SetSettlement {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            settlement: SYSTEM_PROGRAM,
            authority: self.authority.pubkey(),
        }
        .instruction(oracle::SetSettlementInstructionArgs {
            new_settlement: self.addresses.market,
        });
        self.as_authority(&[create])?;
        self.grow(self.addresses.meter_table, Self::grow_oracle_table)?;
        self.as_authority(&[settle])?;
        for slot in 0..parameters.interval_ring {
            let interval = self.addresses.interval_slot(slot);
            let create = oracle::CreateInterval {
                community: self.addresses.community,
                meter_table: self.addresses.meter_table,
                interval,
                authority: self.authority.pubkey(),
                system_program: SYSTEM_PROGRAM,
            }
            .instruction(oracle::CreateIntervalInstructionArgs { slot });
            self.as_authority(&[create])?;
            self.grow(interval, Self::grow_oracle_table)?;
        }
        Ok(())
    }

    pub fn create_market_instruction(&self) -> Instruction {
        let parameters = self.parameters.clone();
        market::CreateMarket {
            authority: self.authority.pubkey(),
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            supplier: self.supplier.participant,
            grid_operator: self.grid_operator.participant,
            market: self.addresses.market,
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
        })
    }

    /// Creates the market with its tables; no seats yet.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn create_market(&mut self) -> Result<(), Failure> {
        let create = self.create_market_instruction();
        self.as_authority(&[create])?;
        self.addresses = self.addresses.clone().with_sizes(&self.market());
        let authority = self.authority.pubkey();
        let (community, market_address) = (self.addresses.community, self.addresses.market);
        let ledger = market::CreateLedger {
            authority,
            community,
            market: market_address,
            ledger: self.addresses.ledger,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction();
        let history = market::CreateHistory {
            authority,
            community,
            market: market_address,
            history: self.addresses.history,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction();
        self.as_authority(&[ledger, history])?;
        self.grow(self.addresses.ledger, Self::grow_market_table)?;
        self.grow(self.addresses.history, Self::grow_market_table)?;
        for slot in 0..self.parameters.ring {
            let window = self.addresses.window_slot(slot);
            let create = market::CreateWindow {
                authority,
                community,
                market: market_address,
                window,
                system_program: SYSTEM_PROGRAM,
            }
            .instruction(market::CreateWindowInstructionArgs { slot });
            self.as_authority(&[create])?;
            self.grow(window, Self::grow_market_table)?;
        }
        Ok(())
    }

    fn grow_oracle_table(payer: Address, table: Address) -> Instruction {
        oracle::GrowTable {
            table,
            payer,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    pub fn grow_market_table(payer: Address, table: Address) -> Instruction {
        market::GrowTable {
            payer,
            table,
            system_program: SYSTEM_PROGRAM,
        }
        .instruction()
    }

    /// Grows a table until it has its full length.
    fn grow(
        &mut self,
        table: Address,
        instruction: fn(Address, Address) -> Instruction,
    ) -> Result<(), Failure> {
        let payer = self.chain.payer.pubkey();
        loop {
            let before = self.chain.data(&table).len();
            let growth = instruction(payer, table);
            self.chain
                .send(&vec![growth; GROWTHS_PER_TRANSACTION], &[])?;
            if self.chain.data(&table).len() == before {
                self.rent += self.chain.lamports(&table);
                return Ok(());
            }
        }
    }

    /// Lets someone apply and approves them; no seat, no meters, no money.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn admit(&mut self, name: &str, roles: u16) -> Result<Household, Failure> {
        let wallet = Keypair::new();
        self.chain.fund(&wallet.pubkey());
        let participant = self.addresses.participant(&wallet.pubkey());
        let apply = registry::Apply {
            community: self.addresses.community,
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
            community: self.addresses.community,
            participant,
            actor: self.authority.pubkey(),
            acting: None,
        }
        .instruction(registry::ApproveInstructionArgs { roles });
        self.chain
            .send(&[apply, approve], &[&wallet, &self.authority])?;
        let tokens = self.token.account(&mut self.chain, &wallet.pubkey(), 0)?;
        let seat = Participant::from_bytes(&self.chain.data(&participant))
            .map(|participant| participant.index)
            .unwrap_or(u16::MAX);
        Ok(Household {
            name: name.to_string(),
            wallet,
            participant,
            seat,
            tokens,
            devices: vec![],
        })
    }

    /// The instruction by which `household` opens its seat.
    pub fn open_seat_of(&self, household: &Household) -> Instruction {
        market::OpenSeat {
            owner: household.address(),
            market: self.addresses.market,
            participant: household.participant,
            ledger: self.addresses.ledger,
        }
        .instruction()
    }

    /// Admits a household that buys and sells, with a seat, one meter and `atoms` deposited; returns its
    /// place in [`Community::households`].
    ///
    /// # Errors
    /// What the chain refused.
    pub fn join(&mut self, name: &str, atoms: u64) -> Result<usize, Failure> {
        let place = self.take_seat(name)?;
        self.add_meter(place)?;
        if atoms > 0 {
            self.deposit(place, atoms)?;
        }
        Ok(place)
    }

    /// Mints `atoms` to household `place` and deposits them in its seat.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn deposit(&mut self, place: usize, atoms: u64) -> Result<Receipt, Failure> {
        let household = &self.households[place];
        self.minted += atoms;
        self.token
            .mint_to(&mut self.chain, &household.tokens, atoms)?;
        let instruction = self.addresses.deposit(household, household.seat, atoms);
        self.chain.send(&[instruction], &[&household.wallet])
    }

    /// Mints `atoms` to the supplier and deposits them.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn fund_supplier(&mut self, atoms: u64) -> Result<Receipt, Failure> {
        self.minted += atoms;
        self.token
            .mint_to(&mut self.chain, &self.supplier.tokens, atoms)?;
        let instruction = self.addresses.deposit(&self.supplier, self.supplier.seat, atoms);
        self.chain.send(&[instruction], &[&self.supplier.wallet])
    }

    /// # Errors
    /// What the chain refused.
    pub fn withdraw(&mut self, place: usize, atoms: u64) -> Result<Receipt, Failure> {
        let household = &self.households[place];
        let instruction = self.addresses.withdraw(household, atoms);
        self.chain.send(&[instruction], &[&household.wallet])
    }

    /// # Errors
    /// What the chain refused.
    pub fn place(
        &mut self,
        place: usize,
        start: i64,
        orders: Vec<NewOrder>,
    ) -> Result<Receipt, Failure> {
        let household = &self.households[place];
        let instruction = self
            .addresses
            .place_orders(&household.address(), household, start, orders);
        self.chain.send(&[instruction], &[&household.wallet])
    }

    /// # Errors
    /// What the chain refused.
    pub fn cancel(
        &mut self,
        place: usize,
        start: i64,
        orders: Vec<OrderRef>,
    ) -> Result<Receipt, Failure> {
        let household = &self.households[place];
        let instruction =
            self.addresses
                .cancel_orders(&household.address(), household.seat, start, orders);
        self.chain.send(&[instruction], &[&household.wallet])
    }

    /// Sends readings of the interval at `start`, as many in a transaction as fit.
    ///
    /// # Errors
    /// What the chain refused; a reading's own result is in the receipts' events.
    pub fn submit(
        &mut self,
        start: i64,
        readings: Vec<SignedReading>,
    ) -> Result<Vec<Receipt>, Failure> {
        const FIT: usize = 8;
        readings
            .chunks(FIT)
            .map(|batch| {
                let instruction = self.addresses.submit_readings(start, batch.to_vec());
                self.chain.send(&[instruction], &[])
            })
            .collect()
    }

    /// Every household's meters read for the end of the window at `start`, after `flows` (import and
    /// export in Wh of the household's first meter) went through them.
    pub fn read_meters(&mut self, start: i64, flows: &[(u64, u64)]) -> Vec<SignedReading> {
        let boundary = start + i64::from(self.parameters.window_seconds);
        let community = self.addresses.community;
        let mut readings = vec![];
        for (place, household) in self.households.iter_mut().enumerate() {
            let (import, export) = flows.get(place).copied().unwrap_or((0, 0));
            for (index, device) in household.devices.iter_mut().enumerate() {
                if index == 0 {
                    device.flow(import, export);
                }
                readings.push(device.signed(&community, boundary));
            }
        }
        readings
    }

    pub fn market(&self) -> Market {
        Market::from_bytes(&self.chain.data(&self.addresses.market)).expect("the market was created")
    }

    pub fn ledger(&self) -> LedgerTable {
        LedgerTable::from_bytes(&self.chain.data(&self.addresses.ledger)).expect("the ledger was created")
    }

    pub fn seat(&self, place: usize) -> Seat {
        self.ledger().seats[usize::from(self.households[place].seat)]
    }

    pub fn supplier_seat(&self) -> Seat {
        self.ledger().seats[usize::from(self.supplier.seat)]
    }

    /// The window account that `start` uses, whichever window it holds now.
    pub fn window(&self, start: i64) -> WindowTable {
        WindowTable::from_bytes(&self.chain.data(&self.addresses.window(start)))
            .expect("the window was created")
    }

    pub fn interval(&self, start: i64) -> IntervalTable {
        IntervalTable::from_bytes(&self.chain.data(&self.addresses.interval(start)))
            .expect("the interval was created")
    }

    pub fn meters(&self) -> MeterRecords {
        MeterRecords::from_bytes(&self.chain.data(&self.addresses.meter_table))
            .expect("the meter table was created")
    }

    pub fn history(&self) -> HistoryTable {
        HistoryTable::from_bytes(&self.chain.data(&self.addresses.history))
            .expect("the history was created")
    }

    /// The first window boundary after now.
    pub fn next_start(&self) -> i64 {
        let length = i64::from(self.parameters.window_seconds);
        (self.chain.now().div_euclid(length) + 1) * length
    }
}
