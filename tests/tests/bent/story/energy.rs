//! Meters, what they read, and what becomes of it.

use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    instructions::{Actor, Owner},
    layout::oracle::{KeyKind, Meter, MeterStatus},
    oracle::{instructions::ChangeDeviceInstructionArgs, types::SignedReading},
    reading,
    secp256r1::Signed,
};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::market::{instructions, pass_until, BUYER, SELLER};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{send, Story};

/// Has little money.
pub const POOR: usize = 2;

impl Story {
    /// The windows of the page that starts at `first`: some meters are heard at once, some late, one when it is corrected,
    /// one tells two stories.
    pub fn deliver(&mut self, first: i64) -> Result<(), Failure> {
        self.limits()?;
        let length = self.community.window_length();
        pass_until(&mut self.community, first);
        self.community.read_start(first)?;
        self.beside(|other| other.read_start(first).map(|_| ()))?;
        for (n, flows) in (0..).zip([
            [(1100, 0), (0, 900), (500, 0)],
            [(400, 0), (0, 700), (2000, 0)],
        ]) {
            let start = first + n * length;
            pass_until(&mut self.community, start + length);
            let readings = self.community.read_meters(start, &flows);
            self.hear(start, readings)?;
        }
        self.beside(|other| {
            let readings = other.read_meters(first, &[(900, 0), (0, 1000)]);
            other.submit(first, readings)?;
            other.settle(first)?;
            Ok(())
        })?;
        self.contradict(first + length)?;
        self.out_of_service(first)?;
        self.supplier_takes_all()?;
        self.name_supplier(first)?;
        // One meter is silent in the last two windows.
        for (n, flows) in (2..).zip([[(0, 0), (0, 3000), (0, 0)], [(0, 0), (0, 100), (700, 0)]]) {
            let start = first + n * length;
            pass_until(&mut self.community, start + length);
            let readings = self.community.read_meters(start, &flows);
            let heard = readings.into_iter().filter(|reading| reading.meter != 0);
            self.hear(start, heard.collect())?;
        }
        self.profiles(first)?;
        let ledger = self.community.ledger();
        assert!(ledger.header.claims() > 0, "nobody has a claim");
        assert!(
            ledger.seats.iter().any(|seat| seat.debt() > 0),
            "nobody owes"
        );
        Ok(())
    }

    /// In the other community, of the buyer's meter and of the one with a key of P-256; that is proven copied then.
    fn profiles(&mut self, first: i64) -> Result<(), Failure> {
        self.beside(|other| {
            let end = first + other.page_length();
            let binding = other.binding();
            let device = &mut other.households[BUYER].devices[0];
            let profile = device.signed_profile(&binding, end, &[(300, 0), (0, 0)]);
            let submit = other.addresses.submit_profiles(first, vec![profile]);
            send(other, submit)?;
            let told = checked_profile(other, end, &[(0, 20), (10, 20)]);
            other.households[BUYER].devices[1].sequence -= 1;
            let otherwise = checked_profile(other, end, &[(0, 20)]);
            let at = other.addresses.clone();
            let submit = at
                .submit_checked_profiles(first, std::slice::from_ref(&told))
                .expect("signatures");
            other.chain.send(&submit, &[])?;
            let prove = at
                .prove_checked_key_copied(&[told, otherwise])
                .expect("signatures");
            other.chain.send(&prove, &[])?;
            Ok(())
        })
    }

    /// One reading a time, all that they change settled in between.
    pub fn hear(&mut self, start: i64, readings: Vec<SignedReading>) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let half = readings.len().div_ceil(2);
        for batch in readings.chunks(half) {
            self.send(at.submit_readings(start, batch.to_vec()))?;
            let settle = instructions::settle(&self.community, start);
            self.send(settle)?;
        }
        Ok(())
    }

    /// The same sequence, other registers.
    fn contradict(&mut self, start: i64) -> Result<(), Failure> {
        let binding = self.community.binding();
        let boundary = start + self.community.window_length();
        let device = &mut self.community.households[POOR].devices[0];
        device.sequence -= 1;
        device.flow(1, 0);
        let reading = device.signed(&binding, boundary);
        let submit = self
            .community
            .addresses
            .submit_readings(start, vec![reading]);
        self.send(submit)?;
        Ok(())
    }

    fn limits(&mut self) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let verifier = self.acting(&self.verifier);
        let buyer = &self.community.households[BUYER];
        let (owner, number) = (buyer.address(), buyer.devices[0].number);
        self.send(at.set_power_limits(verifier, owner, number, 90_000, 90_000))?;
        self.send(at.set_standard_draw(verifier, owner, number, 500))?;
        let authority = Actor::authority(self.authority());
        self.send(at.set_standard_draw(authority, Owner::absent(owner), number, 400))?;
        Ok(())
    }

    /// Second meters: one is stopped and goes on with another device, one is retired.
    fn out_of_service(&mut self, now: i64) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let (verifier, emergency) = (self.acting(&self.verifier), self.acting(&self.emergency));
        let [buyer, seller] = [BUYER, SELLER].map(|place| {
            let household = &self.community.households[place];
            (household.address(), household.devices[1].number)
        });
        self.send(at.quarantine_meter(emergency, seller.1, 5))?;
        self.send(at.restore_meter(verifier, seller.0, seller.1))?;
        self.send(at.quarantine_meter(verifier, seller.1, 6))?;
        self.key_is_copied(now)?;
        let new = Keypair::new();
        let row = self.community.meters().meters[usize::from(Meter::row(seller.1))];
        let change = ChangeDeviceInstructionArgs {
            meter: seller.1,
            device: new.pubkey().to_bytes(),
            key_kind: KeyKind::Ed25519 as u8,
            last: FinalRegisters {
                import: row.import,
                export: row.export,
            },
            import: 0,
            export: 0,
        };
        self.send(at.change_device(verifier, seller.0, change))?;
        let device = &mut self.community.households[SELLER].devices[1];
        *device = joulebook_sim::Device::new(new, seller.1);
        let authority = Actor::authority(self.authority());
        let retire = at.retire_meter(authority, Owner::absent(buyer.0), buyer.1, None);
        self.send(retire)?;
        let meters = self.community.meters().meters;
        assert!(
            meters[usize::from(Meter::row(buyer.1))].is(MeterStatus::Retired),
            "{now}"
        );
        Ok(())
    }

    /// Of the seller's second meter, which only another device brings back; and beside it of one that was in service.
    fn key_is_copied(&mut self, boundary: i64) -> Result<(), Failure> {
        self.beside(|other| prove_key_copied(other, (BUYER, 0), boundary))?;
        prove_key_copied(&mut self.community, (SELLER, 1), boundary)
    }

    /// But for the margin; and will owe.
    fn supplier_takes_all(&mut self) -> Result<(), Failure> {
        let free = (self.community.supplier_seat().free - super::MARGIN) / 1000;
        let withdraw = self.community.withdrawal_of(&self.community.supplier, free);
        self.send(withdraw)?;
        Ok(())
    }

    /// What is missing is replaced, and everything of the page becomes final, meter by meter and seat by seat.
    pub fn finish(&mut self, first: i64) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let page = self.community.interval_page(first).header;
        pass_until(&mut self.community, page.readings_until);
        let buyer = &self.community.households[BUYER];
        let (owner, number) = (buyer.address(), buyer.devices[0].number);
        let values = |values: &[(u32, u32)]| {
            let value = |&(import, export): &(u32, u32)| {
                joulebook_client::oracle::types::ReplacedValue { import, export }
            };
            values.iter().map(value).collect::<Vec<_>>()
        };
        let verifier = self.acting(&self.verifier);
        let absent = Owner::absent(owner);
        let missing = values(&[(100, 0), (50, 0)]);
        self.send(at.replace_values(verifier, absent, first, number, 2, missing, 7))?;
        let settle = at.settle(first, 0..4, 0..16);
        self.send(settle.clone())?;
        let corrected = values(&[(1000, 0)]);
        self.send(at.replace_values(verifier, owner, first, number, 0, corrected, 8))?;
        self.send(settle)?;
        self.community.fund_supplier(50_000_000)?;
        self.send(at.pay_claims())?;
        self.paid_by_others()?;

        pass_until(&mut self.community, page.corrections_until);
        self.community.finish_pages_before(first)?;
        for limit in [1, 2, u16::MAX] {
            self.send(at.finish_interval_page(first, limit))?;
        }
        for limit in [1, 2, 5, u16::MAX] {
            self.send(at.finish_page(first, limit))?;
        }
        Ok(())
    }

    /// Debt, by somebody else; and a gift to the vault, which becomes fees.
    fn paid_by_others(&mut self) -> Result<(), Failure> {
        self.community.deposit(BUYER, 2_000)?;
        self.community.token.mint_to(
            &mut self.community.chain,
            &self.community.households[BUYER].tokens,
            1_000_000,
        )?;
        let buyer = &self.community.households[BUYER];
        let poor = self.community.households[POOR].seat;
        let at = self.community.addresses.clone();
        let deposit = at.deposit(buyer.address(), buyer.tokens, poor, 500_000);
        let gift = instructions::transfer(&self.community, buyer, at.vault, 1_000);
        self.send(deposit)?;
        self.community
            .chain
            .send(&[gift, at.sweep_surplus()], &[])?;
        Ok(())
    }
}

/// Of a device, by its household's place and its own, with two readings for a boundary.
fn prove_key_copied(
    community: &mut LocalCommunity,
    (household, device): (usize, usize),
    boundary: i64,
) -> Result<(), Failure> {
    let binding = community.binding();
    let device = &mut community.households[household].devices[device];
    let honest = device.signed(&binding, boundary);
    device.sequence -= 1;
    device.flow(1, 0);
    let copied = device.signed(&binding, boundary);
    let prove = community.addresses.prove_key_copied(honest, copied);
    send(community, prove)?;
    Ok(())
}

/// Of the buyer's second meter in the other community.
fn checked_profile(community: &mut LocalCommunity, end: i64, values: &[(u32, u32)]) -> Signed {
    let binding = community.binding();
    let device = &mut community.households[BUYER].devices[1];
    let (profile, values) = device.profile(end, values);
    let packed = reading::packed(&values);
    super::element().sign(reading::profile_message(&binding, &profile, &packed))
}
