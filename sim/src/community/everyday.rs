//! Money, orders and readings.

use joulebook_client::{
    layout::market::{NewOrder, OrderRef},
    market::types::StandingEntry,
    oracle::types::{SignedProfile, SignedReading},
    packing::{fitting, MAX_COMPUTE_UNITS},
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{Household, LocalCommunity};
use crate::{Failure, Receipt};

impl LocalCommunity {
    /// Mints `atoms` to household `place` and deposits them in its seat.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn deposit(&mut self, place: usize, atoms: u64) -> Result<Receipt, Failure> {
        let household = &self.households[place];
        self.minted += atoms;
        self.token
            .mint_to(&mut self.chain, &household.tokens, atoms)?;
        let deposit = self.deposit_of(household, atoms);
        let household = &self.households[place];
        self.chain.send_from(&household.wallet, &[deposit])
    }

    /// Mints `atoms` to the supplier and deposits them.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn fund_supplier(&mut self, atoms: u64) -> Result<Receipt, Failure> {
        self.minted += atoms;
        self.token
            .mint_to(&mut self.chain, &self.supplier.tokens, atoms)?;
        let deposit = self.deposit_of(&self.supplier, atoms);
        self.chain.send_from(&self.supplier.wallet, &[deposit])
    }

    /// The instruction by which `household` deposits `atoms` in its own seat.
    pub fn deposit_of(&self, household: &Household, atoms: u64) -> Instruction {
        self.addresses
            .deposit(household.address(), household.tokens, household.seat, atoms)
    }

    /// The instruction by which `household` takes `atoms` out.
    pub fn withdrawal_of(&self, household: &Household, atoms: u64) -> Instruction {
        self.addresses
            .withdraw(household.address(), household.tokens, household.seat, atoms)
    }

    /// The instruction by which `household` places orders in the window at `start`.
    pub fn orders_of(
        &self,
        household: &Household,
        start: i64,
        orders: Vec<NewOrder>,
    ) -> Instruction {
        let wallet = household.address();
        self.addresses.place_orders(wallet, &wallet, start, orders)
    }

    /// # Errors
    /// What the chain refused.
    pub fn withdraw(&mut self, place: usize, atoms: u64) -> Result<Receipt, Failure> {
        let withdrawal = self.withdrawal_of(&self.households[place], atoms);
        self.chain
            .send_from(&self.households[place].wallet, &[withdrawal])
    }

    /// # Errors
    /// What the chain refused.
    pub fn place(
        &mut self,
        place: usize,
        start: i64,
        orders: Vec<NewOrder>,
    ) -> Result<Receipt, Failure> {
        let orders = self.orders_of(&self.households[place], start, orders);
        self.chain
            .send_from(&self.households[place].wallet, &[orders])
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
        let cancel =
            self.addresses
                .cancel_orders(household.address(), household.seat, start, orders);
        self.chain.send_from(&household.wallet, &[cancel])
    }

    /// Enters standing orders of household `place`, as many in a transaction as fit.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn enter_standing_orders(
        &mut self,
        place: usize,
        entries: Vec<StandingEntry>,
    ) -> Result<Vec<Receipt>, Failure> {
        let owner = self.households[place].wallet.insecure_clone();
        self.enter_standing_orders_by(&owner, place, entries)
    }

    /// The same, signed and paid for by `trader`: the household's owner, or its delegate.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn enter_standing_orders_by(
        &mut self,
        trader: &Keypair,
        place: usize,
        entries: Vec<StandingEntry>,
    ) -> Result<Vec<Receipt>, Failure> {
        let (owner, signer) = (self.households[place].address(), trader.pubkey());
        let mut receipts = vec![];
        let mut rest = &entries[..];
        while !rest.is_empty() {
            let enter = |count: usize| {
                let entries = rest[..count].to_vec();
                vec![self.addresses.set_standing_orders(signer, &owner, entries)]
            };
            let count = fitting(&signer, rest.len(), enter);
            let batch = enter(count);
            receipts.push(self.chain.send_from(trader, &batch)?);
            rest = &rest[count..];
        }
        Ok(receipts)
    }

    /// Sends load profiles to the page of the interval at `start`, as many in a transaction as fit.
    ///
    /// # Errors
    /// What the chain refused; a profile's own result is in the receipts' events.
    pub fn submit_profiles(
        &mut self,
        start: i64,
        profiles: Vec<SignedProfile>,
    ) -> Result<Vec<Receipt>, Failure> {
        let payer = self.chain.payer.pubkey();
        let mut receipts = vec![];
        let mut rest = &profiles[..];
        while !rest.is_empty() {
            let submit = |count: usize| {
                let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
                let submit = self
                    .addresses
                    .submit_profiles(start, rest[..count].to_vec());
                vec![limit, submit]
            };
            let count = fitting(&payer, rest.len(), submit);
            let batch = submit(count);
            receipts.push(self.chain.send(&batch, &[])?);
            rest = &rest[count..];
        }
        Ok(receipts)
    }

    /// Sends readings to the page of the interval at `start`, as many in a transaction as fit.
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
                let submit = self.addresses.submit_readings(start, batch.to_vec());
                self.chain.send(&[submit], &[])
            })
            .collect()
    }

    /// Every household's meters read for the end of the window at `start`, after `flows` (import and
    /// export in Wh of the household's first meter) went through them.
    pub fn read_meters(&mut self, start: i64, flows: &[(u64, u64)]) -> Vec<SignedReading> {
        let boundary = start + i64::from(self.parameters.window_seconds);
        let binding = self.binding();
        let mut readings = vec![];
        for (place, household) in self.households.iter_mut().enumerate() {
            let (import, export) = flows.get(place).copied().unwrap_or((0, 0));
            for (index, device) in household.devices.iter_mut().enumerate() {
                if index == 0 {
                    device.flow(import, export);
                }
                readings.push(device.signed(&binding, boundary));
            }
        }
        readings
    }

    /// Has every meter read at the start of the window at `start`, so that its energy of that window is measured, and sends
    /// the readings to the window's page.
    ///
    /// # Errors
    /// What the chain refused; a reading's own result is in the receipts' events.
    pub fn read_start(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let binding = self.binding();
        let devices = self
            .households
            .iter_mut()
            .flat_map(|household| &mut household.devices);
        let readings = devices
            .map(|device| device.signed(&binding, start))
            .collect();
        self.submit(start, readings)
    }
}
