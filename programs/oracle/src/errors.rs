use anchor_lang::prelude::*;

/// What the oracle refuses, and what to do about it. Codes start at 6100; one that was published keeps its meaning.
#[error_code(offset = 6100)]
pub enum OracleError {
    #[msg("The account has not its full length yet; call grow_table until it has")]
    TableNotGrown = 0,
    #[msg("This signer may not do this; sign with the community's authority, or pass as `acting` the signer's active participant account with the role the instruction asks for")]
    NotPermitted = 1,
    #[msg("Only the community's authority may do this; sign with the authority that the community account names")]
    NotAuthority = 2,
    #[msg("The meter table or the participant belongs to another community; pass accounts of one community")]
    WrongCommunity = 3,
    #[msg(
        "The interval belongs to another meter table; pass the meter table that the interval names"
    )]
    WrongMeterTable = 4,
    #[msg("The interval length is not possible; choose 60 to 86400 seconds that divide a day of 86400")]
    IntervalLengthInvalid = 5,
    #[msg("The capacity is not possible; choose 1 to 4096 meters")]
    CapacityInvalid = 6,
    #[msg("The ring is not possible; choose 2 to 1024 slots")]
    RingInvalid = 7,
    #[msg("This account does not grow; pass a meter table or an interval of this program")]
    NotATable = 8,
    #[msg("The present settlement account still exists; close that market first, then name the next one")]
    SettlementInUse = 9,
    #[msg("This is not the meter table's settlement key; pass, or sign with, the key that the meter table names")]
    WrongSettlement = 10,
    #[msg("No such slot; pass a slot below the meter table's ring")]
    NoSuchSlot = 11,
    #[msg("The start is not a boundary; pass a multiple of the meter table's interval_seconds")]
    OffBoundary = 12,
    #[msg("The start belongs in another slot; pass the interval account of slot (start / interval_seconds) mod ring")]
    WrongSlot = 13,
    #[msg("The interval has not started yet; open it at its start or later")]
    TooEarlyToOpen = 14,
    #[msg("The slot has already held this interval or a later one; pass a later start")]
    StartPassed = 15,
    #[msg("A slot that was never used takes only the latest start of the ring's last round; pass that one")]
    StartTooOld = 16,
    #[msg("The slot still takes readings of an interval that is not settled; settle that window first")]
    SlotBusy = 17,
    #[msg("The interval is not open; nothing to release")]
    NotOpen = 18,
    #[msg("An open interval can't be closed; release it first")]
    IntervalInUse = 19,
    #[msg("The meter table still has interval accounts; close them first")]
    MeterTableInUse = 20,
    #[msg("Registration is paused; wait until the authority clears the REGISTRATION bit with the registry's set_pause")]
    RegistrationPaused = 21,
    #[msg("Metering is paused; keep the readings and send them after the authority has cleared the METERING bit")]
    MeteringPaused = 22,
    #[msg("The device key is all zero; pass the Ed25519 public key of the meter")]
    DeviceKeyInvalid = 23,
    #[msg("The device key belongs to a meter that is in use; retire that one first, or pass another key")]
    DeviceAlreadyRegistered = 24,
    #[msg("The participant has 16 meters in use; retire one first")]
    TooManyMeters = 25,
    #[msg("The meter table is full; no further meter can be registered in this community")]
    TableFull = 26,
    #[msg("No such zone; pass an index below the community's zone_count")]
    NoSuchZone = 27,
    #[msg("Unknown asset kind; pass 0 to 5")]
    AssetKindInvalid = 28,
    #[msg("Unknown energy source; pass 0 to 6")]
    SourceInvalid = 29,
    #[msg("The power limit allows more energy in an interval than an entry holds; pass a lower one, in W")]
    PowerLimitInvalid = 30,
    #[msg("The participant is not active; let an operator approve or reinstate it first")]
    NotActive = 31,
    #[msg("No such meter; pass a number below the meter table's count")]
    NoSuchMeter = 32,
    #[msg("The meter is not active; only an active meter can be quarantined")]
    MeterNotActive = 33,
    #[msg("The meter is not quarantined; nothing to restore")]
    MeterNotQuarantined = 34,
    #[msg("The meter is retired for good; register the device again instead")]
    MeterRetired = 35,
    #[msg("Reason 0 is the program's own, for repeated violations; pass another code")]
    ReasonInvalid = 36,
    #[msg("The sequence is below the one used up; pass the meter's present sequence")]
    SequenceWentBack = 37,
    #[msg("There is no reading; pass 1 to 64")]
    NoReadings = 38,
    #[msg("Too many readings; pass at most 64 in one instruction")]
    TooManyReadings = 39,
    #[msg("A number would overflow; nothing was changed, report this with the transaction")]
    Overflow = 40,
}
