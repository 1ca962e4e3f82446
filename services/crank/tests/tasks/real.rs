//! The same with TukTuk's own program, where one was built: `JOULEBOOK_TUKTUK` names its `.so`. It is not part of this repository, so
//! without that there is nothing to run.

use std::collections::BTreeMap;

use joulebook_crank::{
    plan::{plan, waiting, Queuer},
    queueing::{pack, pack_dequeues},
    tuktuk::{
        add_queue_authority, close_task_queue, config, initialize_task_queue, queue_of,
        remove_queue_authority, run_task, task, Config, NewQueue, Queue, Task, TUKTUK_ID,
    },
};
use joulebook_sim::{keeper::MAX_COMPUTE_UNITS, LocalCommunity};
use solana_account::Account;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    scene::{community, parameters, play, Story, LENGTH, WINDOWS},
    stand_in::{at, REWARD},
};

const DEPOSIT: u64 = 1_000_000_000;

/// TukTuk with its configuration, as on a cluster.
fn with_tuktuk(community: &mut LocalCommunity, program: &std::ffi::OsStr) {
    let svm = &mut community.chain.svm;
    svm.add_program_from_file(TUKTUK_ID, program)
        .expect("TukTuk's program");
    let stored = Config {
        min_queue: 0,
        next_queue: 0,
        authority: config(),
        min_deposit: DEPOSIT,
        bump: 255,
    };
    let mut data = stored.to_bytes();
    data.resize(data.len() + 60, 0);
    let account = Account {
        lamports: svm.minimum_balance_for_rent_exemption(data.len()),
        data,
        owner: TUKTUK_ID,
        ..Account::default()
    };
    svm.set_account(config(), account).expect("stored");
}

fn queue(community: &LocalCommunity) -> Queue {
    Queue::from_bytes(&community.chain.data(&queue_of(0))).expect("a queue")
}

fn tasks(community: &LocalCommunity) -> Vec<Task> {
    let ids = queue(community).taken_ids();
    let read = ids.into_iter().map(|id| {
        let data = community.chain.data(&task(&queue_of(0), id));
        Task::from_bytes(&data).expect("a task")
    });
    read.collect()
}

#[test]
fn given_tuktuks_own_program_when_it_runs_a_markets_tasks_then_every_window_ends_as_with_a_keeper()
{
    let Some(program) = std::env::var_os("JOULEBOOK_TUKTUK") else {
        eprintln!("skipped: JOULEBOOK_TUKTUK names no program");
        return;
    };
    let story = || Story::new(7);
    let mut kept = community(parameters());
    let expected = play(&mut kept, story(), |community| {
        community.keep().expect("kept");
    });

    let mut cranked = community(parameters());
    with_tuktuk(&mut cranked, &program);
    let payer = cranked.chain.payer.pubkey();
    let turner = Keypair::new();
    cranked.chain.fund(&turner.pubkey());
    let before = cranked.chain.lamports(&payer);
    let new = NewQueue {
        min_reward: REWARD,
        name: "a market".into(),
        capacity: 300,
        lookup_tables: vec![],
        stale_after: 86_400,
    };
    let at_queue = queue_of(0);
    let created = [
        initialize_task_queue(payer, 0, &new),
        add_queue_authority(payer, at_queue, payer),
    ];
    cranked.chain.send(&created, &[]).expect("created");
    let read = queue(&cranked);
    assert_eq!(
        (read.min_reward, read.capacity, read.authorities),
        (REWARD, 300, 1)
    );
    assert_eq!((read.name.as_str(), read.stale_after), ("a market", 86_400));
    assert_eq!((read.config, read.update_authority), (config(), payer));

    let queuer = Queuer {
        payer,
        queue: at_queue,
        reward: None,
        reward_seat: None,
    };
    let now = cranked.chain.now();
    let until = now + (WINDOWS + 24) * LENGTH;
    let state = cranked.market_state();
    let planned = plan(&state, &cranked.addresses, queuer, now, until).expect("planned");
    let batches = pack(&read, queuer, &planned);
    let mut queue_units = 0;
    for batch in &batches {
        let units = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
        let all = [&[units][..], &batch.instructions].concat();
        let receipt = cranked.chain.send(&all, &[]).expect("queued");
        queue_units = queue_units.max(receipt.compute_units / batch.tasks.len() as u64);
    }
    let queued = tasks(&cranked);
    assert_eq!(queued.len(), planned.len());
    for planned in &planned {
        let found = queued.iter().find(|task| planned.new.is(task));
        let found = found.expect("it is queued");
        let mut expected = waiting(&planned.new, queuer, found.id);
        expected.reward = REWARD;
        assert_eq!(*found, expected);
        let data = cranked.chain.data(&task(&at_queue, found.id));
        assert_eq!(data.len(), planned.new.account_len());
    }

    let mut units: BTreeMap<String, u64> = BTreeMap::new();
    let mut earned = 0;
    let found = play(&mut cranked, story(), |community| {
        let now = community.chain.now();
        let mut due = tasks(community);
        due.retain(|task| at(task) <= now);
        due.sort_by_key(|task| (at(task), task.id));
        for task in due {
            let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
            let run = run_task(turner.pubkey(), &task).expect("compiled");
            let before = community.chain.lamports(&turner.pubkey());
            let receipt = community.chain.send_from(&turner, &[limit, run]);
            let receipt =
                receipt.unwrap_or_else(|failure| panic!("{}: {failure}", task.description));
            let after = community.chain.lamports(&turner.pubkey());
            assert_eq!(after, before + REWARD - receipt.fee);
            earned += REWARD;
            let most = units.entry(task.description.clone()).or_default();
            *most = receipt.compute_units.max(*most);
        }
    });
    assert_eq!(found, expected);
    eprintln!("compute units: {queue_units} to queue a task, to run one at most {units:?}; earned {earned}");

    let left = tasks(&cranked);
    for batch in pack_dequeues(payer, &left) {
        cranked.chain.send(&batch, &[]).expect("taken out");
    }
    let closed = [
        remove_queue_authority(payer, at_queue, payer),
        close_task_queue(payer, at_queue, "a market"),
    ];
    cranked.chain.send(&closed, &[]).expect("closed");
    // All came back but rewards and fees, of which some are the story's own.
    let spent = before - cranked.chain.lamports(&payer);
    assert!(spent < earned + 50_000_000, "{spent}");
}
