//! Bent instructions: everything that goes through in a community's life, with something changed in it at each moment of
//! that life. It is refused by name and changes nothing, or all that must hold does hold, and nobody lost or changed anything
//! but by those who may.
//!
//! | module | subject |
//! | --- | --- |
//! | `story` | a community's life, in which every instruction of the IDLs goes through |
//! | `scenes` | the moments before each of them |
//! | `pool`, `bends` | what stands in an account's place; how an instruction is bent |
//! | `refusal` | which errors are names |
//! | `powers` | who may change what |
//! | `witness` | what must hold after all that went through |
//!
//! `JOULEBOOK_BENT=1000000` makes so many attempts, as `make soak` does, `JOULEBOOK_BENT_CASE=4711` that one alone, and
//! `JOULEBOOK_LOGS=1` prints what the programs said. An attempt is repeated by its number: keys differ from run to run, and
//! nothing is chosen by them.

mod bends;
mod idl;
mod pool;
mod powers;
mod refusal;
mod scenes;
mod statistics;
mod story;
mod witness;

use std::{collections::BTreeMap, str::FromStr};

use joulebook_sim::chain::Recorded;
use joulebook_tests::random::Random;
use solana_address::Address;
use solana_instruction::Instruction;

use bends::Bender;
use idl::Idl;
use pool::Pool;
use powers::{table::POWERS, Attempt};
use scenes::{send, Scene, Stage};
use statistics::Statistics;
use story::Market;
use witness::Witness;

const ATTEMPTS: u64 = 20_000;
/// Of a hundred, attempts at the moment at which the instruction goes through unbent.
const IN_ITS_TIME: u64 = 70;
/// Failures told.
const SHOWN: usize = 20;

/// What there is to bend.
struct Script {
    idl: Idl,
    scenes: Vec<Scene>,
    /// Numbers of the scenes of each instruction.
    by_name: BTreeMap<String, Vec<usize>>,
    pool: Pool,
}

struct Fuzzer<'a> {
    script: &'a Script,
    witness: Witness,
    statistics: Statistics,
    failures: Vec<String>,
}

/// Which instruction is bent, and when.
struct Case {
    number: u64,
    random: Random,
    /// Numbers of scenes: whose instruction, and whose moment.
    what: usize,
    when: usize,
}

fn setting<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{name}: a whole number"),
    }
}

#[test]
fn bent_instructions_are_refused_by_name_or_do_what_they_may() {
    let told = story::tell().expect("the story goes through");
    let script = Script::new(told.recording, &told.markets, &told.foreign);
    script.check_that_all_are_told();
    let mut fuzzer = Fuzzer {
        script: &script,
        witness: Witness::new(told.community, told.markets),
        statistics: Statistics::default(),
        failures: vec![],
    };
    fuzzer.check_unbent();
    let cases: Vec<u64> = match setting("JOULEBOOK_BENT_CASE") {
        Some(case) => vec![case],
        None => (0..setting("JOULEBOOK_BENT").unwrap_or(ATTEMPTS)).collect(),
    };
    fuzzer.attempt_all(&cases);
    println!("{}", fuzzer.statistics);
    let failures = &fuzzer.failures;
    let shown = failures.iter().take(SHOWN).map(String::as_str);
    let shown: Vec<&str> = shown.collect();
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        shown.join("\n\n")
    );
    if cases.len() as u64 >= ATTEMPTS {
        fuzzer.check_that_all_got_far();
    }
}

impl Script {
    fn new(recording: Vec<Recorded>, markets: &[Market], foreign: &[Address]) -> Script {
        let idl = Idl::read();
        let scenes = scenes::scenes(recording, &idl);
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, scene) in scenes.iter().enumerate() {
            by_name.entry(scene.name.clone()).or_default().push(number);
        }
        Script {
            pool: Pool::new(&scenes, markets, foreign),
            idl,
            scenes,
            by_name,
        }
    }

    /// Every instruction of the IDLs goes through in the story, and has its powers.
    fn check_that_all_are_told(&self) {
        for described in &self.idl.instructions {
            let name = &described.name;
            assert!(
                self.by_name.contains_key(name),
                "{name} never goes through; send it in tests/tests/bent/story, at a moment when it does"
            );
            if let Err(error) = powers::table::of(name) {
                panic!("{error}");
            }
        }
        for power in POWERS {
            let mut known = self.idl.instructions.iter();
            assert!(
                known.any(|described| described.name == power.name),
                "{} is no instruction; take it out of tests/tests/bent/powers/table.rs",
                power.name
            );
        }
    }

    fn case(&self, number: u64) -> Case {
        let mut random = Random::new(number);
        let names: Vec<&String> = self.by_name.keys().collect();
        let name = random.pick(&names);
        let what = random.pick(&self.by_name[name]);
        let when = match random.percent(IN_ITS_TIME) {
            true => what,
            false => random.below(self.scenes.len() as u64) as usize,
        };
        Case {
            number,
            random,
            what,
            when,
        }
    }
}

impl Fuzzer<'_> {
    /// What is told is what may be: the powers are not stricter than the programs.
    fn check_unbent(&mut self) {
        let script = self.script;
        for (number, scene) in script.scenes.iter().enumerate() {
            let mut stage = Stage::of(scene);
            let name = &scene.name;
            let check = scene.check.as_ref();
            match self.outcome(number, &mut stage, check, &scene.instruction) {
                Ok(None) => (),
                Ok(Some(refusal)) => panic!("scene {number}, {name}: {refusal}"),
                Err(fault) => panic!("scene {number}, {name}, unbent: {fault}"),
            }
        }
    }

    /// Moment by moment.
    fn attempt_all(&mut self, cases: &[u64]) {
        let mut by_moment: BTreeMap<usize, Vec<Case>> = BTreeMap::new();
        let script = self.script;
        for case in cases.iter().map(|number| script.case(*number)) {
            by_moment.entry(case.when).or_default().push(case);
        }
        for (when, cases) in by_moment {
            let mut stage = Stage::of(&script.scenes[when]);
            for case in cases {
                self.attempt(case, &mut stage);
            }
        }
    }

    fn attempt(&mut self, case: Case, stage: &mut Stage) {
        let Case {
            number,
            random,
            what,
            when,
        } = case;
        let script = self.script;
        let Scene {
            name,
            check,
            instruction,
            ..
        } = &script.scenes[what];
        let mut instruction = instruction.clone();
        let mut bender = Bender {
            random,
            idl: &script.idl,
            pool: &script.pool,
            stage,
            name,
        };
        let bends = bender.bend(&mut instruction);
        let outcome = self.outcome(when, stage, check.as_ref(), &instruction);
        stage.reset(!matches!(outcome, Ok(Some(_))));
        let fault = match outcome {
            Ok(Some(refusal)) => return self.statistics.refused(name, refusal),
            Ok(None) => return self.statistics.succeeded(name),
            Err(fault) => fault,
        };
        let moment = &script.scenes[when].name;
        let bends = bends.join("\n  ");
        self.failures.push(format!(
            "{name}, before {moment} (scene {when}): {fault}\n  {bends}\n  \
             JOULEBOOK_BENT_CASE={number} cargo test -p joulebook-tests --test bent"
        ));
    }

    /// Sends an instruction at a moment. `None` if it went through, and all is well; else the refusal.
    fn outcome(
        &mut self,
        when: usize,
        stage: &mut Stage,
        check: Option<&Instruction>,
        instruction: &Instruction,
    ) -> Result<Option<String>, String> {
        let sent = self.script.idl.instruction(instruction);
        let logs = match send(&mut stage.svm, check, instruction) {
            Ok(logs) => logs,
            Err(error) => {
                let refusal = refusal::name(&error, sent, &self.script.idl)?;
                let unchanged = instruction.accounts.iter().all(|meta| {
                    let [before, after] = [&stage.before, &stage.svm]
                        .map(|svm| svm.accounts_db().get_account_ref(&meta.pubkey));
                    before == after
                });
                return match unchanged {
                    true => Ok(Some(refusal)),
                    false => Err(format!("refused with {refusal}, and something changed")),
                };
            }
        };
        let attempt = Attempt {
            idl: &self.script.idl,
            pool: &self.script.pool,
            before: &stage.before,
            after: &stage.svm,
            check,
            instruction,
            logs: &logs,
        };
        attempt.check()?;
        self.witness.check(when, &stage.before, &stage.svm)?;
        Ok(None)
    }

    /// Every instruction was refused for something behind its first checks.
    fn check_that_all_got_far(&self) {
        for described in &self.script.idl.instructions {
            let name = &described.name;
            assert!(
                self.statistics.got_far(name),
                "no bent {name} was refused for its accounts or by name"
            );
        }
    }
}
