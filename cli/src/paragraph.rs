//! Sentences in lines that fit a terminal.

use textwrap::{Options, WordSeparator, WordSplitter};

/// Columns of a terminal that does not say how many it has.
pub const WIDTH: usize = 80;

/// `text` in lines of at most [`WIDTH`] columns, with the line ends it has. A word that is longer, as a path may be,
/// stays whole.
pub fn fill(text: &str) -> String {
    fill_hanging(text, 0)
}

/// Likewise, each line but the first after so many spaces.
pub fn fill_hanging(text: &str, indent: usize) -> String {
    let lines = text.split('\n').enumerate();
    let filled = lines.map(|(number, line)| match number {
        0 => fill_line(line, 0, indent),
        _ => fill_line(line, indent, indent),
    });
    filled.collect::<Vec<_>>().join("\n")
}

/// A line that is indented goes on as it began.
fn fill_line(line: &str, first: usize, others: usize) -> String {
    let words = line.trim_start_matches(' ');
    let own = line.len() - words.len();
    let [first, others] = [first, others].map(|indent| " ".repeat(indent + own));
    let options = Options::new(WIDTH)
        .initial_indent(&first)
        .subsequent_indent(&others)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    match words {
        "" => String::new(),
        words => textwrap::fill(words, options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_before_the_word_that_does_not_fit() {
        let (first, second) = ("a".repeat(40), "b".repeat(39));
        assert_eq!(
            fill(&format!("{first} {second} c")),
            format!("{first} {second}\nc")
        );
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let text = "a  b\n\n  c   d";
        assert_eq!(fill(text), text);
    }

    #[test]
    fn wide_letters_take_two_columns() {
        let (first, second) = ("電".repeat(30), "力".repeat(11));
        assert_eq!(
            fill(&format!("{first} {second}")),
            format!("{first}\n{second}")
        );
    }

    #[test]
    fn a_word_longer_than_a_line_is_not_cut() {
        let path = "/long-name".repeat(10);
        assert_eq!(fill(&format!("at {path} now")), format!("at\n{path}\nnow"));
    }

    #[test]
    fn lines_after_the_first_hang() {
        let word = "a".repeat(60);
        assert_eq!(
            fill_hanging(&format!("name  {word} {word}\n{word} {word}"), 6),
            format!("name  {word}\n      {word}\n      {word}\n      {word}")
        );
    }

    #[test]
    fn an_indented_line_goes_on_indented() {
        let word = "a".repeat(60);
        assert_eq!(
            fill(&format!("first\n  {word} {word}")),
            format!("first\n  {word}\n  {word}")
        );
    }
}
