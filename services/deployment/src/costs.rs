//! Who pays how much.

use joulebook_cluster::LAMPORTS_PER_SIGNATURE;

use crate::{programs::ProgramStatus, Item, ProgramItem};

/// Signatures of a transaction at most: who pays, who governs, and whoever joins.
const SIGNATURES: u64 = 3;
/// Transactions of a program beside those that write its code: buffer, room, deployment.
const BESIDE_CODE: u64 = 3;

/// Rent that is still to be locked, lamports, by whose it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    pub payer: u64,
    pub authority: u64,
    /// Supplier and grid operator together.
    pub operators: u64,
}

/// What a deployment takes, lamports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// Locked for as long as what it is for stands.
    pub rent: Shares,
    /// What the payer also needs for a while: the rent of the largest buffer of an upgrade, which comes back with it.
    pub buffer: u64,
    /// The most that the payer's transactions come to, priority fees not counted.
    pub fees: u64,
}

impl Costs {
    /// Of programs and parts as they stand.
    pub fn of(programs: &[ProgramItem], items: &[Item]) -> Costs {
        let mut costs = Costs::default();
        let mut transactions: u64 = 0;
        for program in programs {
            let writes = match program.status {
                ProgramStatus::Same { .. } => continue,
                ProgramStatus::Missing => {
                    let rent = program.rent.saturating_add(program.head);
                    costs.rent.payer = costs.rent.payer.saturating_add(rent);
                    program.pieces
                }
                ProgramStatus::Other { .. } => {
                    costs.rent.payer = costs.rent.payer.saturating_add(program.growth);
                    costs.buffer = costs.buffer.max(program.buffer);
                    program.pieces
                }
            };
            let writes = u64::try_from(writes).unwrap_or(u64::MAX);
            transactions = transactions.saturating_add(writes.saturating_add(BESIDE_CODE));
        }
        for item in items {
            let Shares {
                payer,
                authority,
                operators,
            } = item.shares;
            let rent = &mut costs.rent;
            rent.payer = rent.payer.saturating_add(payer);
            rent.authority = rent.authority.saturating_add(authority);
            rent.operators = rent.operators.saturating_add(operators);
            let sends = u64::try_from(item.transactions).unwrap_or(u64::MAX);
            transactions = transactions.saturating_add(sends);
        }
        let each = LAMPORTS_PER_SIGNATURE.saturating_mul(SIGNATURES);
        costs.fees = transactions.saturating_mul(each);
        costs
    }

    /// What the payer needs at the most, while it goes on.
    pub fn payer(&self) -> u64 {
        let all = self.rent.payer.saturating_add(self.buffer);
        all.saturating_add(self.fees)
    }
}

#[cfg(test)]
mod tests {
    use joulebook_client::{MARKET_ID, ORACLE_ID};

    use super::*;
    use crate::Status;

    #[test]
    fn given_programs_of_all_kinds_when_they_are_reckoned_then_a_buffer_is_locked_for_a_while_alone(
    ) {
        let item = |status, rent, growth| ProgramItem {
            name: "market",
            address: MARKET_ID,
            bytes: 0,
            pieces: 10,
            status,
            rent,
            head: 3,
            buffer: rent,
            growth,
        };
        let other = || ProgramStatus::Other {
            room: 0,
            authority: None,
        };
        let programs = [
            item(ProgramStatus::Same { authority: None }, 1_000_000, 0),
            item(ProgramStatus::Missing, 100, 0),
            item(other(), 30, 7),
            item(other(), 50, 0),
        ];
        let table = Item {
            name: "ledger".into(),
            address: ORACLE_ID,
            status: Status::Missing,
            rent: 9,
            remarks: vec![],
            shares: Shares {
                payer: 5,
                authority: 4,
                operators: 0,
            },
            transactions: 2,
        };
        let costs = Costs::of(&programs, &[table]);
        assert_eq!((costs.rent.payer, costs.rent.authority), (115, 4));
        assert_eq!(costs.buffer, 50);
        // Three programs of 13 transactions, and two more.
        assert_eq!(costs.fees, 41 * 15_000);
        assert_eq!(costs.payer(), 115 + 50 + 41 * 15_000);
    }
}
