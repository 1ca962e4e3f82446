use p256::ecdsa::{signature::Signer, Signature, SigningKey, VerifyingKey};

/// A key of P-256 in memory.
pub struct P256Key(SigningKey);

impl P256Key {
    /// `None` if it is no number from 1 to below the curve's order.
    pub fn from_bytes(secret: &[u8; 32]) -> Option<P256Key> {
        SigningKey::from_slice(secret).ok().map(P256Key)
    }

    /// Of 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<P256Key> {
        P256Key::from_bytes(&from_hex(text.trim())?.try_into().ok()?)
    }

    /// Compressed.
    pub fn public(&self) -> [u8; 33] {
        compressed(self.0.verifying_key())
    }

    /// r and s, of the SHA-256 of the message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}

pub(super) fn compressed(key: &VerifyingKey) -> [u8; 33] {
    let point = key.to_sec1_point(true);
    // A compressed point has as many bytes.
    point.as_bytes().try_into().unwrap_or([0; 33])
}

/// `None` if it is anything but pairs of hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}
