use super::{Checked, Walker};

impl Walker {
    pub(super) fn let_time_pass(&mut self) -> Checked {
        let seconds = match self.random.below(100) {
            // Nobody came for a while.
            0..2 => self.random.between(1000, 9000),
            2..20 => self.random.between(150, 400),
            _ => self.random.between(1, 120),
        };
        self.wait_until(self.model.now + seconds as i64);
        Ok(())
    }

    fn flow(&mut self, boundary: i64) {
        let binding = self.community.binding();
        let random = &mut self.random;
        match &self.flows {
            Some(flows) => self.devices.flow(&binding, boundary, |meter| {
                flows.get(&(meter, boundary)).copied().unwrap_or_default()
            }),
            None => self
                .devices
                .flow(&binding, boundary, |_| match random.below(4) {
                    0 => (0, random.of_any_size(3)),
                    1 => (random.below(20), random.below(20)),
                    _ => (random.of_any_size(3), 0),
                }),
        }
    }

    /// Lets the clock go on to `now`; energy flows, and the meters sign their registers at every boundary.
    pub fn wait_until(&mut self, now: i64) {
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
