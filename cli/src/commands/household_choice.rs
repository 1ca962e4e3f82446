//! Households that are named on the command line.

use anyhow::{bail, Result};
use joulebook_profiles::printable_whole;

/// Names that a message proposes, at most.
const NEAREST: usize = 3;
/// Of two names, from 0 to 1: with less, one is hardly the other misspelt.
const SIMILAR: f64 = 0.7;

/// The places of the named households, each once, in the sequence in which they were named.
///
/// # Errors
/// If there is none of that name; the error has the nearest names.
pub fn places(names: &[String], households: &[&str]) -> Result<Vec<usize>> {
    let mut places = Vec::with_capacity(names.len());
    for name in names {
        let Some(place) = households.iter().position(|household| household == name) else {
            bail!("{}", unknown(name, households));
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places)
}

fn unknown(name: &str, households: &[&str]) -> String {
    // Whole: names may differ at their end alone.
    let quoted = |name: &&str| format!("'{}'", printable_whole(name));
    let nearest = nearest(name, households);
    let proposed: Vec<String> = nearest.iter().map(quoted).collect();
    let count = households.len();
    let hint = match proposed.as_slice() {
        [] => {
            let first: Vec<String> = households.iter().take(NEAREST).map(quoted).collect();
            let more = if count > NEAREST { " …" } else { "" };
            format!("the names of the {count} are {}{more}", first.join(", "))
        }
        _ => format!("did you mean {}?", proposed.join(" or ")),
    };
    format!("no household is called {}; {hint}", quoted(&name))
}

/// Names that are like this one, the most alike first.
fn nearest<'a>(name: &str, households: &[&'a str]) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let mut alike: Vec<(f64, &str)> = households
        .iter()
        .map(|household| {
            (
                strsim::jaro_winkler(&name, &household.to_lowercase()),
                *household,
            )
        })
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .collect();
    alike.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    alike.truncate(NEAREST);
    alike.into_iter().map(|(_, household)| household).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSEHOLDS: [&str; 4] = ["Ada", "bakery", "house1", "house10"];

    fn chosen(names: &[&str]) -> Result<Vec<usize>, String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        places(&names, &HOUSEHOLDS).map_err(|error| error.to_string())
    }

    #[test]
    fn households_are_found_by_their_whole_name_and_named_once() {
        assert_eq!(chosen(&["house1", "Ada", "house1"]), Ok(vec![2, 0]));
        assert_eq!(chosen(&[]), Ok(vec![]));
    }

    #[test]
    fn a_name_that_is_not_there_is_answered_with_the_nearest() {
        let said = chosen(&["Ada", "ada"]).expect_err("is not there");
        assert!(
            said.contains("called 'ada'") && said.contains("'Ada'?"),
            "{said}"
        );
        let said = chosen(&["house11"]).expect_err("is not there");
        assert!(
            said.ends_with("did you mean 'house1' or 'house10'?"),
            "{said}"
        );
    }

    #[test]
    fn names_that_differ_at_their_end_alone_are_told_apart() {
        let (long, short) = ("x".repeat(300), "x".repeat(299));
        let said = places(std::slice::from_ref(&short), &[long.as_str()]);
        let said = said.expect_err("is not there").to_string();
        assert!(said.contains(&format!("'{long}'?")), "{said}");
        assert!(said.contains(&format!("'{short}';")), "{said}");
    }

    #[test]
    fn a_name_like_no_other_is_answered_with_some_that_there_are() {
        let said = chosen(&["zzz\n"]).expect_err("is not there");
        let expected =
            "no household is called 'zzz\\n'; the names of the 4 are 'Ada', 'bakery', 'house1' …";
        assert_eq!(said, expected);
    }
}
