use super::{Store, StoreError, StoreFile};

const AT: &str = "seen-at";
const MARKET: &str = "seen-market";
const TABLE: &str = "seen-table";

/// What a gateway saw of the chain: it begins with that where nobody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// By the chain's clock, unix seconds.
    pub at: i64,
    /// The market's account.
    pub market: Vec<u8>,
    /// The meter table's account.
    pub table: Vec<u8>,
}

impl StoreFile {
    /// `None` if nothing was ever seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remembered(&self) -> Result<Option<Remembered>, StoreError> {
        let [at, market, table] = self.0.facts([AT, MARKET, TABLE])?;
        let remembered = || {
            Some(Remembered {
                at: i64::from_le_bytes(at?.try_into().ok()?),
                market: market?,
                table: table?,
            })
        };
        Ok(remembered())
    }
}

impl Store {
    /// Keeps it in the place of what was seen before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remember(&self, seen: &Remembered) -> Result<(), StoreError> {
        self.file.note(&[
            (AT, seen.at.to_le_bytes().as_slice()),
            (MARKET, &seen.market),
            (TABLE, &seen.table),
        ])
    }
}
