use std::collections::BTreeMap;

use joulebook_metering::register::Registers;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};

/// What an adapter has signed last for a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSigned {
    pub sequence: u64,
    /// Unix seconds.
    pub boundary: i64,
    /// Registers, Wh.
    pub import: u64,
    pub export: u64,
}

impl Store {
    /// What an adapter has signed last for a meter.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_signed(&self, meter: u32) -> Result<Option<LastSigned>, StoreError> {
        self.file.last_signed(meter)
    }

    /// Notes it before the message is told to anybody: no sequence is ever used twice.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing must be signed.
    pub fn note_signed(&self, meter: u32, signed: &LastSigned) -> Result<(), StoreError> {
        self.file.note_signed(meter, signed)
    }

    /// Notes a meter's registers at these times, unix seconds, until they are of no use any more.
    ///
    /// # Errors
    /// [`StoreError`]: then none is noted.
    pub fn know(&self, meter: u32, values: &[(i64, Registers)]) -> Result<(), StoreError> {
        self.file.know(meter, values)
    }

    /// What is known of a meter's registers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn known(&self, meter: u32) -> Result<BTreeMap<i64, Registers>, StoreError> {
        self.file.known(meter)
    }

    /// Forgets these values, and none that came in their place or beside them meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_known(&self, meter: u32, values: &[(i64, Registers)]) -> Result<(), StoreError> {
        match values.is_empty() {
            true => Ok(()),
            false => self.file.forget_known(meter, values),
        }
    }

    /// Notes the registers that were signed for boundaries, unix seconds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_told(&self, meter: u32, values: &[(i64, Registers)]) -> Result<(), StoreError> {
        self.file.tell(meter, values)
    }

    /// The registers that were signed for boundaries.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn told(&self, meter: u32) -> Result<BTreeMap<i64, Registers>, StoreError> {
        self.file.told(meter)
    }

    /// Forgets what was signed for boundaries before then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_told(&self, meter: u32, before: i64) -> Result<(), StoreError> {
        self.file.forget_told(meter, before)
    }
}
