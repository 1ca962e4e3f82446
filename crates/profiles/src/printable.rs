/// A file's own words, fit for a terminal: short and without control characters.
pub fn printable(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).flat_map(one).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// All of a file's own words, without control characters.
pub fn printable_whole(text: &str) -> String {
    text.chars().flat_map(one).collect()
}

/// Escaped but for quotes, which are harmless and common in names.
fn one(letter: char) -> impl Iterator<Item = char> {
    let is_harmless = matches!(letter, '\'' | '"');
    let plain = is_harmless.then_some(letter);
    let escaped = (!is_harmless).then(|| letter.escape_debug());
    plain.into_iter().chain(escaped.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_length_is_bounded() {
        assert_eq!(printable("\u{1b}[2J"), "\\u{1b}[2J");
        assert_eq!(printable("a\nb\tc"), "a\\nb\\tc");
        assert_eq!(printable("O'Hara \"5\" 太陽"), "O'Hara \"5\" 太陽");
        assert_eq!(printable(&"x".repeat(99)).chars().count(), 61);
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
    }
}
