use std::{fmt, str::FromStr};

/// Names a message: its meter, its sequence, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub meter: u32,
    pub sequence: u64,
    /// The first bytes of the SHA-256 of what was signed: whoever signs the same again has sent the same.
    pub hash: [u8; 8],
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = u64::from_be_bytes(self.hash);
        write!(f, "{}-{}-{hash:016x}", self.meter, self.sequence)
    }
}

/// A text that names no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has three parts, METER-SEQUENCE-HASH, as POST /v1/messages answers them")]
pub struct NoKey;

impl FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Key, NoKey> {
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next().ok_or(NoKey);
        let (meter, sequence, hash) = (part()?, part()?, part()?);
        if hash.len() != 16 {
            return Err(NoKey);
        }
        let hash = u64::from_str_radix(hash, 16).map_err(|_| NoKey)?;
        Ok(Key {
            meter: meter.parse().map_err(|_| NoKey)?,
            sequence: sequence.parse().map_err(|_| NoKey)?,
            hash: hash.to_be_bytes(),
        })
    }
}
