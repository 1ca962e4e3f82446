use joulebook_client::{layout::oracle::KeyKind, oracle::types::ReadingResult, Addresses};
use joulebook_metering::register::{LastReading, Offsets};
use joulebook_units::UnixTime;

use crate::{
    batch::fits_alone,
    decision::places,
    fate::{self, may_change},
    message::{Content, Message, NoMessage, Signed},
    rules::{judge_by_row, result_of},
    view::View,
};

/// Why a message is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoMessage(NoMessage),
    /// What the oracle would say, now and for ever.
    Oracle(ReadingResult),
    /// A key of P-256 signs load profiles alone.
    ReadingOfP256,
    /// There is no transaction that takes it.
    TooLong,
    /// As many messages of the meter wait as are kept.
    TooManyOfMeter,
}

impl Refusal {
    pub fn words(&self) -> String {
        match self {
            Refusal::NoMessage(no_message) => no_message.to_string(),
            Refusal::Oracle(result) => fate::words(*result).to_owned(),
            Refusal::ReadingOfP256 => {
                "a key of P-256 signs load profiles alone; sign one without intervals".to_owned()
            }
            Refusal::TooLong => {
                "it fits into no transaction; sign several profiles of fewer intervals".to_owned()
            }
            Refusal::TooManyOfMeter => {
                "more messages of this meter wait than it can need; send it again when the oracle has these"
                    .to_owned()
            }
        }
    }

    /// Whether it follows from the message alone, or from a time that has passed: not from rows that may have changed.
    pub(super) fn is_certain(&self) -> bool {
        match self {
            Refusal::NoMessage(_) | Refusal::TooManyOfMeter => true,
            // It has more intervals than a page, whatever a page holds.
            Refusal::Oracle(ReadingResult::OutsidePage) => true,
            Refusal::Oracle(result) => fate::is_certain(*result),
            Refusal::ReadingOfP256 | Refusal::TooLong => false,
        }
    }

    /// One word, for metrics and programs.
    pub fn name(&self) -> String {
        match self {
            Refusal::NoMessage(no_message) => format!("{no_message:?}")
                .chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect(),
            Refusal::Oracle(result) => fate::name(*result),
            Refusal::ReadingOfP256 => "ReadingOfP256".to_owned(),
            Refusal::TooLong => "TooLong".to_owned(),
            Refusal::TooManyOfMeter => "TooManyOfMeter".to_owned(),
        }
    }
}

/// Reads a message, and refuses what the oracle can never take, by clock and meter table. `ahead` is how far in the future a
/// boundary may be, seconds; `None` where the clock is not known.
///
/// # Errors
/// [`Refusal`].
pub fn check(
    signed: Signed,
    view: &View,
    addresses: &Addresses,
    ahead: Option<i64>,
) -> Result<Message, Refusal> {
    let message = signed.read(&view.table.header.binding);
    let mut message = message.map_err(Refusal::NoMessage)?;
    judge(&mut message, view, addresses, ahead).map(|()| message)
}

/// Likewise; its signature is verified, once for all.
pub(super) fn judge(
    message: &mut Message,
    view: &View,
    addresses: &Addresses,
    ahead: Option<i64>,
) -> Result<(), Refusal> {
    let header = &view.table.header;
    let refused = |result| Err(Refusal::Oracle(result));
    let profile = message.profile();
    let Some(meter) = view.meter(profile.meter) else {
        return refused(ReadingResult::UnknownMeter);
    };
    if !message.verify(meter) {
        return refused(ReadingResult::BadSignature);
    }
    let is_reading = matches!(message.content, Content::Reading(_));
    if is_reading && meter.key_kind != KeyKind::Ed25519 as u8 {
        return Err(Refusal::ReadingOfP256);
    }
    // By a clock that is a bit ahead.
    let now = match ahead {
        Some(ahead) => UnixTime(view.now.0.saturating_add(ahead)),
        None => UnixTime(i64::MAX),
    };
    match judge_by_row(&view.table, message, now) {
        Ok(_) => {}
        Err(ReadingResult::FutureBoundary) => return refused(ReadingResult::FutureBoundary),
        Err(result) if may_change(result) => {}
        Err(result) => return refused(result),
    }
    if profile.intervals > header.page_intervals {
        return refused(ReadingResult::OutsidePage);
    }
    let mut places = places(addresses, message).into_iter().flatten();
    if places.all(|start| view.is_gone(addresses, start)) {
        return refused(ReadingResult::ReadingsClosed);
    }
    if message.values().is_none() {
        return refused(ReadingResult::Malformed);
    }
    if !fits_alone(addresses, &view.table, message) {
        return Err(Refusal::TooLong);
    }
    let last = LastReading::from(meter);
    let counted = Offsets::from(meter).count(&profile.registers);
    let counted = counted.map_err(|rejection| Refusal::Oracle(result_of(rejection)))?;
    match last.is_moved_by(profile.boundary, profile.sequence) {
        Err(rejection) => refused(result_of(rejection)),
        Ok(true)
            if counted.import < last.registers.import || counted.export < last.registers.export =>
        {
            refused(ReadingResult::RegisterFell)
        }
        Ok(_) => Ok(()),
    }
}
