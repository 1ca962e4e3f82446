use joulebook_sim::Failure;
use joulebook_tests::refused::NamedError;

/// Why an instruction can't be, every reason that holds.
#[derive(Debug, Default)]
pub struct Reasons(Vec<Failure>);

impl Reasons {
    pub fn when(&mut self, holds: bool, reason: impl NamedError) {
        if holds {
            self.0.push(reason.failure());
        }
    }

    pub fn because(reason: impl NamedError) -> Reasons {
        Reasons(vec![reason.failure()])
    }

    pub fn found(self) -> Result<(), Reasons> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }

    pub fn include(&self, failure: &Failure) -> bool {
        self.0.contains(failure)
    }
}
