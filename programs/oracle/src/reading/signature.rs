//! Whether a device has signed a message.

use brine_ed25519::{verify_strict, Address};
use joulebook_layout::oracle::{KeyKind, Meter};

/// A frame of its own: the hash needs a good part of one.
#[inline(never)]
pub fn is_signed(meter: &Meter, signature: &[u8; 64], message: &[&[u8]]) -> bool {
    let device = Address::new_from_array(meter.device);
    meter.key_kind == KeyKind::Ed25519 as u8 && verify_strict(&device, signature, message).is_ok()
}
