//! Registers that a household's devices have signed, by boundary, with the transaction that they are from.

use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{layout::oracle::Meter, oracle::types::ValuesReplaced};
use joulebook_cluster::PastTransaction;
use joulebook_metering::register::Registers;
use solana_address::Address;
use solana_signature::Signature;

use super::messages;

/// What is known from signatures.
#[derive(Clone, Debug, Default)]
pub struct SignedRegisters {
    /// By meter and boundary.
    registers: BTreeMap<(u32, i64), Told>,
    /// By meter and start of the interval: import and export, as a verifier set them.
    replaced: BTreeMap<(u32, i64), (u64, u64, Signature)>,
    pub verified: u64,
    pub refused: u64,
}

/// What a device has signed of a boundary.
#[derive(Clone, Debug)]
struct Told {
    registers: Registers,
    /// The first transaction that brought it.
    from: Signature,
    /// The oracle's accounts that it was brought to.
    pages: BTreeSet<Address>,
}

/// What a meter moved in an interval, and which transactions say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    pub import: u64,
    pub export: u64,
    pub from: [Signature; 2],
}

impl SignedRegisters {
    /// Takes what a transaction tells of these meters, if their devices have signed it.
    pub fn take(
        &mut self,
        transaction: &PastTransaction,
        meters: &[(u16, Meter)],
        meter_table: &Address,
        binding: &[u8; 32],
        interval_seconds: u32,
    ) {
        for message in messages(transaction, meter_table, binding, interval_seconds) {
            let row = Meter::row(message.meter);
            let meter = meters
                .iter()
                .find(|(known, meter)| *known == row && meter.number(row) == message.meter);
            let Some((_, meter)) = meter else { continue };
            if !message.holds(meter) {
                self.refused = self.refused.saturating_add(1);
                continue;
            }
            self.verified = self.verified.saturating_add(1);
            for (boundary, registers) in message.registers {
                // A device that contradicts itself is nobody's proof: the first one stands, as on chain.
                let told = self.registers.entry((message.meter, boundary));
                let told = told.or_insert_with(|| Told {
                    registers,
                    from: transaction.signature,
                    pages: BTreeSet::new(),
                });
                if told.registers == registers {
                    told.pages.insert(message.page);
                }
            }
        }
    }

    /// Takes values that a verifier has set.
    pub fn replace(&mut self, event: &ValuesReplaced, signature: Signature, interval_seconds: u32) {
        let length = i64::from(interval_seconds);
        for (place, value) in (i64::from(event.first)..).zip(&event.values) {
            let start = event.start.saturating_add(length.saturating_mul(place));
            let flow = (value.import.into(), value.export.into(), signature);
            self.replaced.insert((event.meter, start), flow);
        }
    }

    /// What the device has signed of an interval.
    pub fn flow(&self, meter: u32, start: i64, interval_seconds: u32) -> Option<Flow> {
        let end = start.checked_add(interval_seconds.into())?;
        let before = self.registers.get(&(meter, start))?;
        let after = self.registers.get(&(meter, end))?;
        let (first, last) = (&before.registers, &after.registers);
        Some(Flow {
            import: last.import.0.checked_sub(first.import.0)?,
            export: last.export.0.checked_sub(first.export.0)?,
            from: [before.from, after.from],
        })
    }

    /// The same, if the oracle's account of its page took what the device has signed of its end. Where pages meet, another page may
    /// have, and then this one counts the interval as missing.
    pub fn flow_in(
        &self,
        page: Address,
        meter: u32,
        start: i64,
        interval_seconds: u32,
    ) -> Option<Flow> {
        let end = start.checked_add(interval_seconds.into())?;
        let after = self.registers.get(&(meter, end))?;
        let flow = self.flow(meter, start, interval_seconds);
        flow.filter(|_| after.pages.contains(&page))
    }

    /// What a verifier has set for an interval.
    pub fn replaced(&self, meter: u32, start: i64) -> Option<Flow> {
        let (import, export, signature) = *self.replaced.get(&(meter, start))?;
        Some(Flow {
            import,
            export,
            from: [signature; 2],
        })
    }
}
