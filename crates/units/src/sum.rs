/// `a + b`, or `None` if that does not fit.
///
/// The same as `checked_add`, in a form that compiles to one comparison on chain: the intrinsic behind
/// `checked_add` first makes a flag and then tests it, at four more instructions.
#[inline(always)]
pub fn checked_sum(a: u64, b: u64) -> Option<u64> {
    let sum = a.wrapping_add(b);
    if sum < a {
        None
    } else {
        Some(sum)
    }
}

/// `a + b` for amounts below 2⁶³ each; `None` otherwise.
///
/// For money in milli-atoms, of which a vault holds less: the test is one comparison on chain, where seeing
/// whether 64 bits overflowed takes six.
#[inline(always)]
pub fn bounded_sum(a: u64, b: u64) -> Option<u64> {
    if (a | b) >> 63 != 0 {
        return None;
    }
    Some(a.wrapping_add(b))
}

/// The sum of up to four amounts below 2⁶² each; `None` otherwise. One comparison for all of them.
#[inline(always)]
pub fn bounded_total<const N: usize>(parts: [u64; N]) -> Option<u64> {
    const { assert!(N <= 4) };
    let bits = parts.iter().fold(0, |bits, part| bits | part);
    if bits >> 62 != 0 {
        return None;
    }
    Some(parts.iter().fold(0, |sum, part| sum.wrapping_add(*part)))
}
