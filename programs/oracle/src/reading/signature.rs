//! Whether a device has signed a message.

use brine_ed25519::{verify_strict, Address};

/// A frame of its own: the hash needs a good part of one.
#[inline(never)]
pub fn is_signed(device: &[u8; 32], signature: &[u8; 64], message: &[u8]) -> bool {
    verify_strict(&Address::new_from_array(*device), signature, &[message]).is_ok()
}
