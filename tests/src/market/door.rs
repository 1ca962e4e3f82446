//! A market that has admitted a program.

use joulebook_client::layout::market::{Admission, Ledger, Seat, SeatHold};
use joulebook_sim::{Chain, Failure, LocalCommunity, Receipt};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::{altered, govern, trading_community};

/// Deploys the example program of the tests at `address`. It runs at its own alone, but can be admitted at any.
pub fn deploy(chain: &mut Chain, address: Address) {
    let file = Chain::programs_dir().join("tests/bond.so");
    if let Err(error) = chain.svm.add_program_from_file(address, &file) {
        let file = file.display();
        panic!("cannot load {file}: {error}; build it with `make test-programs`");
    }
}

/// A community with traders that has admitted a program; returns that. On its chain a program's address signs
/// without the program.
pub fn community_with_program() -> (LocalCommunity, Address) {
    let mut community = trading_community();
    community.chain = community.chain.without_signature_checks();
    let program = admit_new(&mut community);
    (community, program)
}

/// Has another program deployed and admitted.
pub fn admit_new(community: &mut LocalCommunity) -> Address {
    let program = Address::new_unique();
    deploy(&mut community.chain, program);
    let admit = admission_of(community, program);
    govern(community, admit).unwrap();
    program
}

/// The instruction by which the authority admits `program`.
pub fn admission_of(community: &LocalCommunity, program: Address) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.admit(authority, program)
}

/// The instruction by which the authority retires `program`.
pub fn retirement_of(community: &LocalCommunity, program: &Address) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.retire(authority, program)
}

/// The instruction by which household `place` holds `amount` milli-atoms for `program`.
pub fn hold_by(
    community: &LocalCommunity,
    place: usize,
    program: &Address,
    amount: u64,
) -> Instruction {
    let owner = &community.households[place];
    let at = &community.addresses;
    at.hold(owner.address(), program, owner.seat, amount)
}

/// Has household `place` hold `amount` milli-atoms for `program`.
pub fn hold(community: &mut LocalCommunity, place: usize, program: &Address, amount: u64) {
    let hold = hold_by(community, place, program, amount);
    super::send_as(community, place, hold).unwrap();
}

/// The instruction by which `program` gives `amount` milli-atoms back to household `place`.
pub fn release_to(
    community: &LocalCommunity,
    program: &Address,
    place: usize,
    amount: u64,
) -> Instruction {
    let seat = community.households[place].seat;
    community.addresses.release(program, seat, amount)
}

/// The instruction by which `program` gives `amount` milli-atoms of household `from` to household `to`.
pub fn capture_from(
    community: &LocalCommunity,
    program: &Address,
    (from, to): (usize, usize),
    amount: u64,
) -> Instruction {
    let seat = |place: usize| community.households[place].seat;
    let at = &community.addresses;
    at.capture(program, seat(from), amount, seat(to))
}

/// Sends what asks for no signature, or for that of a program's address alone.
pub fn send(community: &mut LocalCommunity, instruction: Instruction) -> Result<Receipt, Failure> {
    community.chain.send(&[instruction], &[])
}

pub fn admission(community: &LocalCommunity, program: &Address) -> Admission {
    let address = community.addresses.admission(program);
    Admission::from_bytes(&community.chain.data(&address)).expect("the program is admitted")
}

/// What household `place` holds for `program`; `None` without such an account.
pub fn hold_of(community: &LocalCommunity, place: usize, program: &Address) -> Option<SeatHold> {
    let seat = community.households[place].seat;
    let address = community.addresses.hold_of(program, seat);
    SeatHold::from_bytes(&community.chain.data(&address))
}

/// Free and held money of household `place`, milli-atoms.
pub fn free_and_held(community: &LocalCommunity, place: usize) -> (u64, u64) {
    let seat = community.seat(place);
    (seat.free, seat.held)
}

/// Retires `program` now; returns when its notice period ends.
pub fn retire(community: &mut LocalCommunity, program: &Address) -> i64 {
    let retire = retirement_of(community, program);
    govern(community, retire).unwrap();
    admission(community, program).ends_at
}

/// Changes the seat of household `place` as no instruction could.
pub fn change_seat(community: &mut LocalCommunity, place: usize, change: impl FnOnce(&mut Seat)) {
    let index = usize::from(community.households[place].seat);
    let mut seat = community.seat(place);
    change(&mut seat);
    let ledger = community.addresses.ledger;
    let offset = Ledger::LEN + index * size_of::<Seat>();
    altered::write(
        &mut community.chain,
        &ledger,
        offset,
        bytemuck::bytes_of(&seat),
    );
}
