//! The same story told by load profiles to one community and by single readings to another: both have the same rows and pages after
//! each step, whatever happens between.
//!
//! A story is repeated by its seed: `JOULEBOOK_STORY_SEED=7` takes that one alone, `JOULEBOOK_STORIES=500` takes so many.

mod deliveries;
mod govern;
mod story;

use std::{collections::BTreeMap, str::FromStr};

use story::Story;

const STORIES: u64 = 4;
const STEPS: usize = 400;

fn setting<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{name}: a whole number"),
    }
}

#[test]
fn given_a_story_when_told_by_profiles_then_it_leaves_what_readings_do() {
    let seeds = match setting("JOULEBOOK_STORY_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..setting("JOULEBOOK_STORIES").unwrap_or(STORIES),
    };
    let mut results: BTreeMap<String, usize> = BTreeMap::new();
    for seed in seeds {
        let mut story = Story::new(seed);
        for _ in 0..STEPS {
            story.step();
        }
        for (result, count) in story.results {
            *results.entry(result).or_default() += count;
        }
    }
    println!("{results:?}");
    for result in ["Counted", "Filled", "AlreadyKnown", "at a seam: Filled"] {
        assert!(results.contains_key(result), "{result}: {results:?}");
    }
}
