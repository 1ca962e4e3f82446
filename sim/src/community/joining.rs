use joulebook_client::oracle::{instructions as oracle, types::MeterDetails};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    community::{CONSUMER, PRODUCER},
    Device, Failure, Community,
};

/// The most that a meter's connection carries each way, W.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    pub import: u32,
    pub export: u32,
}

impl Default for Connection {
    /// 100 kW each way.
    fn default() -> Connection {
        Connection {
            import: 100_000,
            export: 100_000,
        }
    }
}

impl Community {
    /// Admits a household that buys and sells, with a seat and nothing else; returns its place in
    /// [`Community::households`].
    ///
    /// # Errors
    /// What the chain refused.
    pub fn take_seat(&mut self, name: &str) -> Result<usize, Failure> {
        let household = self.admit(name, CONSUMER | PRODUCER)?;
        let open = self.open_seat_of(&household);
        self.chain.send(&[open], &[&household.wallet])?;
        self.households.push(household);
        Ok(self.households.len() - 1)
    }

    /// Registers a new meter of household `place`, whose connection carries 100 kW each way.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn add_meter(&mut self, place: usize) -> Result<(), Failure> {
        self.connect(place, Connection::default())
    }

    /// Registers a new meter of household `place`.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn connect(&mut self, place: usize, connection: Connection) -> Result<(), Failure> {
        let key = Keypair::new();
        let number = u32::from(self.meters().header.count);
        let instruction = self.register(place, key.pubkey().to_bytes(), connection);
        self.as_authority(&[instruction])?;
        self.households[place].devices.push(Device {
            key,
            number,
            sequence: 0,
            import: 0,
            export: 0,
        });
        Ok(())
    }

    pub fn register_meter_instruction(&self, place: usize, device: [u8; 32]) -> Instruction {
        self.register(place, device, Connection::default())
    }

    fn register(&self, place: usize, device: [u8; 32], connection: Connection) -> Instruction {
        oracle::RegisterMeter {
            community: self.addresses.community,
            meter_table: self.addresses.meter_table,
            owner: self.households[place].participant,
            actor: self.authority.pubkey(),
            acting: None,
        }
        .instruction(oracle::RegisterMeterInstructionArgs {
            details: MeterDetails {
                device,
                zone: 0,
                asset_kind: 5,
                source: 1,
                max_import: connection.import,
                max_export: connection.export,
                import: 0,
                export: 0,
            },
        })
    }
}
