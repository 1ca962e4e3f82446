//! TukTuk's instructions.

use borsh::{BorshDeserialize, BorshSerialize};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};
use solana_sdk_ids::{system_program, sysvar};

use super::{
    account::{Source, Task, Trigger},
    address, config, queue_authority, queue_name, queue_of, CompiledTransaction, TUKTUK_ID,
};

/// The first bytes of each instruction's data.
pub const INITIALIZE_TASK_QUEUE: [u8; 8] = [150, 100, 6, 8, 32, 179, 250, 186];
pub const ADD_QUEUE_AUTHORITY: [u8; 8] = [122, 25, 219, 246, 39, 195, 74, 93];
pub const REMOVE_QUEUE_AUTHORITY: [u8; 8] = [180, 26, 196, 229, 80, 40, 245, 187];
pub const CLOSE_TASK_QUEUE: [u8; 8] = [196, 228, 35, 71, 131, 69, 175, 176];
pub const QUEUE_TASK: [u8; 8] = [177, 95, 195, 252, 241, 2, 178, 88];
pub const DEQUEUE_TASK: [u8; 8] = [92, 141, 249, 132, 219, 109, 215, 126];
pub const RUN_TASK: [u8; 8] = [52, 184, 39, 129, 126, 245, 176, 237];

/// The longest description of a task, bytes.
pub const MAX_DESCRIPTION: usize = 40;

/// What a task's account has room for beside its transaction and its description, bytes: a discriminator, the size that the program
/// has of it in memory, the length of the description, and some to spare.
const TASK_ROOM: usize = 8 + 216 + 4 + 60;

/// A queue that is to be created.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize)]
pub struct NewQueue {
    /// Lamports.
    pub min_reward: u64,
    /// At most 32 bytes; no other queue has it.
    pub name: String,
    pub capacity: u16,
    pub lookup_tables: Vec<Address>,
    /// Seconds.
    pub stale_after: u32,
}

/// A task that is to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    pub trigger: Trigger,
    pub transaction: CompiledTransaction,
    /// Lamports; the queue's least if `None`.
    pub reward: Option<u64>,
    /// For whoever looks at the queue; at most [`MAX_DESCRIPTION`] bytes.
    pub description: String,
}

/// The arguments of the instruction that queues a task.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueueTaskArguments {
    pub id: u16,
    pub trigger: Trigger,
    /// Without its accounts, which are the instruction's own behind the first six.
    pub source: Source,
    pub reward: Option<u64>,
    pub free_tasks: u8,
    pub description: String,
}

impl NewTask {
    /// Bytes of the account that it gets.
    pub fn account_len(&self) -> usize {
        // The kind of source, as TukTuk reckons it.
        let kind = 4;
        TASK_ROOM + kind + self.sent().room() + self.description.len()
    }

    /// Whether a task that waits does the same at the same time, for as much at least: what offers less may be left alone.
    pub fn is(&self, task: &Task) -> bool {
        self.trigger == task.trigger
            && task.transaction.as_ref() == Some(&self.transaction)
            && task.reward >= self.reward.unwrap_or(0)
    }

    /// The transaction as it is sent: its accounts go along as the instruction's, where several tasks share them.
    fn sent(&self) -> CompiledTransaction {
        CompiledTransaction {
            accounts: vec![],
            ..self.transaction.clone()
        }
    }
}

/// Creates the queue with number `number`, which must be the configuration's next; `payer` governs it.
pub fn initialize_task_queue(payer: Address, number: u32, new: &NewQueue) -> Instruction {
    let accounts = vec![
        AccountMeta::new(payer, true),
        AccountMeta::new(config(), false),
        AccountMeta::new_readonly(payer, false),
        AccountMeta::new(queue_of(number), false),
        AccountMeta::new(queue_name(&new.name), false),
        AccountMeta::new_readonly(system_program::ID, false),
    ];
    instruction(INITIALIZE_TASK_QUEUE, new, accounts)
}

/// Lets `authority` add tasks to the queue that `payer` governs, and take them out.
pub fn add_queue_authority(payer: Address, queue: Address, authority: Address) -> Instruction {
    let accounts = vec![
        AccountMeta::new(payer, true),
        AccountMeta::new_readonly(payer, true),
        AccountMeta::new_readonly(authority, false),
        AccountMeta::new(queue_authority(&queue, &authority), false),
        AccountMeta::new(queue, false),
        AccountMeta::new_readonly(system_program::ID, false),
    ];
    instruction(ADD_QUEUE_AUTHORITY, &(), accounts)
}

/// Takes that right away; its rent goes to `payer`.
pub fn remove_queue_authority(payer: Address, queue: Address, authority: Address) -> Instruction {
    let accounts = vec![
        AccountMeta::new(payer, true),
        AccountMeta::new(payer, false),
        AccountMeta::new_readonly(payer, true),
        AccountMeta::new_readonly(authority, false),
        AccountMeta::new(queue_authority(&queue, &authority), false),
        AccountMeta::new(queue, false),
    ];
    instruction(REMOVE_QUEUE_AUTHORITY, &(), accounts)
}

/// Closes a queue without tasks and authorities, which `payer` governs; deposit and rent go to it.
pub fn close_task_queue(payer: Address, queue: Address, name: &str) -> Instruction {
    let accounts = vec![
        AccountMeta::new(payer, false),
        AccountMeta::new(payer, true),
        AccountMeta::new_readonly(payer, true),
        AccountMeta::new(config(), false),
        AccountMeta::new(queue, false),
        AccountMeta::new(queue_name(name), false),
        AccountMeta::new_readonly(system_program::ID, false),
    ];
    instruction(CLOSE_TASK_QUEUE, &(), accounts)
}

/// Queues a task under a number that is free; `payer` pays rent and reward, and must be one of the queue's authorities.
pub fn queue_task(payer: Address, queue: Address, id: u16, new: &NewTask) -> Instruction {
    let mut accounts = vec![
        AccountMeta::new(payer, true),
        AccountMeta::new_readonly(payer, true),
        AccountMeta::new_readonly(queue_authority(&queue, &payer), false),
        AccountMeta::new(queue, false),
        AccountMeta::new(address::task(&queue, id), false),
        AccountMeta::new_readonly(system_program::ID, false),
    ];
    let named = new.transaction.accounts.iter();
    accounts.extend(named.map(|named| AccountMeta::new_readonly(*named, false)));
    let arguments = QueueTaskArguments {
        id,
        trigger: new.trigger,
        source: Source::Compiled(new.sent()),
        reward: new.reward,
        free_tasks: 0,
        description: new.description.clone(),
    };
    instruction(QUEUE_TASK, &arguments, accounts)
}

/// Takes a task out that was not run; rent and reward go back to whoever queued it.
pub fn dequeue_task(authority: Address, task: &Task) -> Instruction {
    let accounts = vec![
        AccountMeta::new_readonly(authority, true),
        AccountMeta::new(task.refund, false),
        AccountMeta::new_readonly(queue_authority(&task.queue, &authority), false),
        AccountMeta::new(task.queue, false),
        AccountMeta::new(address::task(&task.queue, task.id), false),
    ];
    instruction(DEQUEUE_TASK, &(), accounts)
}

/// Runs a task once its time has come: whoever sends it gets the reward. `None` for one whose transaction comes from a server.
pub fn run_task(turner: Address, task: &Task) -> Option<Instruction> {
    let mut accounts = vec![
        AccountMeta::new(turner, true),
        AccountMeta::new(task.refund, false),
        AccountMeta::new(task.queue, false),
        AccountMeta::new(address::task(&task.queue, task.id), false),
        AccountMeta::new_readonly(system_program::ID, false),
        AccountMeta::new_readonly(sysvar::instructions::ID, false),
    ];
    accounts.extend(task.transaction.as_ref()?.metas());
    // Numbers of tasks that it may add: none.
    Some(instruction(RUN_TASK, &Vec::<u16>::new(), accounts))
}

fn instruction(
    discriminator: [u8; 8],
    arguments: &impl BorshSerialize,
    accounts: Vec<AccountMeta>,
) -> Instruction {
    let mut data = discriminator.to_vec();
    // Into memory there is nothing to fail.
    let _ = arguments.serialize(&mut data);
    Instruction {
        program_id: TUKTUK_ID,
        accounts,
        data,
    }
}
