use core::fmt;

use bytemuck::{Pod, Zeroable};

use crate::{describe::Type, Described};

/// An account's address, or the public key of a wallet: 32 bytes. All zero stands for nobody.
#[derive(Clone, Copy, Default, Eq, Pod, Zeroable)]
#[cfg_attr(
    feature = "borsh",
    derive(borsh::BorshSerialize, borsh::BorshDeserialize)
)]
#[repr(transparent)]
pub struct Address(pub [u8; 32]);

impl Address {
    pub const NOBODY: Address = Address([0; 32]);
}

/// Word by word, not byte by byte: on chain, what is compared need not be copied first.
impl PartialEq for Address {
    #[inline(always)]
    fn eq(&self, other: &Address) -> bool {
        let [a, b, c, d]: [u64; 4] = bytemuck::cast(self.0);
        let [e, f, g, h]: [u64; 4] = bytemuck::cast(other.0);
        a == e && b == f && c == g && d == h
    }
}

impl Described for Address {
    const TYPE: Type = Type::Address;
}

/// In base 58, as wallets and explorers show it.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut text = [0; five8::BASE58_ENCODED_32_MAX_LEN];
        let len = five8::encode_32(&self.0, &mut text);
        let text = text.get(..usize::from(len)).unwrap_or_default();
        f.write_str(core::str::from_utf8(text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<[u8; 32]> for Address {
    fn from(bytes: [u8; 32]) -> Address {
        Address(bytes)
    }
}

/// Whatever else has the same 32 bytes is the same address: Solana's own types, which this crate does not know.
impl<Bytes: AsRef<[u8]>> PartialEq<Bytes> for Address {
    fn eq(&self, other: &Bytes) -> bool {
        self.0 == other.as_ref()
    }
}
