use p256::ecdsa::Signature;

/// A sequence of two integers (RFC 3279, section 2.2.3).
pub(super) fn from_der(bytes: &[u8]) -> Option<Signature> {
    let (body, rest) = element(bytes, 0x30)?;
    let (r, more) = element(body, 0x02)?;
    let (s, end) = element(more, 0x02)?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    let mut numbers = [0; 64];
    let (to_r, to_s) = numbers.split_at_mut(32);
    put(r, to_r)?;
    put(s, to_s)?;
    Signature::from_slice(&numbers).ok()
}

/// What an element of this tag holds, and what is behind it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = bytes.split_first()?;
    let (len, rest) = rest.split_first()?;
    // Signatures over P-256 are shorter than 128 bytes.
    if *found != tag || *len > 127 {
        return None;
    }
    rest.split_at_checked(usize::from(*len))
}

fn put(number: &[u8], to: &mut [u8]) -> Option<()> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = number.get(zeros..)?;
    let at = to.len().checked_sub(number.len())?;
    to.get_mut(at..)?.copy_from_slice(number);
    Some(())
}
