//! From a file or stdin to text: gzip, byte order marks, UTF-16.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, UTF_8};
use flate2::read::MultiGzDecoder;

use crate::ProfileError;

const GZIP: &[u8] = &[0x1f, 0x8b];

/// All of a file; `-` is stdin.
pub fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Whether bytes begin with gzip's mark or a byte order mark.
pub fn is_wrapped(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP) || Encoding::for_bom(bytes).is_some()
}

/// Text out of bytes: unpacked, and without a byte order mark.
///
/// # Errors
/// [`ProfileError::BrokenGzip`], [`ProfileError::NotText`].
pub fn text_of(bytes: &[u8]) -> Result<String, ProfileError> {
    Ok(text(bytes)?.0)
}

/// Text out of bytes, and the name of its encoding.
///
/// # Errors
/// [`ProfileError::BrokenGzip`], [`ProfileError::NotText`].
pub fn text(bytes: &[u8]) -> Result<(String, &'static str), ProfileError> {
    let mut unpacked = Vec::new();
    let bytes = if bytes.starts_with(GZIP) {
        let mut decoder = MultiGzDecoder::new(bytes);
        decoder
            .read_to_end(&mut unpacked)
            .map_err(ProfileError::BrokenGzip)?;
        &unpacked
    } else {
        bytes
    };
    let encoding = encoding_of(bytes);
    let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
    if had_errors {
        return Err(ProfileError::NotText {
            line: line_of_fault(bytes, encoding),
            encoding: encoding.name(),
        });
    }
    // A terminal's, or the end of a block: no export has it.
    if let Some((before, _)) = text.split_once('\0') {
        return Err(ProfileError::NotText {
            line: line_at_end(before),
            encoding: encoding.name(),
        });
    }
    Ok((text.into_owned(), encoding.name()))
}

/// By the byte order mark; without one, UTF-16 betrays itself by zeros in every second byte of the heading.
fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes.get(..4) {
        Some([first, 0, second, 0]) if *first != 0 && *second != 0 => UTF_16LE,
        Some([0, first, 0, second]) if *first != 0 && *second != 0 => UTF_16BE,
        _ => UTF_8,
    }
}

fn line_of_fault(bytes: &[u8], encoding: &'static Encoding) -> u64 {
    let before = match std::str::from_utf8(bytes) {
        Err(error) if encoding == UTF_8 => bytes.get(..error.valid_up_to()),
        _ => None,
    };
    before.map_or(1, |before| line_at_end(&String::from_utf8_lossy(before)))
}

fn line_at_end(text: &str) -> u64 {
    let ends = text.bytes().filter(|byte| *byte == b'\n').count();
    u64::try_from(ends).unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{write::GzEncoder, Compression};

    use super::*;

    fn read(bytes: &[u8]) -> Option<String> {
        text(bytes).ok().map(|(text, _)| text)
    }

    #[test]
    fn marks_and_encodings_are_taken_off() {
        assert_eq!(read("\u{feff}tíme".as_bytes()).as_deref(), Some("tíme"));
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let little: Vec<u8> = wide("\u{feff}tíme");
        assert_eq!(read(&little).as_deref(), Some("tíme"));
        let unmarked: Vec<u8> = wide("time");
        assert_eq!(read(&unmarked).as_deref(), Some("time"));
        let big: Vec<u8> = "\u{feff}tíme"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(read(&big).as_deref(), Some("tíme"));
    }

    #[test]
    fn gzip_is_unpacked_and_what_is_cut_off_is_refused() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"time,a").expect("written");
        let packed = encoder.finish().expect("packed");
        assert_eq!(read(&packed).as_deref(), Some("time,a"));
        let cut = &packed[..packed.len() - 5];
        assert!(matches!(text(cut), Err(ProfileError::BrokenGzip(_))));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let line = |bytes: &[u8]| match text(bytes) {
            Err(ProfileError::NotText { line, .. }) => Some(line),
            _ => None,
        };
        assert_eq!(line(b"time\n1,\xff"), Some(2));
        assert_eq!(line(b"a\n\nb\0"), Some(3));
        assert_eq!(line(b"time"), None);
    }
}
