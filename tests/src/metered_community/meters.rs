//! Its meters, and what the table says of them.

use joulebook_client::{
    layout::oracle::{AssetKind, EnergySource, KeyKind, Meter, MeterStatus},
    oracle::{events::OracleEvent, types::MeterDetails},
    tables::MeterRecords,
};
use joulebook_sim::{Device, Receipt};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{event, MeteredCommunity};

/// Of a meter's connection each way, W: 8,333 Wh in an interval.
pub const LIMIT: u32 = 100_000;

pub const ACTIVE: u8 = MeterStatus::Active as u8;
pub const QUARANTINED: u8 = MeterStatus::Quarantined as u8;
pub const RETIRED: u8 = MeterStatus::Retired as u8;

impl MeteredCommunity {
    /// A new meter of the owner.
    #[track_caller]
    pub fn meter(&mut self) -> Device {
        self.meter_with(|_| ())
    }

    #[track_caller]
    pub fn meter_with(&mut self, change: impl FnOnce(&mut MeterDetails)) -> Device {
        let key = Keypair::new();
        let mut details = details(&key);
        change(&mut details);
        let authority = self.authority();
        let register =
            self.communities
                .own
                .register_meter((&authority, None), &self.owner, &details);
        let OracleEvent::MeterRegistered(registered) = event(&self.govern(register)) else {
            panic!("a registration was expected");
        };
        Device {
            import: details.import,
            export: details.export,
            ..Device::new(key, registered.meter)
        }
    }

    #[track_caller]
    pub fn quarantine(&mut self, device: &Device) {
        let authority = self.authority();
        self.govern(
            self.communities
                .own
                .quarantine((&authority, None), device.number, 1),
        );
    }

    /// With the registers that the device shows; the owner agrees.
    #[track_caller]
    pub fn retire(&mut self, device: &Device) -> Receipt {
        let authority = self.authority();
        let (acting, owner) = ((&authority, None), (&self.owner, true));
        let registers = Some((device.import, device.export));
        let own = &self.communities.own;
        self.govern(own.retire(acting, owner, device.number, registers))
    }

    #[track_caller]
    pub fn restore(&mut self, device: &Device) -> Receipt {
        let authority = self.authority();
        let own = &self.communities.own;
        self.govern(own.restore((&authority, None), &self.owner, device.number))
    }

    /// Import and export in Wh of the `n`th interval and those behind it; the owner agrees.
    #[track_caller]
    pub fn replace(&mut self, device: &Device, n: i64, values: &[(u32, u32)]) -> Receipt {
        let authority = self.authority();
        let (slot, place) = (self.slot(n), MeteredCommunity::place(n));
        let acting = (&authority, None);
        let owner = (&self.owner, true);
        let own = &self.communities.own;
        self.govern(own.replace_values(acting, owner, slot, device.number, place, values))
    }

    /// Without the number of its events.
    pub fn table(&self) -> MeterRecords {
        let data = self
            .communities
            .chain
            .data(&self.communities.own.addresses.meter_table);
        let mut table = MeterRecords::from_bytes(&data).unwrap();
        table.header.events = 0;
        table
    }

    pub fn record(&self, device: &Device) -> Meter {
        *self
            .table()
            .meter(device.number)
            .expect("the row has no other meter")
    }
}

/// Of an ordinary meter with this device key.
pub fn details(key: &Keypair) -> MeterDetails {
    MeterDetails {
        device: key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        zone: 1,
        asset_kind: AssetKind::Mixed as u8,
        source: EnergySource::Sun as u8,
        max_import: LIMIT,
        max_export: LIMIT,
        standard_draw: 0,
        import: 0,
        export: 0,
    }
}
