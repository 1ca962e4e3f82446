use anchor_lang::prelude::*;

use crate::errors::RegistryError;

/// The bytes of `name`, filled up with zeros.
///
/// # Errors
/// [`RegistryError::NameInvalid`] if it is empty, does not fit or has control characters, which would
/// blur where the padding starts.
pub fn padded<const N: usize>(name: &str) -> Result<[u8; N]> {
    require!(
        !name.is_empty() && !name.chars().any(char::is_control),
        RegistryError::NameInvalid
    );
    let mut bytes = [0; N];
    bytes
        .get_mut(..name.len())
        .ok_or(RegistryError::NameInvalid)?
        .copy_from_slice(name.as_bytes());
    Ok(bytes)
}
