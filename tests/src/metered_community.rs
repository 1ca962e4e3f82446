//! A community with a meter table whose settlement key is at hand, instead of a market's.

use joulebook_client::{
    events::Event,
    instructions::SYSTEM_PROGRAM,
    layout::oracle::{AssetKind, EnergySource, IntervalEntry, Meter, MeterStatus},
    oracle::{
        events::OracleEvent,
        types::{MeterDetails, ReadingResult, SignedReading},
    },
    ring,
    tables::{IntervalTable, MeterRecords},
};
use joulebook_sim::{
    founding::{self, Founder},
    Device, Receipt,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub use joulebook_sim::founding::MeterTableParameters;

use crate::{
    meter_instructions::grow,
    refused::needed,
    two_communities::{role, GovernedCommunity, Member, TwoCommunities, NOW},
};

/// Of an interval, seconds.
pub const LENGTH: i64 = 300;
/// Of a meter's connection each way, W: 8,333 Wh in an interval.
pub const LIMIT: u32 = 100_000;

pub const ACTIVE: u8 = MeterStatus::Active as u8;
pub const QUARANTINED: u8 = MeterStatus::Quarantined as u8;
pub const RETIRED: u8 = MeterStatus::Retired as u8;

pub struct MeteredCommunity {
    pub communities: TwoCommunities,
    /// Releases intervals.
    pub settlement: Keypair,
    /// Whose meters are.
    pub owner: Member,
}

impl MeteredCommunity {
    pub fn new() -> MeteredCommunity {
        MeteredCommunity::with(MeterTableParameters::default())
    }

    /// With every slot of the ring, and everything of full length.
    pub fn with(parameters: MeterTableParameters) -> MeteredCommunity {
        let mut meters = MeteredCommunity::without_table();
        let own = &meters.communities.own;
        let founder = Founder {
            authority: own.authority.pubkey(),
            payer: meters.communities.chain.payer.pubkey(),
        };
        let settlement = meters.settlement.pubkey();
        let transactions = founding::meter_table(&own.addresses, founder, parameters, settlement);
        for transaction in transactions {
            let signers = [&meters.communities.own.authority];
            let signers = needed(&transaction[0], &signers);
            meters
                .communities
                .chain
                .send(&transaction, &signers)
                .unwrap();
        }
        meters
    }

    /// The table as it is created: not grown, without settlement and slots.
    pub fn bare(parameters: MeterTableParameters) -> MeteredCommunity {
        let mut meters = MeteredCommunity::without_table();
        meters.govern(meters.communities.own.create_meter_table(&parameters));
        meters
    }

    fn without_table() -> MeteredCommunity {
        let mut communities = TwoCommunities::new();
        MeteredCommunity {
            owner: communities.member(role::CONSUMER | role::PRODUCER),
            settlement: Keypair::new(),
            communities,
        }
    }

    /// Lets the other community have a table with two slots too.
    pub fn settle_other(&mut self) {
        let TwoCommunities { chain, other, .. } = &mut self.communities;
        let calls = [
            other.create_meter_table(&MeterTableParameters::default()),
            other.set_settlement(&SYSTEM_PROGRAM, &self.settlement.pubkey()),
            other.create_interval(0),
            other.create_interval(1),
        ];
        chain.send(&calls, &[&other.authority]).unwrap();
    }

    #[track_caller]
    pub fn govern(&mut self, instruction: Instruction) -> Receipt {
        self.communities.govern(instruction)
    }

    /// Sends what nobody needs to sign; it must go through.
    #[track_caller]
    pub fn send(&mut self, instruction: Instruction) -> Receipt {
        self.communities.chain.send(&[instruction], &[]).unwrap()
    }

    pub fn grow(&mut self, table: Address) {
        let payer = self.communities.chain.payer.pubkey();
        loop {
            let before = self.communities.chain.data(&table).len();
            self.send(grow(&table, &payer));
            if self.communities.chain.data(&table).len() == before {
                return;
            }
        }
    }

    pub fn own(&self) -> GovernedCommunity {
        self.communities.own.copy()
    }

    pub fn authority(&self) -> Address {
        self.communities.own.authority.pubkey()
    }

    /// The start of the `n`th interval from the start of the community.
    pub fn start(n: i64) -> i64 {
        NOW + n * LENGTH
    }

    /// Sets the clock to the start of the `n`th interval.
    pub fn go_to(&mut self, n: i64) {
        self.communities.chain.set_time(MeteredCommunity::start(n));
    }

    pub fn slot(&self, start: i64) -> u16 {
        let header = self.table().header;
        ring::slot(start, header.interval_seconds, header.ring).unwrap()
    }

    /// A new meter of the owner.
    pub fn meter(&mut self) -> Device {
        self.meter_with(|_| ())
    }

    pub fn meter_with(&mut self, change: impl FnOnce(&mut MeterDetails)) -> Device {
        let key = Keypair::new();
        let mut details = details(&key);
        change(&mut details);
        let number = u32::from(self.table().header.count);
        let (authority, owner) = (self.authority(), self.owner.participant);
        self.govern(
            self.communities
                .own
                .register_meter((&authority, None), &owner, &details),
        );
        Device {
            import: details.import,
            export: details.export,
            ..Device::new(key, number)
        }
    }

    /// Opens the `n`th interval.
    #[track_caller]
    pub fn open(&mut self, n: i64) -> Receipt {
        let start = MeteredCommunity::start(n);
        self.send(self.communities.own.open_interval(self.slot(start), start))
    }

    #[track_caller]
    pub fn release(&mut self, n: i64) -> Receipt {
        let slot = self.slot(MeteredCommunity::start(n));
        let release = self
            .communities
            .own
            .release_interval(slot, &self.settlement.pubkey());
        self.communities
            .chain
            .send(&[release], &[&self.settlement])
            .unwrap()
    }

    /// Signs what `device` shows at the end of the `n`th interval.
    pub fn read(&self, device: &mut Device, n: i64) -> SignedReading {
        device.signed(
            &self.communities.own.addresses.community,
            MeteredCommunity::start(n + 1),
        )
    }

    /// Sends readings for the `n`th interval.
    #[track_caller]
    pub fn submit(&mut self, n: i64, readings: &[SignedReading]) -> Vec<ReadingResult> {
        let start = MeteredCommunity::start(n);
        let receipt = self.send(self.communities.own.submit(self.slot(start), readings));
        results(&receipt)
    }

    #[track_caller]
    pub fn submit_one(&mut self, n: i64, reading: &SignedReading) -> ReadingResult {
        self.submit(n, std::slice::from_ref(reading))[0]
    }

    pub fn quarantine(&mut self, device: &Device) {
        let authority = self.authority();
        self.govern(
            self.communities
                .own
                .quarantine((&authority, None), device.number, 1),
        );
    }

    pub fn retire(&mut self, device: &Device) {
        let authority = self.authority();
        self.govern(
            self.communities
                .own
                .retire((&authority, None), device.number),
        );
    }

    pub fn restore(&mut self, device: &Device, sequence: u64, registers: (u64, u64)) -> Receipt {
        let authority = self.authority();
        let actor = (&authority, None);
        self.govern(
            self.communities
                .own
                .restore(actor, device.number, sequence, registers),
        )
    }

    pub fn table(&self) -> MeterRecords {
        let data = self
            .communities
            .chain
            .data(&self.communities.own.addresses.meter_table);
        MeterRecords::from_bytes(&data).unwrap()
    }

    pub fn record(&self, device: &Device) -> Meter {
        self.table().meters[device.number as usize]
    }

    /// The slot of the `n`th interval, whichever it holds.
    pub fn interval(&self, n: i64) -> IntervalTable {
        let address = self
            .communities
            .own
            .interval(self.slot(MeteredCommunity::start(n)));
        IntervalTable::from_bytes(&self.communities.chain.data(&address)).unwrap()
    }

    pub fn entry(&self, n: i64, device: &Device) -> IntervalEntry {
        self.interval(n).entries[device.number as usize]
    }

    /// Everything that readings of the `n`th interval could change.
    pub fn state(&self, n: i64) -> [Vec<u8>; 2] {
        let interval = self
            .communities
            .own
            .interval(self.slot(MeteredCommunity::start(n)));
        [self.communities.own.addresses.meter_table, interval]
            .map(|address| self.communities.chain.data(&address))
    }
}

impl Default for MeteredCommunity {
    fn default() -> MeteredCommunity {
        MeteredCommunity::new()
    }
}

/// Of an ordinary meter with this device key.
pub fn details(key: &Keypair) -> MeterDetails {
    MeterDetails {
        device: key.pubkey().to_bytes(),
        zone: 1,
        asset_kind: AssetKind::Mixed as u8,
        source: EnergySource::Sun as u8,
        max_import: LIMIT,
        max_export: LIMIT,
        import: 0,
        export: 0,
    }
}

/// What became of the readings of a transaction's one instruction.
#[track_caller]
pub fn results(receipt: &Receipt) -> Vec<ReadingResult> {
    let events = receipt.events();
    let Some(Event::Oracle(OracleEvent::ReadingsProcessed(processed))) = events.last() else {
        panic!("no readings processed: {events:?}");
    };
    processed
        .results
        .iter()
        .map(|outcome| outcome.result)
        .collect()
}

/// The only event of a transaction.
#[track_caller]
pub fn event(receipt: &Receipt) -> OracleEvent {
    match receipt.events().as_slice() {
        [Event::Oracle(event)] => event.clone(),
        events => panic!("one event of the oracle expected, not {events:?}"),
    }
}
