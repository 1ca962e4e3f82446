//! What a transaction asks for beside its instructions: compute units, account data, a price.

use joulebook_client::packing::{transaction_len_with, MAX_COMPUTE_UNITS, MAX_LEN};
use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_message::AddressLookupTableAccount;
use solana_sdk_ids::{ed25519_program, secp256k1_program, secp256r1_program};

use crate::SendError;

/// What each signature costs, lamports.
pub const LAMPORTS_PER_SIGNATURE: u64 = 5_000;
/// Compute units that the instructions take which ask for limits and offer a price.
const LIMITS_UNITS: u32 = 450;
/// Loaded account data is counted in pages of so many bytes.
const DATA_PAGE: u32 = 32 * 1024;

/// What a transaction asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub units: u32,
    /// Bytes.
    pub loaded_data: Option<u32>,
    /// Micro-lamports.
    pub unit_price: u64,
}

impl Limits {
    /// The most that there is.
    pub const MOST: Limits = Limits {
        units: MAX_COMPUTE_UNITS,
        loaded_data: None,
        unit_price: 0,
    };

    /// What a trial has used, and a bit more.
    pub fn measured(units: Option<u64>, loaded_data: Option<u32>) -> Limits {
        Limits {
            units: with_margin(units.unwrap_or(MAX_COMPUTE_UNITS.into())),
            loaded_data: loaded_data.map(whole_pages),
            unit_price: 0,
        }
    }

    /// Lamports of a transaction with so many signatures.
    pub fn fee(&self, signatures: usize) -> u64 {
        let base = LAMPORTS_PER_SIGNATURE.saturating_mul(signatures as u64);
        let priority = u128::from(self.unit_price) * u128::from(self.units);
        // A price that does not fit offers more than there is.
        let priority = u64::try_from(priority.div_ceil(1_000_000)).unwrap_or(u64::MAX);
        base.saturating_add(priority)
    }
}

/// Signatures that the precompiles check, each of which costs as much as one of the transaction's own.
pub(crate) fn checked_signatures(instructions: &[Instruction]) -> usize {
    let precompiles = [
        ed25519_program::ID,
        secp256k1_program::ID,
        secp256r1_program::ID,
    ];
    let checks = instructions.iter();
    let checks = checks.filter(|one| precompiles.contains(&one.program_id));
    let counts = checks.filter_map(|one| one.data.first());
    counts.map(|count| usize::from(*count)).sum()
}

fn with_margin(used: u64) -> u32 {
    let used = u32::try_from(used).unwrap_or(MAX_COMPUTE_UNITS);
    // The same call takes other units when rows have changed in between.
    let more = used / 10;
    used.saturating_add(more)
        .saturating_add(LIMITS_UNITS)
        .min(MAX_COMPUTE_UNITS)
}

fn whole_pages(bytes: u32) -> u32 {
    // One page more: a table may have grown.
    bytes
        .div_ceil(DATA_PAGE)
        .saturating_add(1)
        .saturating_mul(DATA_PAGE)
}

/// With the limits in front; those that a transaction can do without are left out where it would become too large.
pub(crate) fn with_limits(
    payer: &Address,
    instructions: &[Instruction],
    limits: Limits,
    tables: &[AddressLookupTableAccount],
) -> Result<Vec<Instruction>, SendError> {
    let units = ComputeBudgetInstruction::set_compute_unit_limit(limits.units);
    let price = (limits.unit_price > 0)
        .then(|| ComputeBudgetInstruction::set_compute_unit_price(limits.unit_price));
    let loaded = limits
        .loaded_data
        .map(ComputeBudgetInstruction::set_loaded_accounts_data_size_limit);
    let with = |limits: Vec<Instruction>| [limits, instructions.to_vec()].concat();
    let tried = [
        with(
            [Some(units.clone()), price.clone(), loaded]
                .into_iter()
                .flatten()
                .collect(),
        ),
        with([Some(units.clone()), price].into_iter().flatten().collect()),
        with(vec![units]),
    ];
    let len = |all: &[Instruction]| transaction_len_with(payer, all, tables).unwrap_or(usize::MAX);
    let least = len(&tried[2]);
    tried
        .into_iter()
        .find(|all| len(all) <= MAX_LEN)
        .ok_or(SendError::TooLarge(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_leave_room_and_stay_within_what_is_allowed() {
        assert_eq!(with_margin(10_000), 11_450);
        assert_eq!(with_margin(1_390_000), MAX_COMPUTE_UNITS);
        assert_eq!(with_margin(u64::MAX), MAX_COMPUTE_UNITS);
        assert_eq!(whole_pages(1), 2 * DATA_PAGE);
        assert_eq!(whole_pages(DATA_PAGE), 2 * DATA_PAGE);
    }

    #[test]
    fn fees_are_those_of_signatures_and_of_the_price_rounded_up() {
        let limits = |units, unit_price| Limits {
            units,
            loaded_data: None,
            unit_price,
        };
        assert_eq!(limits(200_000, 0).fee(2), 10_000);
        // 200,000 units at 50,000 micro-lamports are 10,000 lamports.
        assert_eq!(limits(200_000, 50_000).fee(1), 15_000);
        assert_eq!(limits(1, 1).fee(1), 5_001);
        assert_eq!(limits(u32::MAX, u64::MAX).fee(1), u64::MAX);
    }

    #[test]
    fn signatures_that_a_precompile_checks_are_paid_for() {
        let one = |program_id, data: &[u8]| Instruction::new_with_bytes(program_id, data, vec![]);
        let all = [
            one(secp256r1_program::ID, &[3, 0, 9]),
            one([2; 32].into(), &[7]),
            one(ed25519_program::ID, &[1, 0]),
            one(secp256k1_program::ID, &[]),
        ];
        assert_eq!(checked_signatures(&all), 4);
    }

    #[test]
    fn what_does_not_fit_is_left_out_before_the_transaction_is_refused() {
        let payer = Address::new_from_array([1; 32]);
        let limits = Limits {
            units: 1,
            loaded_data: Some(1),
            unit_price: 1,
        };
        let count = |len: usize| {
            let data = vec![0; len];
            let one = Instruction::new_with_bytes([2; 32].into(), &data, vec![]);
            with_limits(&payer, &[one], limits, &[]).map(|all| all.len())
        };
        assert_eq!(count(100), Ok(4));
        let longest = (0..1_232)
            .rev()
            .find(|len| count(*len).is_ok())
            .expect("one fits");
        assert_eq!(count(longest), Ok(2));
        assert!(matches!(
            count(longest + 1),
            Err(SendError::TooLarge(1_233))
        ));
    }
}
