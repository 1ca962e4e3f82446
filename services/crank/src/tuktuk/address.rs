//! Where TukTuk's accounts are.

use sha2::{Digest, Sha256};
use solana_address::Address;

/// TukTuk's program.
pub const TUKTUK_ID: Address =
    Address::from_str_const("tuktukUrfhXT6ZT77QTU8RQtvgL967uRuVagWF57zVA");

/// The program's one configuration.
pub fn config() -> Address {
    of(&[b"tuktuk_config"])
}

/// The queue with that number.
pub fn queue_of(number: u32) -> Address {
    of(&[b"task_queue", config().as_ref(), &number.to_le_bytes()])
}

/// Says which queue has that name.
pub fn queue_name(name: &str) -> Address {
    let hash: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    of(&[b"task_queue_name_mapping", config().as_ref(), &hash])
}

/// Says that `authority` may add tasks to the queue, and take them out.
pub fn queue_authority(queue: &Address, authority: &Address) -> Address {
    of(&[b"task_queue_authority", queue.as_ref(), authority.as_ref()])
}

/// The task with that number; used again once it is run.
pub fn task(queue: &Address, id: u16) -> Address {
    of(&[b"task", queue.as_ref(), &id.to_le_bytes()])
}

fn of(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &TUKTUK_ID).0
}
