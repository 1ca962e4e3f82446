//! TukTuk's program, as far as tasks need it: a *task* is a transaction that anyone may run once its time has come, for a reward that
//! it holds. Tasks are in a *queue*, which says who may add some.
//!
//! Layouts are those of `tuktuk-program/idls/tuktuk.json` in github.com/helium/tuktuk, version 0.2 of the program; tests hold sizes
//! and discriminators.

mod account;
mod address;
mod instruction;
mod transaction;

pub use account::{Config, Queue, QueueName, Source, Task, Trigger};
pub use address::{config, queue_authority, queue_name, queue_of, task, TUKTUK_ID};
pub use instruction::{
    add_queue_authority, close_task_queue, dequeue_task, initialize_task_queue, queue_task,
    remove_queue_authority, run_task, NewQueue, NewTask, QueueTaskArguments, MAX_DESCRIPTION,
    QUEUE_TASK, RUN_TASK,
};
pub use transaction::{CompileError, CompiledInstruction, CompiledTransaction};

use sha2::{Digest, Sha256};

/// Of Anchor: the first bytes of the hash of a kind and a name.
fn discriminator(kind: &str, name: &str) -> [u8; 8] {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update(":");
    hash.update(name);
    let hash: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    [a, b, c, d, e, f, g, h]
}
