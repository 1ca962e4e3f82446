use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::chain::MAX_TRANSACTION;

/// What the market's operations cost on chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Placing one order, with its event, compute units.
    pub place_first: u64,
    /// Placing each further order in the same instruction, compute units.
    pub place_next: u64,
    /// Applying a standing order of each further seat in the same instruction, with the order itself, compute units.
    pub standing_next: u64,
    /// Cancelling one order, compute units.
    pub cancel_first: u64,
    /// Cancelling each further order in the same instruction, compute units.
    pub cancel_next: u64,
    /// Clearing the dearest of several books of 4,096 orders on 4,096 ticks, compute units.
    pub clear_4096_ticks: u64,
    /// Allocating each order, compute units.
    pub allocate_per_order: u64,
    /// Clearing and allocating a window of 4,096 orders in one transaction, compute units.
    pub clear_and_allocate_4096: u64,
    /// Settling a position of a seat with one meter, its entry included, 1,024 in a call, compute units.
    pub settle_per_position: u64,
    /// Making a position final that nobody has settled, its meter's entry included, 1,024 in a call, compute units.
    pub finish_per_position: u64,
    /// Opening a page of a day of quarter hours for fifteen households, here and in the oracle, compute units.
    pub open_page: u64,
    /// Fifteen households' boundary between two windows in one transaction, where one opens, one is cleared and allocated,
    /// one settled, compute units.
    pub village_window: u64,
    /// Length of that transaction, bytes.
    pub village_window_bytes: u64,
    /// Fees of fifteen made-up households on standing orders and load profiles, for each and 30 days, lamports.
    pub lamports_per_household_month: u64,
    /// Taking one signed reading, in a batch of eight, compute units.
    pub reading_each: u64,
    /// Taking one value of a load profile of 96, signed with Ed25519, compute units.
    pub profile_value_ed25519: u64,
    /// Taking one value of a load profile of 96, signed with P-256, beside its precompile, compute units.
    pub profile_value_p256: u64,
}

/// One operation: its name for people, its field, and the most it may take.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub name: &'static str,
    pub key: &'static str,
    /// Compute units, or bytes or lamports if the name says so.
    pub target: u64,
    pub of: fn(&Figures) -> u64,
}

/// The operations and their targets, those of the design.
pub const OPERATIONS: [Operation; 17] = [
    Operation {
        name: "place one order",
        key: "place_first",
        target: 1_300,
        of: |figures| figures.place_first,
    },
    Operation {
        name: "place each further order",
        key: "place_next",
        target: 110,
        of: |figures| figures.place_next,
    },
    Operation {
        name: "a standing order of each further seat",
        key: "standing_next",
        // By hand, another seat's order is another instruction: that, and 300 beside it.
        target: 1_600,
        of: |figures| figures.standing_next,
    },
    Operation {
        name: "cancel one order",
        key: "cancel_first",
        target: 1_100,
        of: |figures| figures.cancel_first,
    },
    Operation {
        name: "cancel each further order",
        key: "cancel_next",
        target: 100,
        of: |figures| figures.cancel_next,
    },
    Operation {
        name: "clear 4,096 ticks",
        key: "clear_4096_ticks",
        target: 5_000,
        of: |figures| figures.clear_4096_ticks,
    },
    Operation {
        name: "allocate, per order",
        key: "allocate_per_order",
        target: 55,
        of: |figures| figures.allocate_per_order,
    },
    Operation {
        name: "clear and allocate 4,096 orders",
        key: "clear_and_allocate_4096",
        target: 230_000,
        of: |figures| figures.clear_and_allocate_4096,
    },
    Operation {
        name: "settle, per position",
        key: "settle_per_position",
        target: 200,
        of: |figures| figures.settle_per_position,
    },
    Operation {
        name: "make final, per position not settled",
        key: "finish_per_position",
        target: 300,
        of: |figures| figures.finish_per_position,
    },
    Operation {
        name: "open a page of 96 windows and 17 seats",
        key: "open_page",
        target: 25_000,
        of: |figures| figures.open_page,
    },
    Operation {
        name: "a window of 15 households, all four steps",
        key: "village_window",
        target: 20_000,
        of: |figures| figures.village_window,
    },
    Operation {
        name: "the same, bytes of its transaction",
        key: "village_window_bytes",
        target: MAX_TRANSACTION as u64,
        of: |figures| figures.village_window_bytes,
    },
    Operation {
        name: "15 households: lamports each for 30 days",
        key: "lamports_per_household_month",
        target: 1_200_000,
        of: |figures| figures.lamports_per_household_month,
    },
    Operation {
        name: "one signed reading, in a batch",
        key: "reading_each",
        target: 22_500,
        of: |figures| figures.reading_each,
    },
    Operation {
        name: "one value of a profile of 96, Ed25519",
        key: "profile_value_ed25519",
        target: 500,
        of: |figures| figures.profile_value_ed25519,
    },
    Operation {
        name: "one value of a profile of 96, P-256",
        key: "profile_value_p256",
        target: 500,
        of: |figures| figures.profile_value_p256,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_an_operation() {
        let figures = Figures {
            place_first: 1,
            place_next: 2,
            standing_next: 16,
            cancel_first: 3,
            cancel_next: 4,
            clear_4096_ticks: 5,
            allocate_per_order: 6,
            clear_and_allocate_4096: 7,
            settle_per_position: 8,
            finish_per_position: 9,
            open_page: 10,
            village_window: 11,
            village_window_bytes: 12,
            lamports_per_household_month: 17,
            reading_each: 13,
            profile_value_ed25519: 14,
            profile_value_p256: 15,
        };
        let json = serde_json::to_value(figures).expect("serializes");
        assert_eq!(
            json.as_object().map(|fields| fields.len()),
            Some(OPERATIONS.len())
        );
        for operation in OPERATIONS {
            assert_eq!(
                json[operation.key],
                (operation.of)(&figures),
                "{}",
                operation.key
            );
        }
    }
}
