/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The row's time, or its time of day.
    Time,
    /// The row's day.
    Date,
    /// How long the row's interval lasts.
    Duration,
    Household,
    /// What a household uses.
    Load,
    /// What its panels give.
    Pv,
    /// Drawn from the grid less fed in.
    Net,
    /// Drawn from the grid.
    Import,
    /// Fed into the grid.
    Export,
}

impl Role {
    /// As a choice of columns calls it.
    pub fn named(name: &str) -> Option<Role> {
        Some(match name {
            "time" => Role::Time,
            "date" => Role::Date,
            "duration" => Role::Duration,
            "household" => Role::Household,
            "load" => Role::Load,
            "pv" => Role::Pv,
            "value" | "net" => Role::Net,
            "import" => Role::Import,
            "export" => Role::Export,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Role::Time => "time",
            Role::Date => "date",
            Role::Duration => "duration",
            Role::Household => "household",
            Role::Load => "load",
            Role::Pv => "pv",
            Role::Net => "net",
            Role::Import => "import",
            Role::Export => "export",
        }
    }

    /// Whether its cells are numbers.
    pub fn is_value(self) -> bool {
        matches!(
            self,
            Role::Load | Role::Pv | Role::Net | Role::Import | Role::Export
        )
    }

    /// Of the meter at the grid, not of what is behind it.
    pub fn is_of_a_meter(self) -> bool {
        matches!(self, Role::Net | Role::Import | Role::Export)
    }
}
