//! What went through, with the state before it, so that a test can go back to every moment of a story.

use litesvm::LiteSVM;
use solana_instruction::Instruction;

use super::Chain;

/// A transaction that went through.
pub struct Recorded {
    /// As it was before.
    pub svm: LiteSVM,
    pub instructions: Vec<Instruction>,
}

impl Chain {
    /// From now on every transaction that goes through is recorded.
    pub fn start_recording(&mut self) {
        self.recording = Some(vec![]);
    }

    /// What was recorded, the first first; none is any more.
    pub fn take_recording(&mut self) -> Vec<Recorded> {
        self.recording.take().unwrap_or_default()
    }

    /// Now, if it is recorded.
    pub(super) fn moment(&self, instructions: &[Instruction]) -> Option<Recorded> {
        self.recording.as_ref().map(|_| Recorded {
            svm: self.svm.clone(),
            instructions: instructions.to_vec(),
        })
    }

    pub(super) fn record(&mut self, recorded: Option<Recorded>) {
        if let Some(recording) = &mut self.recording {
            recording.extend(recorded);
        }
    }
}
