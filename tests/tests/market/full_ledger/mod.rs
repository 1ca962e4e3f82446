//! As many seats as a ledger can have, all of which owe and are owed: nothing that goes over all of them is beyond what one
//! transaction may cost.

mod at_once;
mod lines;
mod one_seat;
mod set_off;

use joulebook_client::{
    layout::{
        cut,
        market::{limits::MAX_SEATS, Ledger, Owing, Seat, SeatStatus},
        Address,
    },
    market::events::MarketEvent,
};
use joulebook_sim::{keeper::MAX_COMPUTE_UNITS, Failure, LocalCommunity, Parameters, Receipt};
use joulebook_tests::market::{altered::change, market_events, trading_community_with};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A ledger of [`MAX_SEATS`] rows, in each of which `owing` stands, and free money of `free` but for suppliers.
fn full(free: u64, owing: [Owing; 2]) -> LocalCommunity {
    let mut community = trading_community_with(Parameters::default());
    let owner = community.supplier.address().to_bytes();
    let others = MAX_SEATS - 1;
    resize(&mut community, MAX_SEATS);
    with_seats(&mut community, |header, seats| {
        for (supplier, owing) in header.suppliers.iter_mut().zip(owing) {
            supplier.claims = owing.claim * u64::from(others);
        }
        let first = header.suppliers[0];
        for seat in seats.iter_mut() {
            *seat = Seat {
                owner: Address(owner),
                status: SeatStatus::Open as u8,
                free,
                owing,
                ..Seat::default()
            };
        }
        let supplier = &mut seats[usize::from(first.seat)];
        supplier.owing = Default::default();
        supplier.free = first.claims;
    });
    community
}

/// As many rows as `capacity`, not those that were there.
fn resize(community: &mut LocalCommunity, capacity: u16) {
    let rows = usize::from(community.ledger().header.capacity) * size_of::<Seat>();
    let ledger = community.addresses.ledger;
    change(&mut community.chain, &ledger, |account| {
        let start = account.data.len() - rows;
        account.data.truncate(start);
        let head = start - size_of::<Ledger>();
        let ledger: &mut Ledger = bytemuck::from_bytes_mut(&mut account.data[head..]);
        ledger.capacity = capacity;
        let len = start + usize::from(capacity) * size_of::<Seat>();
        account.data.resize(len, 0);
        account.lamports = 1_000_000_000_000;
    });
}

fn with_seats(community: &mut LocalCommunity, then: impl FnOnce(&mut Ledger, &mut [Seat])) {
    change(
        &mut community.chain,
        &community.addresses.ledger,
        |account| {
            let (header, seats) = cut::<Ledger>(&mut account.data).expect("a whole ledger");
            then(header, seats);
        },
    );
}

fn pay_claims(community: &mut LocalCommunity) -> Vec<MarketEvent> {
    let pay = community.addresses.pay_claims();
    let receipt = community.send_with_full_budget(&[pay]).unwrap();
    market_events(&receipt)
}

/// With the compute units that a transaction has at most; authority, supplier and household 0 sign.
fn send(community: &mut LocalCommunity, instruction: Instruction) -> Result<Receipt, Failure> {
    send_all(community, &[instruction])
}

fn send_all(community: &mut LocalCommunity, calls: &[Instruction]) -> Result<Receipt, Failure> {
    let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
    let LocalCommunity {
        chain,
        authority,
        supplier,
        households,
        ..
    } = community;
    let keys = [&*authority, &supplier.wallet, &households[0].wallet];
    let is_needed = |key: &Keypair| {
        let mut accounts = calls.iter().flat_map(|call| &call.accounts);
        accounts.any(|account| account.is_signer && account.pubkey == key.pubkey())
    };
    let signers: Vec<&Keypair> = keys.into_iter().filter(|key| is_needed(key)).collect();
    let all = [&[limit], calls].concat();
    chain.send(&all, &signers)
}

/// Everybody owes both suppliers; the last `payers` have money for it, and the `claimants` before them have claims on both instead.
fn owing_both(payers: usize, claimants: usize) -> LocalCommunity {
    let mut community = full(0, Default::default());
    let (seat, owner) = (
        community.households[0].seat,
        community.households[0].address(),
    );
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let now = community.chain.now();
    with_seats(&mut community, |header, seats| {
        let len = seats.len();
        for (index, row) in seats.iter_mut().enumerate() {
            row.owing = [Owing { debt: 7, claim: 0 }; 2];
            if index >= len - payers {
                row.free = 20;
            } else if index >= len - payers - claimants {
                row.owing = [Owing { debt: 0, claim: 5 }; 2];
            }
        }
        for index in suppliers {
            seats[usize::from(index)].owing = Default::default();
            seats[usize::from(index)].free = 1 << 40;
        }
        seats[usize::from(seat)] = Seat {
            owner: Address(owner.to_bytes()),
            status: SeatStatus::Open as u8,
            free: u64::MAX / 4,
            ..Seat::default()
        };
        header.suppliers[1].seat = suppliers[1];
        for supplier in &mut header.suppliers {
            supplier.claims = 5 * claimants as u64;
            supplier.last_page = 0;
            supplier.final_at = 0;
        }
        header.last_final = now;
    });
    community
}
