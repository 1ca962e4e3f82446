use joulebook_client::{
    oracle::types::{FinalRegisters, SignedProfile, SignedReading},
    reading,
};
use joulebook_metering::{
    message::{Profile, Reading},
    page::Energy,
    register::Registers,
};
use joulebook_units::{UnixTime, Wh, WhSum};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A meter as it stands in the house: registers that count, and a key that signs them.
pub struct Device {
    pub key: Keypair,
    /// Its meter's number, generation and row.
    pub number: u32,
    pub sequence: u64,
    /// Registers, Wh.
    pub import: u64,
    pub export: u64,
}

impl Device {
    /// A new one, whose registers show zero.
    pub fn new(key: Keypair, number: u32) -> Device {
        Device {
            key,
            number,
            sequence: 0,
            import: 0,
            export: 0,
        }
    }

    /// What it shows, as the registers that its meter is retired with.
    pub fn final_registers(&self) -> FinalRegisters {
        FinalRegisters {
            import: self.import,
            export: self.export,
        }
    }

    /// Counts energy that flowed, Wh.
    pub fn flow(&mut self, import: u64, export: u64) {
        self.import += import;
        self.export += export;
    }

    /// The registers as they stand, for a boundary in unix seconds, with the next sequence.
    pub fn reading(&mut self, boundary: i64) -> Reading {
        self.sequence += 1;
        Reading {
            meter: self.number,
            boundary: UnixTime(boundary),
            sequence: self.sequence,
            registers: Registers {
                import: WhSum(self.import),
                export: WhSum(self.export),
            },
            flags: 0,
        }
    }

    /// `binding` is that of the device's meter table.
    pub fn sign(&self, binding: &[u8; 32], reading: &Reading) -> SignedReading {
        let message = reading::message(binding, reading);
        reading::signed(reading, self.key.sign_message(&message).into())
    }

    /// Reads and signs.
    pub fn signed(&mut self, binding: &[u8; 32], boundary: i64) -> SignedReading {
        let reading = self.reading(boundary);
        self.sign(binding, &reading)
    }

    /// Reads and signs at each of several boundaries, with the energy that flows up to it: boundary in unix seconds,
    /// import and export in Wh.
    pub fn signed_at(
        &mut self,
        binding: &[u8; 32],
        boundaries: impl IntoIterator<Item = (i64, (u64, u64))>,
    ) -> Vec<SignedReading> {
        let sign = |(boundary, (import, export))| {
            self.flow(import, export);
            self.signed(binding, boundary)
        };
        boundaries.into_iter().map(sign).collect()
    }

    /// Counts the energy of consecutive intervals, import and export in Wh, of which the last one ends at a boundary in unix
    /// seconds, and makes a profile of them, with the next sequence.
    pub fn profile(&mut self, boundary: i64, values: &[(u32, u32)]) -> (Profile, Vec<Energy>) {
        for (import, export) in values {
            self.flow((*import).into(), (*export).into());
        }
        let Reading {
            meter,
            boundary,
            sequence,
            registers,
            flags,
        } = self.reading(boundary);
        let profile = Profile {
            meter,
            boundary,
            sequence,
            registers,
            intervals: values.len() as u16,
            flags,
        };
        let energy = |&(import, export): &(u32, u32)| Energy {
            import: Wh(import),
            export: Wh(export),
        };
        (profile, values.iter().map(energy).collect())
    }

    /// `binding` is that of the device's meter table; `packed` has the profile's energies.
    pub fn sign_profile(
        &self,
        binding: &[u8; 32],
        profile: &Profile,
        packed: Vec<u8>,
    ) -> SignedProfile {
        let message = reading::profile_message(binding, profile, &packed);
        let signature = self.key.sign_message(&message).into();
        reading::signed_profile(profile, packed, signature)
    }

    /// Counts, and signs the profile.
    pub fn signed_profile(
        &mut self,
        binding: &[u8; 32],
        boundary: i64,
        values: &[(u32, u32)],
    ) -> SignedProfile {
        let (profile, values) = self.profile(boundary, values);
        self.sign_profile(binding, &profile, reading::packed(&values))
    }
}
