//! As many seats as a ledger can have, all of which owe and are owed: nothing that goes over all of them is beyond what one
//! transaction may cost.

use joulebook_client::{
    layout::{
        cut,
        market::{
            limits::{MAX_NAMING_PAYMENTS, MAX_PAYMENTS, MAX_SEATS, MAX_SET_OFF},
            Ledger, Owing, Seat, SeatStatus,
        },
        Address,
    },
    market::{
        errors::MarketError,
        events::MarketEvent,
        types::{ClaimsPaid, DebtsPaid},
    },
};
use joulebook_sim::{keeper::MAX_COMPUTE_UNITS, Failure, LocalCommunity, Parameters, Receipt};
use joulebook_tests::market::{
    altered::change, instructions, market_events, trading_community_with,
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A ledger of [`MAX_SEATS`] rows, in each of which `owing` stands, and free money of `free` but for suppliers.
fn full(free: u64, owing: [Owing; 2]) -> LocalCommunity {
    let mut community = trading_community_with(Parameters::default());
    let header = community.ledger().header;
    let owner = community.supplier.address().to_bytes();
    let others = MAX_SEATS - 1;
    let rows = usize::from(header.capacity) * size_of::<Seat>();
    change(
        &mut community.chain,
        &community.addresses.ledger,
        |account| {
            let start = account.data.len() - rows;
            account.data.truncate(start);
            let head = start - size_of::<Ledger>();
            let ledger: &mut Ledger = bytemuck::from_bytes_mut(&mut account.data[head..]);
            ledger.capacity = MAX_SEATS;
            for (supplier, owing) in ledger.suppliers.iter_mut().zip(owing) {
                supplier.claims = owing.claim * u64::from(others);
            }
            let len = start + usize::from(MAX_SEATS) * size_of::<Seat>();
            account.data.resize(len, 0);
            account.lamports = 1_000_000_000_000;
        },
    );
    with_seats(&mut community, |header, seats| {
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

fn with_seats(community: &mut LocalCommunity, then: impl FnOnce(&Ledger, &mut [Seat])) {
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

#[test]
fn given_a_full_ledger_of_debtors_when_debts_are_paid_then_a_number_of_them_at_a_time() {
    let debt = Owing { debt: 7, claim: 0 };
    let mut community = full(10, [debt, Owing::default()]);
    let others = u64::from(MAX_SEATS) - 1;
    let mut left = others;
    while left > 0 {
        let paid = left.min(MAX_PAYMENTS.into());
        let events = pay_claims(&mut community);
        let [MarketEvent::DebtsPaid(DebtsPaid { amount, .. })] = events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(amount, 7 * paid);
        left -= paid;
    }
    assert_eq!(pay_claims(&mut community), []);
    assert_eq!(community.supplier_seat().free, 7 * others);
    let ledger = community.ledger();
    assert!(ledger.seats.iter().all(|seat| seat.debt() == 0));
}

#[test]
fn given_a_full_ledger_of_claims_when_they_are_paid_then_a_number_of_them_in_their_order() {
    let claim = Owing { debt: 0, claim: 5 };
    let mut community = full(0, [claim, Owing::default()]);
    let others = u64::from(MAX_SEATS) - 1;
    let mut left = others;
    while left > 0 {
        let paid = left.min(MAX_PAYMENTS.into());
        let events = pay_claims(&mut community);
        left -= paid;
        let [MarketEvent::ClaimsPaid(told)] = &events[..] else {
            panic!("{events:?}");
        };
        let ClaimsPaid {
            amount, left: rest, ..
        } = told;
        assert_eq!((*amount, *rest), (5 * paid, 5 * left));
        let seats = community.ledger().seats;
        let unpaid = seats.iter().rposition(|seat| seat.claim() == 0);
        assert_eq!(unpaid, Some((others - left) as usize));
    }
    assert_eq!(pay_claims(&mut community), []);
}

/// With the compute units that a transaction has at most; the supplier and household 0 sign.
fn send(community: &mut LocalCommunity, instruction: Instruction) -> Result<Receipt, Failure> {
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
        let mut accounts = instruction.accounts.iter();
        accounts.any(|account| account.is_signer && account.pubkey == key.pubkey())
    };
    let signers: Vec<&Keypair> = keys.into_iter().filter(|key| is_needed(key)).collect();
    chain.send(&[limit, instruction.clone()], &signers)
}

/// Nobody is passed by: what one instruction does not reach is paid before anything else.
#[test]
fn given_more_claims_than_one_instruction_pays_when_a_seat_is_closed_then_they_come_first() {
    let claim = Owing { debt: 0, claim: 5 };
    let mut community = full(0, [claim, Owing::default()]);
    let owner = community.supplier.address();
    let close = community.addresses.close_seat(owner, MAX_SEATS - 1);
    let found = send(&mut community, close).unwrap_err();
    assert_eq!(found, Failure::Market(MarketError::PaymentsDue));
}

#[test]
fn given_a_full_ledger_of_debtors_when_another_supplier_is_named_then_one_transaction_does_it() {
    let debt = Owing { debt: 7, claim: 0 };
    let mut community = full(0, [debt, Owing::default()]);
    let (seat, owner) = (
        community.households[0].seat,
        community.households[0].address(),
    );
    with_seats(&mut community, |_, seats| {
        seats[usize::from(seat)] = Seat {
            owner: Address(owner.to_bytes()),
            status: SeatStatus::Open as u8,
            free: u64::MAX / 2,
            ..Seat::default()
        };
    });
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    send(&mut community, replace).unwrap();
    assert!(community.ledger().header.awaits_supplier());
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
    let ledger = community.addresses.ledger;
    change(&mut community.chain, &ledger, |account| {
        let (header, seats) = cut::<Ledger>(&mut account.data).expect("a whole ledger");
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

#[test]
fn given_a_full_ledger_that_owes_both_suppliers_when_another_is_named_then_one_transaction_does_it()
{
    // A payer pays both suppliers at once, a claimant is paid by each.
    let most = usize::from(MAX_NAMING_PAYMENTS) - 1;
    for (payers, claimants) in [(0, 0), (most, 0), (0, most / 2), (most / 2, most / 4)] {
        let mut community = owing_both(payers, claimants);
        let replace = instructions::replace_supplier(&community, &community.households[0]);
        let receipt = send(&mut community, replace).unwrap();
        println!("{payers} {claimants}: {}", receipt.compute_units);
        assert!(community.ledger().header.awaits_supplier());
    }
    let mut community = owing_both(most + 1, 0);
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    let found = send(&mut community, replace.clone()).unwrap_err();
    assert_eq!(found, Failure::Market(MarketError::PaymentsDue));
    assert_eq!(pay_claims(&mut community).len(), 1);
    send(&mut community, replace).unwrap();
}

#[test]
fn given_a_full_ledger_that_owes_both_suppliers_when_asked_then_one_transaction_pays_the_most() {
    let most = usize::from(MAX_PAYMENTS);
    for (payers, claimants) in [(most, 0), (0, most / 2), (most / 2, most / 4)] {
        let mut community = owing_both(payers, claimants);
        let pay = community.addresses.pay_claims();
        let receipt = send(&mut community, pay).unwrap();
        println!("{payers} {claimants}: {}", receipt.compute_units);
    }
}

/// Every second row passes on from the one supplier to the other what the next row passes back.
#[test]
fn given_a_full_ledger_in_which_all_goes_round_when_asked_then_each_call_sets_off_a_number_of_them()
{
    let mut community = owing_both(0, 0);
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let seat = community.households[0].seat;
    let ledger = community.addresses.ledger;
    change(&mut community.chain, &ledger, |account| {
        let (header, seats) = cut::<Ledger>(&mut account.data).expect("a whole ledger");
        for (index, row) in (0u16..).zip(seats.iter_mut()) {
            let (debt, claim) = (Owing { debt: 5, claim: 0 }, Owing { debt: 0, claim: 5 });
            row.owing = match index % 2 {
                0 => [debt, claim],
                _ => [claim, debt],
            };
            if suppliers.contains(&index) || index == seat {
                row.owing = Default::default();
            }
        }
        for (place, supplier) in header.suppliers.iter_mut().enumerate() {
            supplier.claims = seats.iter().map(|row| row.owing[place].claim).sum();
        }
    });
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    let found = send(&mut community, replace.clone()).unwrap_err();
    assert_eq!(found, Failure::Market(MarketError::PaymentsDue));
    let mut calls = 0;
    while send(&mut community, replace.clone()).is_err() {
        let pay = community.addresses.pay_claims();
        let receipt = send(&mut community, pay).unwrap();
        println!("round: {}", receipt.compute_units);
        calls += 1;
    }
    assert_eq!(calls, usize::from(MAX_SEATS / 2 / MAX_SET_OFF));
    assert!(community.ledger().header.awaits_supplier());
}

/// So many rows have a claim on the first supplier and a debt to the second; two at the end the other way round.
fn passing_on(rows: usize, is_lopsided: bool) -> LocalCommunity {
    let mut community = owing_both(0, 0);
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let seat = community.households[0].seat;
    let ledger = community.addresses.ledger;
    let (debt, claim) = (Owing { debt: 5, claim: 0 }, Owing { debt: 0, claim: 5 });
    change(&mut community.chain, &ledger, |account| {
        let (header, seats) = cut::<Ledger>(&mut account.data).expect("a whole ledger");
        let len = seats.len();
        for (index, row) in (0u16..).zip(seats.iter_mut()) {
            let is_last = usize::from(index) + 2 >= len;
            row.owing = match is_last && is_lopsided {
                true => [debt, claim],
                false if is_last => [Owing::default(), claim],
                false if usize::from(index) < rows => [claim, debt],
                false => Default::default(),
            };
            if suppliers.contains(&index) || index == seat {
                row.owing = Default::default();
            }
        }
        for (place, supplier) in header.suppliers.iter_mut().enumerate() {
            supplier.claims = seats.iter().map(|row| row.owing[place].claim).sum();
        }
        for index in suppliers {
            seats[usize::from(index)].free = 0;
        }
    });
    community
}

/// It used to cost more than a transaction may, for good.
#[test]
fn given_a_full_ledger_that_passes_on_one_way_when_asked_then_one_transaction_looks_at_it() {
    for is_lopsided in [false, true] {
        for rows in [1024, 6000, usize::from(MAX_SEATS)] {
            let mut community = passing_on(rows, is_lopsided);
            let pay = community.addresses.pay_claims();
            let paid = send(&mut community, pay).unwrap().compute_units;
            let replace = instructions::replace_supplier(&community, &community.households[0]);
            let named = send(&mut community, replace).unwrap().compute_units;
            println!("{rows} {is_lopsided}: {paid} {named}");
        }
    }
}

#[test]
fn given_debts_as_high_as_can_be_written_when_asked_then_nothing_overflows() {
    let mut community = owing_both(0, 0);
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let ledger = community.addresses.ledger;
    change(&mut community.chain, &ledger, |account| {
        let (header, seats) = cut::<Ledger>(&mut account.data).expect("a whole ledger");
        for row in seats.iter_mut() {
            row.owing = Default::default();
        }
        let first = &mut seats[usize::from(suppliers[0])];
        first.owing[1].debt = u64::MAX;
        first.free = 0;
        seats[usize::from(suppliers[1])].owing[0].claim = 1;
        header.suppliers[0].claims = 1;
        header.suppliers[1].claims = 0;
    });
    let pay = community.addresses.pay_claims();
    send(&mut community, pay).unwrap();
}
