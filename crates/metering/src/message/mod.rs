//! What meters sign: a [`Reading`] at one boundary, or a [`Profile`] of many intervals.

use joulebook_layout::{oracle::MeterMessage, programs};
use sha2_const_stable::Sha256;

mod profile;
mod reading;
mod stamp;
mod values;

pub use profile::{Profile, PROFILE_HEAD_LEN};
pub use reading::{Reading, MESSAGE_LEN};
pub use stamp::Stamp;
pub use values::{pack, unpack, Malformed, MAX_VALUE_LEN};

/// What ties a message to the one meter table that it is for: SHA-256 of [`MeterMessage::BINDING_DOMAIN`], the oracle's
/// program id, `cluster`, the genesis hash of the chain, and the table's address, 104 bytes in all.
pub fn binding(cluster: &[u8; 32], meter_table: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .update(&MeterMessage::BINDING_DOMAIN)
        .update(&programs::ORACLE.0)
        .update(cluster)
        .update(meter_table)
        .finalize()
}
