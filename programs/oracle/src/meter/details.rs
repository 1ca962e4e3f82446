use anchor_lang::prelude::*;
use joulebook_layout::oracle::{AssetKind, EnergySource, KeyKind, MeterTable};
use joulebook_metering::register::{PowerLimits, Registers};
use joulebook_units::{Watts, WhSum};

use crate::errors::OracleError;

/// What a verifier has found about a meter.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize)]
pub struct MeterDetails {
    /// Public key of the device: of Ed25519, or the x coordinate of one of P-256.
    pub device: [u8; 32],
    /// 0 Ed25519, 1 P-256 with an even y coordinate, 2 with an odd one.
    pub key_kind: u8,
    /// Index into the community's zones.
    pub zone: u8,
    /// 0 load, 1 photovoltaics, 2 battery, 3 car, 4 heat pump, 5 mixed.
    pub asset_kind: u8,
    /// Source of what it exports: 0 none, 1 sun, 2 wind, 3 water, 4 biomass, 5 storage, 6 other.
    pub source: u8,
    /// Most the connection can carry each way, W.
    pub max_import: u32,
    pub max_export: u32,
    /// What is charged for an interval, after a number of silent ones, Wh.
    pub standard_draw: u32,
    /// Registers read now, Wh.
    pub import: u64,
    pub export: u64,
}

impl MeterDetails {
    /// # Errors
    /// [`OracleError`] for the first detail that can't be.
    pub fn check(&self, zone_count: u8, table: &MeterTable) -> Result<()> {
        check_device(&self.device, self.key_kind)?;
        require!(self.zone < zone_count, OracleError::NoSuchZone);
        require!(
            AssetKind::from_byte(self.asset_kind).is_some(),
            OracleError::AssetKindInvalid
        );
        require!(
            EnergySource::from_byte(self.source).is_some(),
            OracleError::SourceInvalid
        );
        check_power_limits(self.max_import, self.max_export, table)?;
        device_registers(self.import, self.export)?;
        Ok(())
    }
}

/// # Errors
/// [`OracleError::DeviceKeyInvalid`].
pub fn check_device(device: &[u8; 32], key_kind: u8) -> Result<()> {
    let is_known = KeyKind::from_byte(key_kind).is_some();
    require!(
        is_known && *device != [0; 32],
        OracleError::DeviceKeyInvalid
    );
    Ok(())
}

/// # Errors
/// [`OracleError::PowerLimitInvalid`] if a page at one of these powers does not fit an entry, or it is above the community's
/// cap.
pub fn check_power_limits(max_import: u32, max_export: u32, table: &MeterTable) -> Result<()> {
    let limits = PowerLimits {
        import: Watts(max_import),
        export: Watts(max_export),
    };
    let is_within_cap = max_import.max(max_export) <= table.power_cap;
    let fits = is_within_cap && limits.fit_page(table.page_length());
    require!(fits, OracleError::PowerLimitInvalid);
    Ok(())
}

/// What somebody has read off a device, Wh.
///
/// # Errors
/// [`OracleError::RegisterInvalid`] if no device shows that.
pub fn device_registers(import: u64, export: u64) -> Result<Registers> {
    let registers = Registers {
        import: WhSum(import),
        export: WhSum(export),
    };
    require!(registers.are_plausible(), OracleError::RegisterInvalid);
    Ok(registers)
}
