//! Numbers of things, as people say them.

use indicatif::HumanCount;

/// The number, with its thousands set apart, and the noun in the singular or the plural.
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {}", HumanCount(number), noun_of(number, noun))
}

/// The number, with its thousands set apart.
pub fn grouped(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A noun for that many of a thing.
pub fn noun_of(number: u64, noun: &str) -> String {
    match number {
        1 => noun.to_owned(),
        _ => format!("{noun}s"),
    }
}

/// The verb of so many things.
pub fn verb_of(number: u64, verb: &str) -> String {
    match number {
        1 => format!("{verb}s"),
        _ => verb.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_nothing_is_plural() {
        assert_eq!(counted(1, "window"), "1 window");
        assert_eq!(counted(0, "window"), "0 windows");
        assert_eq!(counted(1_000, "window"), "1,000 windows");
        assert_eq!([verb_of(1, "save"), verb_of(2, "save")], ["saves", "save"]);
    }
}
