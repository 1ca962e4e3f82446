//! Bytes as text.

pub(super) mod base64_bytes {
    use base64::{engine::general_purpose::STANDARD, Engine};
    use serde::{de::Error, Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        let bytes = STANDARD.decode(text.trim());
        bytes.map_err(|_| D::Error::custom("message: base64 is expected"))
    }
}

pub(super) mod signature_text {
    use base64::{engine::general_purpose::STANDARD, Engine};
    use serde::{de::Error, Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8; 64], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 64], D::Error> {
        let text = String::deserialize(from)?;
        read_signature(text.trim())
            .ok_or_else(|| D::Error::custom("signature: 64 bytes in base64 or base58 are expected"))
    }

    /// 64 bytes have at most 88 letters. Longer texts are not looked at: base58 takes time with the square of its length.
    const LONGEST: usize = 96;

    fn read_signature(text: &str) -> Option<[u8; 64]> {
        if text.len() > LONGEST {
            return None;
        }
        // What is both has another length in one of them.
        let bytes = STANDARD.decode(text).ok();
        let signature = bytes.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        signature.or_else(|| bs58::decode(text).into_vec().ok()?.try_into().ok())
    }
}
