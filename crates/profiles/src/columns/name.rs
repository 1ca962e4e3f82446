//! What a column's name says: household, role and unit, from its end backwards.

use super::{Role, Unit};

/// Names of the column of times.
const TIMES: &[&str] = &[
    "time",
    "timestamp",
    "datetime",
    "date time",
    "date",
    "utc",
    "time utc",
    "start",
    "start time",
    "interval start",
    "from",
    "unix",
    "unixtime",
    "unix time",
    "epoch",
    "zeit",
    "zeitstempel",
    "zeitpunkt",
    "datum",
    "datum uhrzeit",
    "von",
];
/// Those that may hold the day alone, beside one of the time of day.
const DATES: &[&str] = &["date", "datum"];
/// Of a column that names the household of each row.
const HOUSEHOLDS: &[&str] = &["household", "household id", "haushalt"];

/// Of a column that says how long a row lasts, with or without a unit behind.
const DURATIONS: &[&str] = &["duration", "dauer"];

const LOAD: &[&str] = &[
    "load",
    "consumption",
    "consumed",
    "demand",
    "usage",
    "use",
    "verbrauch",
    "gc",
];
const PV: &[&str] = &[
    "pv",
    "generation",
    "generated",
    "production",
    "produced",
    "solar",
    "erzeugung",
    "gg",
];
const NET: &[&str] = &["net", "netto"];
const IMPORT: &[&str] = &["import", "imported", "bezug", "1.8.0"];
const EXPORT: &[&str] = &["export", "exported", "einspeisung", "feedin", "2.8.0"];
const REGISTER: &[&str] = &[
    "register",
    "registers",
    "cumulative",
    "zählerstand",
    "1.8.0",
    "2.8.0",
];

/// What a name says. Nothing of it has to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Empty if it names none.
    pub household: String,
    pub role: Option<Role>,
    pub unit: Option<Unit>,
    pub is_register: bool,
    /// Seconds that a row lasts.
    pub length: Option<i64>,
}

/// One word of a name and where it begins.
struct Word {
    start: usize,
    text: String,
}

pub fn is_time_name(name: &str) -> bool {
    TIMES.contains(&normal(name).as_str())
}

pub fn is_date_name(name: &str) -> bool {
    DATES.contains(&normal(name).as_str())
}

pub fn is_household_name(name: &str) -> bool {
    HOUSEHOLDS.contains(&normal(name).as_str())
}

pub fn is_duration_name(name: &str) -> bool {
    let words = words(name);
    let is_first = words
        .first()
        .is_some_and(|word| DURATIONS.contains(&word.text.as_str()));
    is_first && words.len() <= 2
}

/// The unit of durations, as in 'Duration (min)'.
pub fn duration_unit(name: &str) -> Option<String> {
    let mut words = words(name);
    let last = words.pop()?;
    (!words.is_empty()).then_some(last.text)
}

/// In small letters, words with one space between them.
fn normal(name: &str) -> String {
    let words: Vec<String> = words(name).into_iter().map(|word| word.text).collect();
    words.join(" ")
}

impl NameParts {
    pub fn of(name: &str) -> NameParts {
        let mut words = words(name);
        let all: Vec<usize> = words.iter().map(|word| word.start).collect();
        let mut parts = NameParts {
            length: take_length(&mut words),
            ..NameParts::default()
        };
        parts.unit = words
            .last()
            .and_then(|word| name.get(word.start..)?.get(..word.text.len())?.parse().ok());
        if parts.unit.is_some() {
            words.pop();
        }
        parts.is_register = take_register(&mut words);
        parts.role = take_role(&mut words, &mut parts.is_register);
        parts.is_register |= take_register(&mut words);
        // Where the first word begins that is no household's.
        let end = all.get(words.len());
        let before = end.and_then(|end| name.get(..*end));
        before
            .map_or(name.trim(), household)
            .clone_into(&mut parts.household);
        parts
    }
}

/// Joins a household to what its column holds, as `_` in 'ada_load'.
const JOINTS: &[char] = &['_', '-', '–', '—', ':', '/', '.', ',', ';', '|'];

/// The household out of all that stands before role and unit: without brackets and spaces that lead on to them, and
/// without the one mark that joins it to them. All else is its name: 'A+_load_w' and 'A-_load_w' are two.
fn household(before: &str) -> &str {
    let leads_on = |letter: char| letter.is_whitespace() || matches!(letter, '(' | '[');
    let name = before.trim_end_matches(leads_on);
    let Some((rest, joint)) = name
        .strip_suffix(JOINTS)
        .and_then(|rest| Some((rest, name.get(rest.len()..)?)))
    else {
        return name.trim();
    };
    let is_close = name.len() == before.len();
    let is_alone = rest.is_empty() || rest.ends_with(char::is_whitespace);
    // 'A - load' and 'A: load' have a joint; 'Ltd. load' and 'A- load' have none but the space.
    let is_joint = is_close || is_alone || matches!(joint, "_" | ":" | "," | ";" | "|");
    if is_joint {
        rest.trim()
    } else {
        name.trim()
    }
}

/// Runs of letters and digits, points between digits among them.
fn words(name: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_inside = false;
    let mut letters = name.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        let next_is_digit = letters
            .peek()
            .is_some_and(|(_, next)| next.is_ascii_digit());
        let is_point = letter == '.' && is_inside && next_is_digit;
        if !letter.is_alphanumeric() && !is_point {
            is_inside = false;
            continue;
        }
        // Of the same length as in the name, so that its end is known.
        let small = letter
            .to_lowercase()
            .next()
            .filter(|small| small.len_utf8() == letter.len_utf8());
        let small = small.unwrap_or(letter);
        match words.last_mut() {
            Some(word) if is_inside => word.text.push(small),
            _ => words.push(Word {
                start,
                text: small.to_string(),
            }),
        }
        is_inside = true;
    }
    words
}

/// Takes `hh` and the like off the end.
fn take_length(words: &mut Vec<Word>) -> Option<i64> {
    const ENDINGS: [(&[&str], Option<i64>); 8] = [
        (&["per", "half", "hour"], Some(1800)),
        (&["half", "hourly"], Some(1800)),
        (&["per", "hour"], Some(3600)),
        (&["hourly"], Some(3600)),
        (&["per", "day"], Some(86_400)),
        (&["daily"], Some(86_400)),
        (&["hh"], Some(1800)),
        (&["per", "interval"], None),
    ];
    let mut length = None;
    while let Some((ending, seconds)) = ENDINGS.iter().find(|(ending, _)| ends_with(words, ending))
    {
        // A name of these words alone is a household's.
        if ending.len() >= words.len() {
            break;
        }
        words.truncate(words.len().saturating_sub(ending.len()));
        length = length.or(*seconds);
    }
    length
}

fn ends_with(words: &[Word], ending: &[&str]) -> bool {
    let start = words.len().checked_sub(ending.len());
    let last = start.and_then(|start| words.get(start..));
    last.is_some_and(|last| last.iter().map(|word| &word.text).eq(ending.iter()))
}

fn take_register(words: &mut Vec<Word>) -> bool {
    let is_one = words.last().is_some_and(|word| {
        REGISTER.contains(&word.text.as_str())
            && !word.text.starts_with(|one: char| one.is_ascii_digit())
    });
    if is_one {
        words.pop();
    }
    is_one
}

fn take_role(words: &mut Vec<Word>, is_register: &mut bool) -> Option<Role> {
    if ends_with(words, &["feed", "in"]) {
        words.truncate(words.len().saturating_sub(2));
        return Some(Role::Export);
    }
    let last = words.last()?.text.as_str();
    let roles = [
        (LOAD, Role::Load),
        (PV, Role::Pv),
        (NET, Role::Net),
        (IMPORT, Role::Import),
        (EXPORT, Role::Export),
    ];
    let (_, role) = roles.into_iter().find(|(names, _)| names.contains(&last))?;
    *is_register |= REGISTER.contains(&last);
    words.pop();
    Some(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_name_when_read_then_household_role_and_unit_are_told_apart() {
        for (name, household, role, unit) in [
            ("a_load_w", "a", Some(Role::Load), Some(Unit::Watt)),
            (
                "HH 7_pv_kwh",
                "HH 7",
                Some(Role::Pv),
                Some(Unit::KilowattHour),
            ),
            ("load", "", Some(Role::Load), None),
            ("GC", "", Some(Role::Load), None),
            (
                "Consumption (kWh)",
                "",
                Some(Role::Load),
                Some(Unit::KilowattHour),
            ),
            (
                "Müller Einspeisung [kWh]",
                "Müller",
                Some(Role::Export),
                Some(Unit::KilowattHour),
            ),
            ("a_net_w", "a", Some(Role::Net), Some(Unit::Watt)),
            (
                "A (old)_load_w",
                "A (old)",
                Some(Role::Load),
                Some(Unit::Watt),
            ),
            ("MAC1_kWh", "MAC1", None, Some(Unit::KilowattHour)),
            ("MAC1", "MAC1", None, None),
            (
                "Feed-in kWh",
                "",
                Some(Role::Export),
                Some(Unit::KilowattHour),
            ),
            (
                "太陽_load_kw",
                "太陽",
                Some(Role::Load),
                Some(Unit::Kilowatt),
            ),
            ("İx_load_w", "İx", Some(Role::Load), Some(Unit::Watt)),
            (
                "A [new]_load_w",
                "A [new]",
                Some(Role::Load),
                Some(Unit::Watt),
            ),
            ("A - load (W)", "A", Some(Role::Load), Some(Unit::Watt)),
            ("A: load [W]", "A", Some(Role::Load), Some(Unit::Watt)),
            ("A (load, W)", "A", Some(Role::Load), Some(Unit::Watt)),
            ("A load", "A", Some(Role::Load), None),
            ("A- load", "A-", Some(Role::Load), None),
            ("a-load-w", "a", Some(Role::Load), Some(Unit::Watt)),
            ("_load_w", "", Some(Role::Load), Some(Unit::Watt)),
            ("- load", "", Some(Role::Load), None),
            (
                "CHR15 working couple, 2 seniors HH1_load_w",
                "CHR15 working couple, 2 seniors HH1",
                Some(Role::Load),
                Some(Unit::Watt),
            ),
            (
                "Load_mvgd_32866_103_residential_load_w",
                "Load_mvgd_32866_103_residential",
                Some(Role::Load),
                Some(Unit::Watt),
            ),
        ] {
            let parts = NameParts::of(name);
            assert_eq!(parts.household, household, "{name}");
            assert_eq!((parts.role, parts.unit), (role, unit), "{name}");
            assert!(!parts.is_register, "{name}");
        }
    }

    #[test]
    fn given_a_household_of_any_letters_when_its_column_is_read_then_its_name_is_whole() {
        for household in [
            "A+",
            "A-",
            "A_",
            "50%",
            "say \"hi\"",
            "Müller & Söhne GmbH.",
            "rene\u{301}",
            "क्",
            "🔋",
            "emoji 👩‍👩‍👧‍👦🔋",
            "A (old)",
            "A(",
            "C#",
            "load",
            "7",
        ] {
            for ending in [
                "_load_w",
                "_pv_kWh",
                " load (kW)",
                " - load",
                ": 1.8.0 [kWh]",
            ] {
                // A mark and a space: which of them joins can't be told.
                if household.ends_with(['_', '(']) && !ending.starts_with('_') {
                    continue;
                }
                let name = format!("{household}{ending}");
                assert_eq!(NameParts::of(&name).household, household, "{name}");
            }
            assert_eq!(
                NameParts::of(&format!(" {household} ")).household,
                match household {
                    "load" => "",
                    household => household,
                }
            );
        }
    }

    #[test]
    fn given_a_register_when_read_then_it_is_known() {
        for (name, role) in [
            ("1.8.0 [kWh]", Role::Import),
            ("a 2.8.0 kWh", Role::Export),
            ("a_import_register_kwh", Role::Import),
            ("a_register_import_kwh", Role::Import),
        ] {
            let parts = NameParts::of(name);
            assert!(parts.is_register, "{name}");
            assert_eq!(parts.role, Some(role), "{name}");
        }
        assert!(!NameParts::of("import_kwh").is_register);
    }

    #[test]
    fn given_a_length_in_a_name_when_read_then_it_is_known() {
        let parts = NameParts::of("KWH/hh (per half hour) ");
        assert_eq!(
            (parts.length, parts.unit),
            (Some(1800), Some(Unit::KilowattHour))
        );
        assert_eq!(NameParts::of("Daily").household, "Daily");
        assert_eq!(NameParts::of("kWh per hour").length, Some(3600));
    }

    #[test]
    fn given_times_in_any_spelling_when_asked_then_they_are_known() {
        for name in [
            "time",
            "Time",
            "Date_Time",
            "Start Time",
            "Zeitstempel",
            "UTC",
        ] {
            assert!(is_time_name(name), "{name}");
        }
        assert!(is_household_name("Household") && is_date_name("Datum"));
        assert!(!is_time_name("end") && !is_time_name("time of use"));
        for name in ["Duration", "duration (min)", "Dauer [h]"] {
            assert!(is_duration_name(name), "{name}");
        }
        assert!(!is_duration_name("duration_load_kwh") && !is_duration_name("my duration"));
        assert_eq!(duration_unit("Duration (min)").as_deref(), Some("min"));
        assert_eq!(duration_unit("Duration"), None);
    }
}
