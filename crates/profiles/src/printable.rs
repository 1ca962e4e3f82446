/// A file's own words, fit for a terminal: short and without control characters.
pub fn printable(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).map(one).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// All of a file's own words, without control characters.
pub fn printable_whole(text: &str) -> String {
    text.chars().map(one).collect()
}

/// Escaped but for what is harmless and common in names: quotes, accents and vowel signs that combine with the letter
/// before, and the joiner within 👩‍👦.
fn one(letter: char) -> String {
    match letter {
        '\'' | '"' | '\u{200d}' => letter.into(),
        // Behind another letter, what combines with it is not escaped.
        _ => String::from_iter(['a', letter])
            .escape_debug()
            .skip(1)
            .collect(),
    }
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
        for name in ["rene\u{301}", "क्", "👩\u{200d}👦🔋", "50%", "C:\u{e9}"] {
            assert_eq!(
                (printable(name), printable_whole(name)),
                (name.to_owned(), name.to_owned())
            );
        }
        assert_eq!(printable("a\\b"), "a\\\\b");
    }
}
