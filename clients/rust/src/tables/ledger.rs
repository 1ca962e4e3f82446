use bytemuck::{Pod, Zeroable};

use super::{
    cut::{check_discriminator, Cut},
    TableError,
};
use crate::market::accounts::{Ledger, LEDGER_DISCRIMINATOR};

/// A market's money; a seat's place is its participant's index.
#[derive(Clone, Debug)]
pub struct LedgerTable {
    pub header: Ledger,
    pub seats: Vec<Seat>,
}

impl LedgerTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full table of this kind.
    pub fn from_bytes(data: &[u8]) -> Result<LedgerTable, TableError> {
        check_discriminator(data, &LEDGER_DISCRIMINATOR)?;
        let header = Ledger::from_bytes(data).map_err(|_| TableError::Length)?;
        let seats = Cut::behind(data, Ledger::LEN)?.last_records(header.capacity.into())?;
        Ok(LedgerTable { header, seats })
    }
}

/// A participant's account in the market. Money in milli-atoms, energy in Wh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Seat {
    pub owner: [u8; 32],
    /// May enter and cancel orders; all zero for nobody.
    pub delegate: [u8; 32],
    pub free: u64,
    pub locked: u64,
    /// Owed to the supplier.
    pub debt: u64,
    /// Net energy estimated and not yet measured; positive is drawn from the grid.
    pub estimated: i64,
    pub bought: u64,
    pub sold: u64,
    pub imported: u64,
    pub exported: u64,
    /// Windows with orders or contracts not yet settled.
    pub engaged: u16,
    /// Windows in a row in which a meter was estimated.
    pub estimated_windows: u16,
    /// 1 open, 0 vacant.
    pub status: u8,
    pub reserved: [u8; 3],
}

impl Seat {
    pub fn is_open(&self) -> bool {
        self.status == 1
    }
}
