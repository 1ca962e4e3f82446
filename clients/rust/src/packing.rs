//! Instructions in as few transactions as they fit into, by size and by what they compute, in their sequence: the steps of a
//! keeper, the orders of a delegate for several seats.

use std::ops::Range;

use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::{v0, AddressLookupTableAccount, Message, VersionedMessage};

/// The most compute units that a transaction may use.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;
/// The most bytes that a transaction may have.
pub const MAX_LEN: usize = 1_232;
/// Bytes of a signature.
const SIGNATURE: usize = 64;

/// An instruction, and what it computes at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metered {
    pub instruction: Instruction,
    /// Compute units.
    pub units: u32,
}

/// Instructions of one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Of the instructions, or groups of them, that were to be packed.
    pub range: Range<usize>,
    /// With the instruction that asks for the compute units in front.
    pub instructions: Vec<Instruction>,
    /// What it asks for.
    pub units: u32,
}

/// Batches that `payer` pays for, and whoever else has to sign. One that does not fit by itself is a batch of its own: nothing
/// here can make it smaller.
pub fn pack(payer: &Address, all: &[Metered]) -> Vec<Batch> {
    let groups: Vec<&[Metered]> = all.chunks(1).collect();
    pack_groups(payer, &groups, &[])
}

/// The same of groups that must not be torn apart, where addresses of lookup tables take a byte each.
pub fn pack_groups(
    payer: &Address,
    groups: &[impl AsRef<[Metered]>],
    tables: &[AddressLookupTableAccount],
) -> Vec<Batch> {
    let of = |range: Range<usize>| -> Vec<Metered> {
        let groups = groups[range].iter();
        groups.flat_map(|group| group.as_ref()).cloned().collect()
    };
    let mut batches = vec![];
    let mut first = 0;
    while first < groups.len() {
        let fits =
            (first + 1..=groups.len()).take_while(|end| fits(payer, &of(first..*end), tables));
        let end = fits.last().unwrap_or(first + 1);
        let batch = of(first..end);
        batches.push(Batch {
            range: first..end,
            instructions: with_budget(&batch),
            units: budget_of(&batch),
        });
        first = end;
    }
    batches
}

/// Of `count`, how many fit into the transaction that `instructions` makes of so many; at least one, which may be too large by
/// itself.
pub fn fitting(
    payer: &Address,
    count: usize,
    instructions: impl Fn(usize) -> Vec<Instruction>,
) -> usize {
    let fits = |count: &usize| transaction_len(payer, &instructions(*count)) <= MAX_LEN;
    (1..=count).take_while(fits).last().unwrap_or(1)
}

/// An instruction behind those that ask for compute units and offer a price: as long as what is sent of it.
pub fn with_limits(instruction: Instruction) -> Vec<Instruction> {
    vec![
        ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS),
        ComputeBudgetInstruction::set_compute_unit_price(1),
        instruction,
    ]
}

/// Bytes of a transaction of these instructions, signatures included.
pub fn transaction_len(payer: &Address, instructions: &[Instruction]) -> usize {
    let message = Message::new(instructions, Some(payer));
    let signatures = usize::from(message.header.num_required_signatures);
    // Fewer than 128 are counted in one byte.
    1 + signatures * SIGNATURE + message.serialize().len()
}

/// The same, with addresses from lookup tables if there are any. `None` if they can't be told apart in a byte.
pub fn transaction_len_with(
    payer: &Address,
    instructions: &[Instruction],
    tables: &[AddressLookupTableAccount],
) -> Option<usize> {
    if tables.is_empty() {
        return Some(transaction_len(payer, instructions));
    }
    let message = v0::Message::try_compile(payer, instructions, tables, Hash::default()).ok()?;
    let signatures = usize::from(message.header.num_required_signatures);
    let message = VersionedMessage::V0(message).serialize();
    Some(1 + signatures * SIGNATURE + message.len())
}

fn fits(payer: &Address, batch: &[Metered], tables: &[AddressLookupTableAccount]) -> bool {
    let len = || transaction_len_with(payer, &with_budget(batch), tables);
    units_of(batch) <= MAX_COMPUTE_UNITS && len().is_some_and(|len| len <= MAX_LEN)
}

fn units_of(batch: &[Metered]) -> u32 {
    let units = batch.iter().map(|one| one.units);
    units.fold(0, u32::saturating_add)
}

/// What a batch asks for: the instruction that asks computes something, too.
fn budget_of(batch: &[Metered]) -> u32 {
    units_of(batch).saturating_add(1_000).min(MAX_COMPUTE_UNITS)
}

fn with_budget(batch: &[Metered]) -> Vec<Instruction> {
    let limit = ComputeBudgetInstruction::set_compute_unit_limit(budget_of(batch));
    let instructions = batch.iter().map(|one| one.instruction.clone());
    [limit].into_iter().chain(instructions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYER: Address = Address::new_from_array([1; 32]);

    fn metered(len: usize, units: u32) -> Metered {
        Metered {
            instruction: Instruction::new_with_bytes([2; 32].into(), &vec![0; len], vec![]),
            units,
        }
    }

    fn ranges(all: &[Metered]) -> Vec<Range<usize>> {
        let batches = pack(&PAYER, all);
        batches.into_iter().map(|batch| batch.range).collect()
    }

    #[test]
    fn given_little_when_packed_then_it_is_one_batch_that_asks_for_what_all_compute() {
        let all = [metered(10, 30_000), metered(20, 40_000)];
        let [batch] = &pack(&PAYER, &all)[..] else {
            panic!("one batch was expected");
        };
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(71_000);
        let [first, second] = all.map(|one| one.instruction);
        assert_eq!(batch.instructions, [limit, first, second]);
    }

    #[test]
    fn given_too_many_bytes_when_packed_then_another_batch_begins() {
        let all = [metered(600, 0), metered(600, 0), metered(10, 0)];
        assert_eq!(ranges(&all), [0..1, 1..3]);
    }

    #[test]
    fn given_too_much_to_compute_when_packed_then_another_batch_begins() {
        let all = [700_000, 700_000, 1].map(|units| metered(1, units));
        assert_eq!(ranges(&all), [0..2, 2..3]);
    }

    #[test]
    fn given_one_that_does_not_fit_when_packed_then_it_is_alone() {
        let all = [
            metered(1, 1),
            metered(2_000, 1),
            metered(1, u32::MAX),
            metered(1, 1),
        ];
        assert_eq!(ranges(&all), [0..1, 1..2, 2..3, 3..4]);
    }

    #[test]
    fn given_so_many_when_asked_then_as_many_as_fit_are_said_and_one_at_least() {
        let of = |count: usize| with_limits(metered(count * 100, 0).instruction);
        let most = fitting(&PAYER, 50, of);
        assert!(transaction_len(&PAYER, &of(most)) <= MAX_LEN);
        assert!(transaction_len(&PAYER, &of(most + 1)) > MAX_LEN);
        assert_eq!(fitting(&PAYER, 3, of), 3);
        assert_eq!(fitting(&PAYER, 5, |count| of(count * 20)), 1);
    }

    #[test]
    fn given_nothing_when_packed_then_there_is_no_batch() {
        assert_eq!(ranges(&[]), [0..0; 0]);
    }
}
