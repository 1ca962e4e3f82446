//! Long random walks through all instructions, against a plain model, and the end of every one: what must
//! never break (docs/architecture.md, Invariants) is checked after each step.
//!
//! A walk is repeated by its seed: `JOULEBOOK_WALK_SEED=7` takes that one alone, `JOULEBOOK_WALKS=500`
//! takes so many, `JOULEBOOK_WALK_STEPS=2000` makes each longer.

mod compare;
mod model;
mod properties;
mod walker;

use std::{str::FromStr, sync::Mutex, thread};

use joulebook_tests::random;
use walker::{coverage::Coverage, Walker};

const WALKS: u64 = 24;
const STEPS: usize = 1000;
const LOCK: &str = "no walk panics with the lock";
/// Steps told when a walk fails.
const STEPS_SHOWN: usize = 25;

/// What all walks together must come across.
const REQUIRED: [&str; 85] = [
    "a claim",
    "a claim on a former supplier",
    "a contract confirmed",
    "a contract provisional",
    "a debt",
    "a debt to a former supplier",
    "a page half final",
    "a page without a predecessor in time",
    "a row used again",
    "a standard draw",
    "a supplier that came back",
    "a value replaced",
    "a window half allocated",
    "an order filled in part",
    "another supplier",
    "energy that came to light",
    "energy traded",
    "money held",
    "money held in debt",
    "money kept for the silent",
    "silence",
    "AlreadyKnown",
    "BadSignature",
    "Contradicts",
    "Counted",
    "Filled",
    "FutureBoundary",
    "NotInService",
    "OffBoundary",
    "OutsidePage",
    "PowerLimit",
    "Quarantined",
    "ReadingsClosed",
    "RegisterFell",
    "StaleSequence",
    "Tampered",
    "UnknownFlags",
    "UnknownMeter",
    "Market(BookFull)",
    "Market(ClaimsUnpaid)",
    "Market(EarlierUnfinished)",
    "Market(GateClosed)",
    "Market(HoldInUse)",
    "Market(InDebt)",
    "Market(MarginKept)",
    "Market(MetersSilent)",
    "Market(NeverDue)",
    "Market(NoSuchOrder)",
    "Market(NoSuchPlace)",
    "Market(NotEnoughFree)",
    "Market(NotEnoughHeld)",
    "Market(NotProgram)",
    "Market(NotYourOrder)",
    "Market(NoticeNotOver)",
    "Market(PricesStand)",
    "Market(ProgramRetired)",
    "Market(ReadingsUnfinished)",
    "Market(SeatInUse)",
    "Market(SlotBusy)",
    "Market(StandingRuleInvalid)",
    "Market(SupplierUnsettled)",
    "Market(TooEarlyToOpen)",
    "Market(TooManyOrders)",
    "Market(TradingPaused)",
    "Market(WindowUnallocated)",
    "Market(WrongPage)",
    "Oracle(CorrectionsClosed)",
    "Oracle(EarlierUnfinished)",
    "Oracle(LimitsChanged)",
    "Oracle(MeterRetired)",
    "Oracle(OwnerMustSign)",
    "Oracle(ReadingsOpen)",
    "Oracle(TooEarlyToFinish)",
    "Standing(Placed)",
    "Standing(NotActive)",
    "Standing(NotPermitted)",
    "Standing(NotYours)",
    "Standing(InDebt)",
    "Standing(MetersSilent)",
    "Standing(NotEnoughFree)",
    "Standing(CapReached)",
    "Standing(UnitLockTooHigh)",
    "Standing(OffGrid)",
    "Standing(TooLittle)",
    "Standing(BeyondConnection)",
];

fn setting<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

fn walk(seed: u64, steps: usize) -> Result<Coverage, String> {
    let mut walker = Walker::new(seed)?;
    for step in 0..steps {
        walker
            .step()
            .map_err(|error| describe(&walker, seed, &format!("step {step}: {error}")))?;
    }
    walker
        .drain()
        .map_err(|error| describe(&walker, seed, &format!("at the end: {error}")))?;
    Ok(walker.coverage)
}

fn describe(walker: &Walker, seed: u64, error: &str) -> String {
    let from = walker.log.len().saturating_sub(STEPS_SHOWN);
    let last = walker.log[from..].join("\n  ");
    format!("seed {seed}, {error}\nthe last steps:\n  {last}")
}

#[test]
fn the_chain_does_what_the_model_does() {
    let steps = setting("JOULEBOOK_WALK_STEPS").unwrap_or(STEPS);
    let seeds: Vec<u64> = match setting("JOULEBOOK_WALK_SEED") {
        Some(seed) => vec![seed],
        None => (1..=setting("JOULEBOOK_WALKS").unwrap_or(WALKS)).collect(),
    };
    let waiting = Mutex::new(seeds.into_iter());
    let failures = Mutex::new(vec![]);
    let coverage = Mutex::new(Coverage::default());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| loop {
                let next = waiting.lock().expect(LOCK).next();
                let Some(seed) = next else { break };
                match walk(seed, steps) {
                    Ok(seen) => coverage.lock().expect(LOCK).join(&seen),
                    Err(failure) => failures.lock().expect(LOCK).push(failure),
                }
            });
        }
    });
    let failures = failures.into_inner().expect("all walks are over");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let coverage = coverage.into_inner().expect("all walks are over");
    println!("{coverage:#?}");
    // A single walk, or a short one, need not see everything.
    if setting::<u64>("JOULEBOOK_WALK_SEED").is_none() && steps >= STEPS {
        assert_eq!(coverage.missing(&REQUIRED), Vec::<&str>::new(), "not seen");
    }
}
