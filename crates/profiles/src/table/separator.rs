use std::str::FromStr;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

impl Separator {
    pub const ALL: &'static [Separator] = &[
        Separator::Comma,
        Separator::Semicolon,
        Separator::Tab,
        Separator::Pipe,
    ];

    pub fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
            Separator::Pipe => b'|',
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Separator::Comma => "comma",
            Separator::Semicolon => "semicolon",
            Separator::Tab => "tab",
            Separator::Pipe => "pipe",
        }
    }

    /// The one that is most often in a line; comma if none is.
    pub fn most_of(line: &str) -> Separator {
        let count = |separator: &&Separator| {
            line.bytes()
                .filter(|byte| *byte == separator.byte())
                .count()
        };
        let most = Separator::ALL.iter().rev().max_by_key(count);
        most.copied().unwrap_or(Separator::Comma)
    }
}

impl FromStr for Separator {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Separator, Self::Err> {
        let all = Separator::ALL.iter();
        all.copied()
            .find(|one| one.name() == text)
            .ok_or("write comma, semicolon, tab or pipe")
    }
}
