use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use joulebook_units::Seconds;

use super::{
    header::{Column, Header},
    row::{self, Sequence},
    LoadProfiles, Profile, ProfileError,
};

/// Reads a community's profiles from a file.
///
/// # Errors
/// [`ProfileError`].
pub fn load(path: &Path) -> Result<LoadProfiles, ProfileError> {
    parse(BufReader::new(File::open(path)?))
}

/// Reads a community's profiles from CSV: `time` (ISO 8601, start of the interval), and for each
/// household `<household>_load_w`, `<household>_pv_w` or both, average W over the interval.
///
/// # Errors
/// [`ProfileError`].
pub fn parse(input: impl Read) -> Result<LoadProfiles, ProfileError> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(input);
    let names = reader.headers().map_err(explain)?.clone();
    if names.is_empty() {
        return Err(ProfileError::Empty);
    }
    let Header {
        columns,
        mut households,
    } = Header::parse(&names)?;
    let mut sequence = Sequence::default();
    let mut record = StringRecord::new();
    let mut rows = 0;
    while reader.read_record(&mut record).map_err(explain)? {
        let line = record.position().map_or(0, csv::Position::line);
        for ((column, name), text) in columns.iter().zip(&names).zip(&record) {
            read_value(*column, name, line, text, &mut sequence, &mut households)?;
        }
        rows += 1;
    }
    let (start, length) = sequence.interval().ok_or(ProfileError::TooFewRows(rows))?;
    Ok(LoadProfiles {
        start,
        length: Seconds(length),
        intervals: rows,
        households,
    })
}

fn read_value(
    column: Column,
    name: &str,
    line: u64,
    text: &str,
    sequence: &mut Sequence,
    households: &mut [Profile],
) -> Result<(), ProfileError> {
    let (place, series): (usize, fn(&mut Profile) -> &mut Vec<_>) = match column {
        Column::Time => return sequence.add(line, row::time(line, text)?),
        Column::Load(place) => (place, |household| &mut household.load),
        Column::Pv(place) => (place, |household| &mut household.pv),
    };
    let power = row::power(line, name, text)?;
    if let Some(household) = households.get_mut(place) {
        series(household).push(power);
    }
    Ok(())
}

fn explain(error: csv::Error) -> ProfileError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        ErrorKind::Io(error) => ProfileError::Unreadable(error),
        ErrorKind::Utf8 { .. } => ProfileError::NotUtf8 { line },
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => ProfileError::Ragged {
            line,
            expected: expected_len,
            found: len,
        },
        other => ProfileError::Unreadable(std::io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::UnixTime;

    use super::*;
    use crate::profiles::MilliWatts;

    const HEADING: &str = "time,a_load_w,a_pv_w,b_load_w\n";

    fn refusal(text: impl AsRef<[u8]>) -> String {
        parse(text.as_ref())
            .expect_err("must not be read")
            .to_string()
    }

    #[test]
    fn reads_households_with_and_without_panels() {
        let rows = "1970-01-01T00:15:00Z,100,50.5,7\n\n1970-01-01T00:30:00Z, 0 ,1,2\n";
        let profiles = parse(format!("\u{feff}{HEADING}{rows}").as_bytes()).expect("profiles");
        assert_eq!(profiles.start, UnixTime(900));
        assert_eq!((profiles.length, profiles.intervals), (Seconds(900), 2));
        let [a, b] = &profiles.households[..] else {
            panic!("two households")
        };
        assert_eq!(a.load, [MilliWatts(100_000), MilliWatts(0)]);
        assert_eq!(a.pv, [MilliWatts(50_500), MilliWatts(1000)]);
        assert_eq!((b.name.as_str(), b.pv.len()), ("b", 0));
    }

    #[test]
    fn says_where_and_what() {
        let first = "1970-01-01T00:00:00Z,1,2,3\n";
        let with = |row: &str| refusal(format!("{HEADING}{first}{row}\n"));
        assert!(refusal("").contains("empty"));
        assert!(refusal("\n\n").contains("empty"));
        assert!(refusal(HEADING).contains("rows of values: 0"));
        assert!(refusal(format!("{HEADING}{first}")).contains("rows of values: 1"));
        assert!(with("1970-01-01T00:15:00Z,1,2").contains("line 3: 3 values"));
        assert!(with("1970-01-01T00:15:00Z,1,2,3,4").contains("line 3: 5 values"));
        assert!(with("later,1,2,3").contains("line 3, column time: 'later'"));
        assert!(with(",1,2,3").contains("line 3, column time: ''"));
        assert!(with("1970-01-01T00:15:00Z,1,-2,3").contains("line 3, column a_pv_w: '-2'"));
        assert!(with("1970-01-01T00:15:00Z,1,2,").contains("line 3, column b_load_w: ''"));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let mut bytes = HEADING.as_bytes().to_vec();
        bytes.extend_from_slice(b"1970-01-01T00:00:00Z,1,2,\xff\n");
        assert!(refusal(&bytes).contains("line 2: not UTF-8"));
        assert!(refusal(b"time,\xff_load_w\n").contains("line 1: not UTF-8"));
        assert!(!refusal([0u8; 100]).is_empty());
    }
}
