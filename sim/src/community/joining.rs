//! Households that join.

use joulebook_client::{events::Event, layout::oracle::KeyKind, oracle::events::OracleEvent};
use joulebook_metering::register::PowerLimits;
use joulebook_units::Watts;
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::{Device, Household, LocalCommunity};
use crate::{
    founding,
    roles::{CONSUMER, PRODUCER},
    Failure, Receipt,
};

/// 100 kW each way: what a meter's connection carries if nothing else is said.
pub const LIMITS: PowerLimits = PowerLimits {
    import: Watts(100_000),
    export: Watts(100_000),
};

impl LocalCommunity {
    /// Admits a household that buys and sells, with a seat, one meter and `atoms` deposited; returns its
    /// place in [`LocalCommunity::households`].
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

    /// Admits a household that buys and sells, with a seat and nothing else; returns its place in
    /// [`LocalCommunity::households`].
    ///
    /// # Errors
    /// What the chain refused.
    pub fn take_seat(&mut self, name: &str) -> Result<usize, Failure> {
        let household = self.admit(name, CONSUMER | PRODUCER)?;
        let seat = founding::seat(&self.addresses, household.address());
        self.chain.send(&seat, &[&household.wallet])?;
        self.households.push(household);
        Ok(self.households.len() - 1)
    }

    /// The instruction by which `household` opens its seat.
    pub fn seat_of(&self, household: &Household) -> Instruction {
        self.addresses.open_seat(household.address())
    }

    /// Registers a new meter of household `place`, whose connection carries 100 kW each way. It is in service from the
    /// next page on.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn add_meter(&mut self, place: usize) -> Result<(), Failure> {
        self.add_limited_meter(place, LIMITS)
    }

    /// Registers a new meter of household `place`, whose connection carries so much. It is in service from the next page
    /// on.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn add_limited_meter(&mut self, place: usize, limits: PowerLimits) -> Result<(), Failure> {
        let key = self.chain.new_key();
        let device = (key.pubkey().to_bytes(), KeyKind::Ed25519);
        let number = self.register_meter(place, device, limits)?;
        self.households[place]
            .devices
            .push(Device::new(key, number));
        Ok(())
    }

    /// Registers a new meter of household `place`, whose device has that key; returns its number.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn register_meter(
        &mut self,
        place: usize,
        device: ([u8; 32], KeyKind),
        limits: PowerLimits,
    ) -> Result<u32, Failure> {
        let household = &self.households[place];
        let authority = self.authority.pubkey();
        let owner = household.address();
        let meter = founding::meter(&self.addresses, authority, &owner, device, limits);
        let signers = [&self.authority, &household.wallet];
        let receipt = self.chain.send(&meter, &signers)?;
        Ok(registered(&receipt).expect("a registration says the meter's number"))
    }
}

/// The number of the meter that a transaction registered.
fn registered(receipt: &Receipt) -> Option<u32> {
    receipt.events().into_iter().find_map(|event| match event {
        Event::Oracle(OracleEvent::MeterRegistered(registered)) => Some(registered.meter),
        _ => None,
    })
}
