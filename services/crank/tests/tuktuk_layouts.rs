//! The bytes of TukTuk's accounts and instructions, by its IDL (`tuktuk-program/idls/tuktuk.json` of github.com/helium/tuktuk).

use joulebook_crank::tuktuk::{
    add_queue_authority, close_task_queue, config, dequeue_task, initialize_task_queue,
    queue_authority, queue_of, queue_task, remove_queue_authority, run_task, task, CompileError,
    CompiledInstruction, CompiledTransaction, Config, NewQueue, NewTask, Queue, QueueName, Task,
    Trigger, TUKTUK_ID,
};
use proptest::prelude::*;
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

const PAYER: Address = Address::new_from_array([1; 32]);
const QUEUE: Address = Address::new_from_array([2; 32]);
const PROGRAM: Address = Address::new_from_array([3; 32]);

fn key(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn sample() -> NewTask {
    let instruction =
        |data: &[u8], metas: Vec<AccountMeta>| Instruction::new_with_bytes(PROGRAM, data, metas);
    let read = |byte| AccountMeta::new_readonly(key(byte), false);
    let write = |byte| AccountMeta::new(key(byte), false);
    let transaction = CompiledTransaction::of(&[
        instruction(&[7, 8], vec![read(20), write(10)]),
        instruction(&[9], vec![write(11), read(10)]),
    ]);
    NewTask {
        trigger: Trigger::At(0x0102_0304),
        transaction: transaction.expect("nobody signs"),
        reward: Some(10_000),
        description: "open".into(),
    }
}

fn waiting() -> Task {
    Task {
        queue: QUEUE,
        id: 258,
        trigger: Trigger::At(5),
        reward: 10_000,
        refund: PAYER,
        transaction: Some(sample().transaction),
        description: "open".into(),
    }
}

#[test]
fn given_instructions_when_they_are_compiled_then_accounts_that_are_written_come_first_and_programs_last(
) {
    let CompiledTransaction {
        signers_written,
        signers_read,
        written,
        accounts,
        instructions,
        signer_seeds,
    } = sample().transaction;
    assert_eq!((signers_written, signers_read, written), (0, 0, 2));
    assert_eq!(accounts, [key(10), key(11), key(20), PROGRAM]);
    let expected = [
        CompiledInstruction {
            program: 3,
            accounts: vec![2, 0],
            data: vec![7, 8],
        },
        CompiledInstruction {
            program: 3,
            accounts: vec![1, 0],
            data: vec![9],
        },
    ];
    assert_eq!(instructions, expected);
    assert!(signer_seeds.is_empty());
}

#[test]
fn given_an_instruction_that_somebody_signs_when_it_is_compiled_then_it_is_refused() {
    let signs = AccountMeta::new_readonly(key(9), true);
    let one = Instruction::new_with_bytes(PROGRAM, &[], vec![signs]);
    let refused = CompiledTransaction::of(&[one]);
    assert_eq!(refused, Err(CompileError::Signer(key(9))));
}

#[test]
fn given_more_accounts_than_a_byte_tells_apart_when_they_are_compiled_then_they_are_refused() {
    let metas = |count: u16| -> Vec<AccountMeta> {
        let address = |place: u16| {
            let mut bytes = [0; 32];
            bytes[..2].copy_from_slice(&place.to_le_bytes());
            AccountMeta::new_readonly(bytes.into(), false)
        };
        (0..count).map(address).collect()
    };
    let compiled =
        |count| CompiledTransaction::of(&[Instruction::new_with_bytes(PROGRAM, &[], metas(count))]);
    assert!(compiled(255).is_ok());
    assert_eq!(compiled(256), Err(CompileError::TooManyAccounts));
}

#[test]
fn given_a_task_when_it_is_queued_then_its_bytes_are_those_of_the_idl() {
    let new = sample();
    let queued = queue_task(PAYER, QUEUE, 258, &new);
    assert_eq!(queued.program_id, TUKTUK_ID);
    let mut expected = vec![177, 95, 195, 252, 241, 2, 178, 88];
    expected.extend([2, 1]); // id
    expected.extend([1, 4, 3, 2, 1, 0, 0, 0, 0]); // a timestamp
    expected.push(0); // compiled
    expected.extend([0, 0, 2]);
    expected.extend([0; 4]); // no accounts: they are the instruction's
    expected.extend([2, 0, 0, 0]);
    expected.extend([3, 2, 0, 0, 0, 2, 0, 2, 0, 0, 0, 7, 8]);
    expected.extend([3, 2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 9]);
    expected.extend([0; 4]); // no seeds
    expected.extend([1, 16, 39, 0, 0, 0, 0, 0, 0]); // 10,000 lamports
    expected.push(0); // no tasks of its own
    expected.extend([4, 0, 0, 0]);
    expected.extend(b"open");
    assert_eq!(queued.data, expected);
    let metas: Vec<(Address, bool, bool)> = queued
        .accounts
        .iter()
        .map(|meta| (meta.pubkey, meta.is_writable, meta.is_signer))
        .collect();
    let own = [
        (PAYER, true, true),
        (PAYER, false, true),
        (queue_authority(&QUEUE, &PAYER), false, false),
        (QUEUE, true, false),
        (task(&QUEUE, 258), true, false),
        (Address::default(), false, false),
    ];
    let named = new.transaction.accounts;
    let named = named.into_iter().map(|account| (account, false, false));
    assert_eq!(metas, own.into_iter().chain(named).collect::<Vec<_>>());
}

#[test]
fn given_a_task_when_it_is_run_then_its_accounts_are_written_to_as_it_says_and_nobody_signs_but_the_turner(
) {
    let turner = key(77);
    let run = run_task(turner, &waiting()).expect("compiled");
    let expected = [&[52, 184, 39, 129, 126, 245, 176, 237][..], &[0; 4]].concat();
    assert_eq!(run.data, expected);
    let metas: Vec<(Address, bool, bool)> = run
        .accounts
        .iter()
        .map(|meta| (meta.pubkey, meta.is_writable, meta.is_signer))
        .collect();
    let sysvar = solana_sdk_ids::sysvar::instructions::ID;
    let expected = [
        (turner, true, true),
        (PAYER, true, false),
        (QUEUE, true, false),
        (task(&QUEUE, 258), true, false),
        (Address::default(), false, false),
        (sysvar, false, false),
        (key(10), true, false),
        (key(11), true, false),
        (key(20), false, false),
        (PROGRAM, false, false),
    ];
    assert_eq!(metas, expected);
    let of_a_server = Task {
        transaction: None,
        ..waiting()
    };
    assert_eq!(run_task(turner, &of_a_server), None);
}

#[test]
fn given_a_queue_when_it_is_created_governed_and_closed_then_the_bytes_are_those_of_the_idl() {
    let new = NewQueue {
        min_reward: 1,
        name: "ab".into(),
        capacity: 3,
        lookup_tables: vec![],
        stale_after: 4,
    };
    let created = initialize_task_queue(PAYER, 7, &new);
    let mut expected = vec![150, 100, 6, 8, 32, 179, 250, 186];
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
    expected.extend(b"ab");
    expected.extend([3, 0, 0, 0, 0, 0, 4, 0, 0, 0]);
    assert_eq!(created.data, expected);
    assert_eq!(created.accounts[1].pubkey, config());
    assert_eq!(created.accounts[3].pubkey, queue_of(7));
    let only = |instruction: Instruction| (instruction.data, instruction.accounts.len());
    assert_eq!(
        only(add_queue_authority(PAYER, QUEUE, PAYER)),
        (vec![122, 25, 219, 246, 39, 195, 74, 93], 6)
    );
    assert_eq!(
        only(remove_queue_authority(PAYER, QUEUE, PAYER)),
        (vec![180, 26, 196, 229, 80, 40, 245, 187], 6)
    );
    assert_eq!(
        only(close_task_queue(PAYER, QUEUE, "ab")),
        (vec![196, 228, 35, 71, 131, 69, 175, 176], 7)
    );
    assert_eq!(
        only(dequeue_task(PAYER, &waiting())),
        (vec![92, 141, 249, 132, 219, 109, 215, 126], 5)
    );
}

#[test]
fn given_addresses_of_the_network_when_they_are_derived_then_they_are_the_ones_it_has() {
    assert_eq!(
        TUKTUK_ID.to_string(),
        "tuktukUrfhXT6ZT77QTU8RQtvgL967uRuVagWF57zVA"
    );
    assert!(!config().is_on_curve());
    assert_ne!(queue_of(0), queue_of(1));
    assert_ne!(task(&QUEUE, 0), task(&QUEUE, 1));
}

fn queue() -> Queue {
    Queue {
        config: config(),
        number: 7,
        update_authority: PAYER,
        reserved: Address::default(),
        min_reward: 10_000,
        uncollected_fees: 0,
        capacity: 10,
        created_at: 1,
        updated_at: 2,
        bump: 255,
        taken: vec![0b0000_0101, 0b10],
        name: "ab".into(),
        lookup_tables: vec![PROGRAM],
        authorities: 1,
        stale_after: 86_400,
    }
}

#[test]
fn given_a_queue_when_numbers_are_asked_for_then_each_is_free_or_taken_from_any_beginning() {
    let queue = queue();
    assert_eq!(queue.taken_ids(), [0, 2, 9]);
    assert_eq!(queue.free_ids(0), [1, 3, 4, 5, 6, 7, 8]);
    assert_eq!(queue.free_ids(14), [4, 5, 6, 7, 8, 1, 3]);
    assert!(queue.is_taken(16), "a number beyond is no free one");
    let none = Queue {
        capacity: 0,
        taken: vec![],
        ..queue
    };
    assert!(none.free_ids(5).is_empty());
}

#[test]
fn given_accounts_as_stored_when_they_are_read_then_nothing_is_lost_and_room_behind_them_is_no_harm(
) {
    let with_room = |mut data: Vec<u8>| {
        data.extend([0; 64]);
        data
    };
    let queue = queue();
    assert_eq!(
        &queue.to_bytes()[..8],
        [150, 24, 232, 159, 105, 32, 161, 17]
    );
    // The bitmap begins behind the discriminator and 139 bytes.
    assert_eq!(queue.to_bytes()[147..149], [0b101, 0b10]);
    assert_eq!(Queue::from_bytes(&with_room(queue.to_bytes())), Some(queue));
    let task = waiting();
    assert_eq!(&task.to_bytes()[..8], [242, 93, 213, 169, 42, 94, 239, 80]);
    assert_eq!(Task::from_bytes(&with_room(task.to_bytes())), Some(task));
    let config = Config {
        min_queue: 1,
        next_queue: 2,
        authority: PAYER,
        min_deposit: 1_000_000_000,
        bump: 254,
    };
    assert_eq!(
        &config.to_bytes()[..8],
        [198, 255, 138, 207, 252, 149, 60, 1]
    );
    assert_eq!(
        Config::from_bytes(&with_room(config.to_bytes())),
        Some(config)
    );
    let mut name = vec![112, 41, 174, 94, 48, 84, 56, 217];
    name.extend(QUEUE.to_bytes());
    name.extend([2, 0, 0, 0, b'a', b'b', 250]);
    let read = QueueName::from_bytes(&name).expect("a name");
    assert_eq!((read.queue, read.name.as_str()), (QUEUE, "ab"));
}

/// TukTuk reckons the room before the task's accounts are known; what it stores must fit.
#[test]
fn given_a_task_when_its_account_is_reckoned_then_what_is_stored_fits() {
    let new = sample();
    // 8 + 216 + (4 + 4 + 4 + 3 × 32 + 4 + 13 + 12) + 4 + 4 + 60.
    assert_eq!(new.account_len(), 429);
    assert!(waiting().to_bytes().len() <= new.account_len());
}

#[test]
fn given_a_queue_that_says_more_than_its_bits_hold_when_it_is_read_then_it_is_none() {
    let lying = Queue {
        capacity: 17,
        ..queue()
    };
    assert_eq!(Queue::from_bytes(&lying.to_bytes()), None);
}

proptest! {
    #[test]
    fn given_any_bytes_when_they_are_read_then_nothing_panics(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..400),
        kind in 0usize..4,
    ) {
        let real = [queue().to_bytes(), waiting().to_bytes()];
        if let Some(real) = real.get(kind) {
            let len = bytes.len().min(8);
            bytes[..len].copy_from_slice(&real[..len]);
        }
        let _ = (Queue::from_bytes(&bytes), Task::from_bytes(&bytes));
        let _ = (Config::from_bytes(&bytes), QueueName::from_bytes(&bytes));
    }

    #[test]
    fn given_accounts_that_are_cut_or_bent_when_they_are_read_then_nothing_panics(
        len in 0usize..600, place in 0usize..600, byte: u8,
    ) {
        for real in [queue().to_bytes(), waiting().to_bytes()] {
            let mut bent = real[..len.min(real.len())].to_vec();
            if let Some(at) = bent.get_mut(place) {
                *at = byte;
            }
            let _ = (Queue::from_bytes(&bent), Task::from_bytes(&bent));
        }
    }
}
