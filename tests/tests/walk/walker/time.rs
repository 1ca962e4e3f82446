use super::{Checked, Walker};

impl Walker {
    pub(super) fn let_time_pass(&mut self) -> Checked {
        let seconds = match self.random.below(100) {
            // Nobody came for a while.
            0..3 => self.random.between(1000, 5000),
            3..15 => self.random.between(150, 400),
            _ => self.random.between(1, 120),
        };
        self.wait_until(self.model.now + seconds as i64);
        Ok(())
    }

    /// Lets the clock go on to `now`; energy flows, and the meters note their registers at every boundary.
    pub(super) fn wait_until(&mut self, now: i64) {
        let length = self.model.length();
        let mut boundary = self.model.boundary() + length;
        while boundary <= now {
            self.flow(boundary);
            boundary += length;
        }
        self.model.now = now;
        self.community.chain.set_time(now);
        self.log.push(format!("{now} time has passed"));
    }
}
