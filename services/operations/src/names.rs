//! Words for bits and times, as people write them.

use jiff::Timestamp;
use joulebook_client::layout::{
    describe::Constant,
    registry::{Pause, Roles},
};

/// A word that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("{text:?} is no {what}; there are {known}")]
    Unknown {
        what: &'static str,
        text: String,
        known: String,
    },
    #[error("{0:?} is no time; write it as 2027-03-01T00:00:00Z, or in unix seconds")]
    NoTime(String),
}

/// The bit of a role.
///
/// # Errors
/// [`NameError`].
pub fn role_from(text: &str) -> Result<u16, NameError> {
    let bit = bit("role", "ROLE_", Roles::CONSTANTS, text)?;
    Ok(u16::try_from(bit).unwrap_or_default())
}

/// The bits of these roles.
///
/// # Errors
/// [`NameError`].
pub fn roles_from(texts: &[String]) -> Result<u16, NameError> {
    let mut roles = 0;
    for text in texts {
        roles |= role_from(text)?;
    }
    Ok(roles)
}

/// The names of a participant's roles.
pub fn roles_of(bits: u16) -> Vec<String> {
    names("ROLE_", Roles::CONSTANTS, bits.into())
}

/// The bits of these pauses.
///
/// # Errors
/// [`NameError`].
pub fn pauses_from(texts: &[String]) -> Result<u8, NameError> {
    let mut pauses = 0;
    for text in texts {
        let bit = bit("pause", "PAUSE_", Pause::CONSTANTS, text)?;
        pauses |= u8::try_from(bit).unwrap_or_default();
    }
    Ok(pauses)
}

/// The names of what is paused.
pub fn pauses_of(bits: u8) -> Vec<String> {
    names("PAUSE_", Pause::CONSTANTS, bits.into())
}

/// Unix seconds, from a time of RFC 3339 or unix seconds.
///
/// # Errors
/// [`NameError`].
pub fn time_from(text: &str) -> Result<i64, NameError> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let time: Result<Timestamp, _> = text.parse();
    match time {
        Ok(time) if time.subsec_nanosecond() == 0 => Ok(time.as_second()),
        _ => Err(NameError::NoTime(text.chars().take(40).collect())),
    }
}

/// A time as people read it, of UTC.
pub fn time_of(unix_seconds: i64) -> String {
    match Timestamp::from_second(unix_seconds) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        Err(_) => "never".into(),
    }
}

fn bit(
    what: &'static str,
    prefix: &str,
    constants: &[Constant],
    text: &str,
) -> Result<u64, NameError> {
    let mut all = constants.iter();
    let wanted = text.trim().to_lowercase();
    all.find(|one| name(prefix, one) == wanted)
        .map(|one| one.value)
        .ok_or_else(|| NameError::Unknown {
            what,
            text: text.chars().take(40).collect(),
            known: names(prefix, constants, u64::MAX).join(", "),
        })
}

fn names(prefix: &str, constants: &[Constant], bits: u64) -> Vec<String> {
    let set = constants.iter().filter(|one| bits & one.value != 0);
    set.map(|one| name(prefix, one)).collect()
}

fn name(prefix: &str, constant: &Constant) -> String {
    let name = constant.name.strip_prefix(prefix);
    name.unwrap_or(constant.name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_pauses_are_named_as_the_registry_names_them() {
        assert_eq!(role_from("Verifier"), Ok(Roles::VERIFIER.0));
        let both = Roles::CONSUMER.union(Roles::PRODUCER);
        assert_eq!(roles_of(both.0), ["consumer", "producer"]);
        let texts = ["consumer".to_owned(), "producer".to_owned()];
        assert_eq!(roles_from(&texts), Ok(both.0));
        assert_eq!(pauses_of(Pause::ALL.0), ["registration", "trading"]);
        let error = role_from("king").expect_err("no role").to_string();
        assert!(error.contains("no role; there are consumer,"), "{error}");
    }

    #[test]
    fn times_are_read_in_both_ways_and_whole_seconds_alone() {
        assert_eq!(time_from("2027-03-01T00:00:00Z"), Ok(1_803_859_200));
        assert_eq!(time_from("2027-03-01T01:00:00+01:00"), Ok(1_803_859_200));
        assert_eq!(time_from(" 1803859200 "), Ok(1_803_859_200));
        assert_eq!(time_of(1_803_859_200), "2027-03-01 00:00:00Z");
        assert_eq!(time_of(i64::MIN), "never");
        for wrong in ["", "2027-03-01", "2027-03-01T00:00:00.5Z", "1e9"] {
            assert!(time_from(wrong).is_err(), "{wrong}");
        }
    }
}
