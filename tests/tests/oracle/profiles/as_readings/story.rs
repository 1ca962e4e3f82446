//! What the two communities go through, and that they are the same.

use std::collections::BTreeMap;

use joulebook_metering::register::Registers;
use joulebook_sim::Device;
use joulebook_tests::{
    metered_community::{MeterTableParameters, MeteredCommunity, ACTIVE, INTERVALS},
    random::Random,
};
use joulebook_units::WhSum;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// The ring's pages.
const RING: u16 = 6;

pub struct Story {
    seed: u64,
    pub random: Random,
    /// Told by profiles, and by readings. Each has one meter.
    pub sides: [MeteredCommunity; 2],
    /// Import and export that the meter has moved at each boundary since it was registered, Wh.
    pub moved: Vec<(u64, u64)>,
    /// Since the last one; known because a device was read then.
    pub moved_since: (u64, u64),
    pub key: Keypair,
    /// What the device shows less what the meter has moved, Wh.
    pub offset: (i128, i128),
    pub sequence: u64,
    pub is_retired: bool,
    pub results: BTreeMap<String, usize>,
    log: Vec<String>,
}

impl Story {
    pub fn new(seed: u64) -> Story {
        let key = Keypair::new();
        let community = |key: &Keypair| {
            let mut side = MeteredCommunity::with(MeterTableParameters {
                ring: RING,
                reading_seconds: 2_400,
                correction_seconds: 2_700,
                ..MeterTableParameters::default()
            });
            side.meter_with(|details| {
                details.device = key.pubkey().to_bytes();
                (details.import, details.export) = (70, 7);
            });
            side.begin(0);
            side
        };
        Story {
            seed,
            random: Random::new(seed),
            sides: [community(&key), community(&key)],
            moved: vec![(0, 0)],
            moved_since: (0, 0),
            key,
            offset: (70, 7),
            sequence: 0,
            is_retired: false,
            results: BTreeMap::new(),
            log: vec![],
        }
    }

    /// The boundary that the clock shows or has passed last.
    pub fn now(&self) -> i64 {
        self.moved.len() as i64 - 1
    }

    /// What the device shows once so much was moved.
    pub fn shown(&self, (import, export): (u64, u64)) -> Registers {
        let shown = |moved: u64, offset: i128| WhSum((i128::from(moved) + offset) as u64);
        Registers {
            import: shown(import, self.offset.0),
            export: shown(export, self.offset.1),
        }
    }

    pub fn device(&self) -> Device {
        Device::new(self.key.insecure_clone(), 0)
    }

    pub fn status(&self) -> u8 {
        self.sides[0].table().meters[0].status
    }

    pub fn note(&mut self, what: String) {
        self.log.push(format!("at {}: {what}", self.now()));
    }

    #[track_caller]
    pub fn require(&self, holds: bool, what: &str) {
        assert!(
            holds,
            "{what}; JOULEBOOK_STORY_SEED={}\n{}",
            self.seed,
            self.log.join("\n")
        );
    }

    pub fn step(&mut self) {
        match self.random.below(80) {
            0 if self.random.percent(40) => self.change_device(),
            1 => self.quarantine_or_restore(),
            2 => self.set_limits(),
            3 => self.retire(),
            4..11 => self.pass(),
            _ => self.deliver(),
        }
        self.compare();
    }

    /// An interval; nothing, little or nearly all that the connection carries is moved.
    fn pass(&mut self) {
        let last = self.moved[self.moved.len() - 1];
        let mut flow = || match self.random.below(4) {
            0 => 0,
            1 => 8_000,
            _ => self.random.below(300),
        };
        let flows = match self.is_retired {
            true => (0, 0),
            false => (flow(), flow()),
        };
        self.moved.push((
            last.0 + flows.0.max(self.moved_since.0),
            last.1 + flows.1.max(self.moved_since.1),
        ));
        self.moved_since = (0, 0);
        let now = self.now();
        for side in &mut self.sides {
            side.go_to(now);
            if now % INTERVALS == 0 {
                open_next(side, now);
            }
        }
    }

    fn compare(&self) {
        let [one, other] = &self.sides;
        let rows = [one, other].map(|side| side.table().meters[0]);
        self.require(rows[0] == rows[1], "rows differ");
        // An honest meter.
        self.require(rows[0].violations == 0, "violations");
        for slot in 0..i64::from(RING) {
            let [one, other] = [one, other].map(|side| side.page(slot * INTERVALS));
            self.require(one.header.start == other.header.start, "pages");
            self.require(one.registers[0] == other.registers[0], "registers differ");
            for place in 0..INTERVALS as u16 {
                let [one, other] = [&one, &other].map(|page| page.entry(0, place));
                self.require(one == other, "entries differ");
            }
        }
    }

    pub fn is_active(&self) -> bool {
        self.status() == ACTIVE
    }
}

/// Finishes what can be finished, and opens the page that begins at boundary `n`.
fn open_next(side: &mut MeteredCommunity, n: i64) {
    for start in (0..n).step_by(INTERVALS as usize) {
        let header = side.page(start).header;
        let is_there = header.start == MeteredCommunity::page_start(start);
        if is_there && side.communities.chain.now() >= header.corrections_until {
            let finish = side.communities.own.finish_page(side.slot(start), u16::MAX);
            side.send(finish);
        }
    }
    side.open(n);
}
