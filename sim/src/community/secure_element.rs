use joulebook_client::{layout::oracle::KeyKind, secp256r1::Signed};
use p256::ecdsa::{signature::Signer, Signature, SigningKey};

/// What keeps a meter's key of P-256 and signs with it.
pub struct SecureElement {
    key: SigningKey,
}

impl SecureElement {
    /// `secret` is a number from 1 to the order of the curve.
    ///
    /// # Panics
    /// If it is none.
    pub fn new(secret: [u8; 32]) -> SecureElement {
        SecureElement {
            key: SigningKey::from_slice(&secret).expect("a number below the curve's order"),
        }
    }

    /// Compressed.
    pub fn public_key(&self) -> [u8; 33] {
        let point = self.key.verifying_key().to_sec1_point(true);
        let bytes = point.as_bytes().try_into();
        bytes.expect("33 bytes of a compressed point")
    }

    /// The device of a meter, as it is registered: x and the kind of key.
    pub fn device(&self) -> ([u8; 32], KeyKind) {
        let [sign, x @ ..] = self.public_key();
        let kind = match sign {
            2 => KeyKind::P256Even,
            _ => KeyKind::P256Odd,
        };
        (x, kind)
    }

    pub fn sign(&self, message: Vec<u8>) -> Signed {
        let signature: Signature = self.key.sign(&message);
        Signed {
            key: self.public_key(),
            signature: signature.to_bytes().into(),
            message,
        }
    }
}
