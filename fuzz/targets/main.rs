//! Any input to the pure crates, against slow and obvious models. One target, or a few of one subject, in a file.
//!
//! ```sh
//! cargo test -p joulebook-fuzz                              # a second for each target
//! JOULEBOOK_FUZZ_SECONDS=600 cargo test -p joulebook-fuzz   # as `make soak` does
//! ```
//!
//! A failure prints the smallest input found and its seed; `BOLERO_RANDOM_SEED=… cargo test -p joulebook-fuzz` meets
//! it again. `fuzz/README.md` says how to look for inputs with coverage as the guide.

#![forbid(unsafe_code)]

mod book;
mod layout;
mod messages;
mod pages;
mod profiles;
mod registers;
mod settlement;
mod tariff;

use std::{env, time::Duration};

use bolero::{produce, ValueGenerator};

/// How long each target looks for a failure.
fn time() -> Duration {
    let seconds = match env::var("JOULEBOOK_FUZZ_SECONDS") {
        Ok(text) => text.parse().expect("JOULEBOOK_FUZZ_SECONDS: whole seconds"),
        Err(_) => 1,
    };
    Duration::from_secs(seconds)
}

/// A number of any length: one of three bits is as likely as one of sixty, and so are those just below 2⁶⁴. Evenly
/// drawn, nearly all would be huge, and every target would see one error.
fn any_u64() -> impl ValueGenerator<Output = u64> {
    (produce::<u64>(), 0..128u32).map_gen(|(bits, shift)| {
        let number = bits >> (shift % 64);
        if shift < 64 {
            number
        } else {
            !number
        }
    })
}

/// As [`any_u64`], and of either sign.
fn any_i64() -> impl ValueGenerator<Output = i64> {
    any_u64().map_gen(|number| number.rotate_right(1).cast_signed())
}

/// As [`any_u64`], with 32 bits.
fn any_u32() -> impl ValueGenerator<Output = u32> {
    (produce::<u32>(), 0..64u32).map_gen(|(bits, shift)| {
        let number = bits >> (shift % 32);
        if shift < 32 {
            number
        } else {
            !number
        }
    })
}
