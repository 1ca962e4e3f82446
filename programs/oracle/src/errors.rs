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
    #[msg("The page belongs to another meter table; pass the meter table that the page names")]
    WrongMeterTable = 4,
    #[msg("The interval length is not possible; choose 60 to 86400 seconds that divide a day of 86400")]
    IntervalLengthInvalid = 5,
    #[msg("The capacity is not possible; choose 1 to 4096 meters")]
    CapacityInvalid = 6,
    #[msg("The ring is not possible; choose 3 to 512 slots whose pages last at least correction_seconds and three pages")]
    RingInvalid = 7,
    #[msg("This account does not grow; pass a meter table or an interval page of this program")]
    NotATable = 8,
    #[msg("The present settlement account still exists; close that market first, then name the next one")]
    SettlementInUse = 9,
    #[msg("This is not the meter table's settlement key; pass, or sign with, the key that the meter table names")]
    WrongSettlement = 10,
    #[msg("No such slot; pass a slot below the meter table's ring")]
    NoSuchSlot = 11,
    #[msg("A page can't have so many intervals; choose 1 to 288")]
    PageIntervalsInvalid = 12,
    #[msg("The next page belongs in another slot; pass the page of slot (start / (interval_seconds * page_intervals)) mod ring")]
    WrongSlot = 13,
    #[msg("The next page has not started yet; while no settlement is set, open it at its start or later")]
    TooEarlyToOpen = 14,
    #[msg("The times are not possible; choose reading_seconds up to correction_seconds, and those up to 7948800")]
    CorrectionTimeInvalid = 15,
    #[msg("The cluster is all zero; pass the genesis hash of the chain, as getGenesisHash has it")]
    ClusterInvalid = 16,
    #[msg("The slot holds a page that is not finished; call finish_page for that one first")]
    SlotBusy = 17,
    #[msg("The meter is not in service in this page; pass a page between its service_from and service_until")]
    NotInService = 18,
    #[msg("A page that is not finished can't be closed; call finish_page for it first")]
    PageInUse = 19,
    #[msg("The meter table still has page accounts; close them first")]
    MeterTableInUse = 20,
    #[msg("Registration is paused; wait until the authority clears the REGISTRATION bit with the registry's set_pause")]
    RegistrationPaused = 21,
    #[msg("Nobody vouches for its own meter; let another verifier, or the authority, sign")]
    OwnMeter = 22,
    #[msg("The device key is all zero, or of no known kind; pass the public key of the meter, and 0 for Ed25519, 1 or 2 for P-256")]
    DeviceKeyInvalid = 23,
    #[msg("The device key belongs to a meter that is in use; retire that one first, or pass another key")]
    DeviceAlreadyRegistered = 24,
    #[msg("The participant has 16 meters, with those retired whose last page is not finished; retire one, and wait until that page is")]
    TooManyMeters = 25,
    #[msg("The meter table is full; wait until a retired meter's last page has left the ring")]
    TableFull = 26,
    #[msg("No such zone; pass an index below the community's zone_count")]
    NoSuchZone = 27,
    #[msg("Unknown asset kind; pass 0 to 5")]
    AssetKindInvalid = 28,
    #[msg("Unknown energy source; pass 0 to 6")]
    SourceInvalid = 29,
    #[msg(
        "The power limit allows more energy in a page than an entry holds; pass a lower one, in W"
    )]
    PowerLimitInvalid = 30,
    #[msg("The participant is not active; let an operator approve or reinstate it first")]
    NotActive = 31,
    #[msg("No such meter; pass the number that it was registered with, generation and row")]
    NoSuchMeter = 32,
    #[msg("The meter is not active; only an active meter can be quarantined")]
    MeterNotActive = 33,
    #[msg("The meter is not quarantined; nothing to restore")]
    MeterNotQuarantined = 34,
    #[msg("The meter is retired for good; register the device again instead")]
    MeterRetired = 35,
    #[msg("Reasons 0 and 65535 are the program's own, for violations and copied keys; pass another code")]
    ReasonInvalid = 36,
    #[msg(
        "The limits have changed lately; wait until the pages of before take no more corrections"
    )]
    LimitsChanged = 37,
    #[msg("There is no reading; pass 1 to 64")]
    NoReadings = 38,
    #[msg("Too many readings; pass at most 64 in one instruction")]
    TooManyReadings = 39,
    #[msg("A number would overflow; nothing was changed, report this with the transaction")]
    Overflow = 40,
    #[msg("The owner has to agree to this; let the wallet of the participant passed as `owner` sign, too. Without it a meter is retired by the community's authority alone, with the registers of its last reading")]
    OwnerMustSign = 41,
    #[msg("The meter belongs to another participant; pass the participant whose index the meter names")]
    WrongOwner = 42,
    #[msg("Readings of this page are still taken; replace values from its readings_until on")]
    ReadingsOpen = 43,
    #[msg("The page takes no values any more; nothing to do, its energy is settled as it is")]
    CorrectionsClosed = 44,
    #[msg("The page still takes readings or values; finish it from its corrections_until on")]
    TooEarlyToFinish = 45,
    #[msg("The page opened before this one is not finished; call finish_page for that one first")]
    EarlierUnfinished = 46,
    #[msg("There is no value; pass one for each interval from the first on")]
    NoValues = 47,
    #[msg("An interval is beyond the page; pass intervals below the meter table's page_intervals")]
    OutsidePage = 48,
    #[msg("That is more energy than the connection can carry in the time; check the registers or the value, or raise the power limit first")]
    PowerLimitExceeded = 49,
    #[msg("A final register is below the meter's last reading; pass what the old device shows, or what the meter's row says if it is broken")]
    RegisterFell = 50,
    #[msg("No device shows a register of 2^63 Wh or more; pass what it shows, in Wh")]
    RegisterInvalid = 51,
    #[msg("A fault of the program; nothing was changed, report this with the transaction")]
    Broken = 52,
    #[msg("These messages do not contradict each other; pass two of one meter that differ, with the same sequence")]
    NoContradiction = 53,
    #[msg("The meter's device did not sign both messages; pass them as they were signed, with the key that the meter has now")]
    NotSignedByDevice = 54,
    #[msg("The device's key is proven copied; give the meter another device with change_device")]
    KeyCopied = 55,
    #[msg("A message is of before the meter's device was recorded; pass two of boundaries after the meter's device_from")]
    BeforeDevice = 56,
    #[msg("The instruction before this one is no check of the secp256r1 precompile, or what it checks stands elsewhere; put it there, and signatures, keys and messages into it")]
    NotChecked = 57,
}
