use anchor_lang::prelude::*;
use joulebook_layout::oracle::{limits::MAX_ENTRY_WH, AssetKind, EnergySource};
use joulebook_units::{Seconds, Watts};

use crate::errors::OracleError;

/// What a verifier has found about a meter.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize)]
pub struct MeterDetails {
    /// Ed25519 public key of the device.
    pub device: [u8; 32],
    /// Index into the community's zones.
    pub zone: u8,
    /// 0 load, 1 photovoltaics, 2 battery, 3 car, 4 heat pump, 5 mixed.
    pub asset_kind: u8,
    /// Source of what it exports: 0 none, 1 sun, 2 wind, 3 water, 4 biomass, 5 storage, 6 other.
    pub source: u8,
    /// Most the connection can carry each way, W.
    pub max_import: u32,
    pub max_export: u32,
    /// Registers read now, Wh.
    pub import: u64,
    pub export: u64,
}

impl MeterDetails {
    /// # Errors
    /// [`OracleError`] for the first detail that can't be.
    pub fn check(&self, zone_count: u8, length: Seconds) -> Result<()> {
        require!(self.device != [0; 32], OracleError::DeviceKeyInvalid);
        require!(self.zone < zone_count, OracleError::NoSuchZone);
        require!(
            AssetKind::from_byte(self.asset_kind).is_some(),
            OracleError::AssetKindInvalid
        );
        require!(
            EnergySource::from_byte(self.source).is_some(),
            OracleError::SourceInvalid
        );
        check_power_limits(self.max_import, self.max_export, length)
    }
}

/// # Errors
/// [`OracleError::PowerLimitInvalid`] if an interval at one of these powers, and the 1 Wh that whole
/// registers may add, does not fit an entry.
pub fn check_power_limits(max_import: u32, max_export: u32, length: Seconds) -> Result<()> {
    let fits = |limit| Watts(limit).over(length).0 < u64::from(MAX_ENTRY_WH);
    require!(
        fits(max_import) && fits(max_export),
        OracleError::PowerLimitInvalid
    );
    Ok(())
}
