//! A founded community in LiteSVM, with whoever lives in it.

mod closing;
mod device;
mod everyday;
mod household;
mod joining;
mod rent;
mod secure_element;
mod state;

use joulebook_client::{layout::registry::Participant, Addresses};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub use closing::Payouts;
pub use device::Device;
pub use household::Household;
pub use joining::LIMITS;
pub use rent::{in_sol, AccountRent};
pub use secure_element::SecureElement;

use crate::{
    founding::{self, Founder, Transaction},
    roles::{CONSUMER, PRODUCER},
    Chain, Failure, Parameters, Receipt, Token,
};

/// Decides the keys of a community that is given no chain.
const SEED: u64 = 0;

/// A community with market, supplier, grid operator and households, on a chain of its own.
pub struct LocalCommunity {
    pub chain: Chain,
    pub parameters: Parameters,
    pub token: Token,
    pub addresses: Addresses,
    pub authority: Keypair,
    pub supplier: Household,
    pub grid_operator: Household,
    pub households: Vec<Household>,
    /// Atoms that were ever minted to households, supplier and grid operator.
    pub minted: u64,
}

impl LocalCommunity {
    /// Founds the community and its market on the programs in `target/deploy`; no households yet. Its keys are the same each
    /// time.
    ///
    /// # Errors
    /// What is missing, or what the chain refused.
    pub fn new(parameters: Parameters) -> Result<LocalCommunity, String> {
        let chain = Chain::new(&Chain::programs_dir(), SEED)?;
        LocalCommunity::on(chain, parameters, 0).map_err(|failure| failure.to_string())
    }

    /// A community with number `id` of a new founder, on a chain that may hold others.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn on(chain: Chain, parameters: Parameters, id: u64) -> Result<LocalCommunity, Failure> {
        let mut community = LocalCommunity::without_market(chain, parameters, id)?;
        community.create_market()?;
        for operator in [&community.supplier, &community.grid_operator] {
            let seat = founding::seat(&community.addresses, operator.address());
            community.chain.send(&seat, &[&operator.wallet])?;
        }
        Ok(community)
    }

    /// A community with supplier, grid operator and meter table, and no market yet.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn without_market(
        mut chain: Chain,
        parameters: Parameters,
        id: u64,
    ) -> Result<LocalCommunity, Failure> {
        chain.set_time(parameters.now);
        let token = Token::create(&mut chain, parameters.token)?;
        let authority = chain.new_key();
        chain.fund(&authority.pubkey());
        let addresses = Addresses::new(
            Addresses::community_of(&authority.pubkey(), id),
            token.mint,
            token.program,
            parameters.rings(),
        );
        let [supplier, grid_operator] =
            ["supplier", "grid operator"].map(|name| Household::unknown(name, chain.new_key()));
        let mut community = LocalCommunity {
            chain,
            parameters,
            token,
            addresses,
            authority,
            supplier,
            grid_operator,
            households: vec![],
            minted: 0,
        };
        let found = founding::community(
            &community.addresses,
            community.founder(),
            id,
            &community.parameters,
        );
        community.send_as_authority(&found)?;
        community.supplier = community.admit("supplier", CONSUMER | PRODUCER)?;
        community.grid_operator = community.admit("grid operator", CONSUMER)?;
        community.send_all(founding::meter_table(
            &community.addresses,
            community.founder(),
            community.parameters.meter_table(),
            community.addresses.market,
        ))?;
        Ok(community)
    }

    /// Creates the market with its tables; no seats yet.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn create_market(&mut self) -> Result<(), Failure> {
        self.addresses = Addresses::new(
            self.addresses.community,
            self.token.mint,
            self.token.program,
            self.parameters.rings(),
        );
        self.send_all(founding::market(
            &self.addresses,
            self.founder(),
            &self.parameters,
            &self.supplier.address(),
            &self.grid_operator.address(),
        ))
    }

    /// The instruction that creates the market as the parameters say.
    pub fn create_market_instruction(&self) -> Instruction {
        self.addresses.create_market(
            self.authority.pubkey(),
            &self.supplier.address(),
            &self.grid_operator.address(),
            self.parameters.create_market(),
        )
    }

    /// Lets someone apply and approves them; no seat, no meters, no money.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn admit(&mut self, name: &str, roles: u16) -> Result<Household, Failure> {
        let wallet = self.chain.new_key();
        self.chain.fund(&wallet.pubkey());
        let (authority, address) = (self.authority.pubkey(), wallet.pubkey());
        let admission = founding::admission(&self.addresses, authority, address, roles);
        self.chain.send(&admission, &[&wallet, &self.authority])?;
        let tokens = self.token.account(&mut self.chain, &address, 0)?;
        let participant = self.addresses.participant(&address);
        let record = Participant::from_bytes(&self.chain.data(&participant));
        Ok(Household {
            name: name.to_string(),
            wallet,
            participant,
            seat: record.map_or(u16::MAX, |record| record.index),
            tokens,
            devices: vec![],
        })
    }

    fn founder(&self) -> Founder {
        Founder {
            authority: self.authority.pubkey(),
            payer: self.chain.payer.pubkey(),
        }
    }

    fn send_all(&mut self, transactions: Vec<Transaction>) -> Result<(), Failure> {
        transactions
            .iter()
            .try_for_each(|transaction| self.send_as_authority(transaction).map(|_| ()))
    }

    /// Sends a transaction that nobody but the authority, and who pays, may have to sign.
    pub(crate) fn send_as_authority(
        &mut self,
        instructions: &[Instruction],
    ) -> Result<Receipt, Failure> {
        let authority = self.authority.pubkey();
        let signs = |key: &Address| {
            let accounts = instructions
                .iter()
                .flat_map(|instruction| &instruction.accounts);
            accounts
                .filter(|meta| meta.is_signer)
                .any(|meta| meta.pubkey == *key)
        };
        match signs(&authority) {
            true => self.chain.send(instructions, &[&self.authority]),
            false => self.chain.send(instructions, &[]),
        }
    }
}
