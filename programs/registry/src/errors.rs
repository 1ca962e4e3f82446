use anchor_lang::prelude::*;

/// What the registry refuses, and what to do about it. Codes start at 6000; one that was published keeps its meaning.
#[error_code(offset = 6000)]
pub enum RegistryError {
    #[msg("This signer may not do this; sign with the community's authority, or pass as `acting` the signer's active participant account with the role the instruction asks for")]
    NotPermitted = 0,
    #[msg("Only the community's authority may do this; sign with the authority that the community account names")]
    NotAuthority = 1,
    #[msg("The authority was not offered to this signer; let the present authority call propose_authority with its key first")]
    NotPendingAuthority = 2,
    #[msg("The participant belongs to another community; pass the community that the participant account names")]
    WrongCommunity = 3,
    #[msg(
        "The wallet is not the participant's; pass the wallet that the participant account names"
    )]
    WrongWallet = 4,
    #[msg("Registration is paused; wait until the authority clears the REGISTRATION bit with set_pause")]
    RegistrationPaused = 5,
    #[msg("A name is empty, too long or has control characters; a community's has 1 to 32 bytes of UTF-8, a zone's 1 to 16")]
    NameInvalid = 6,
    #[msg("A community has 1 to 16 zones; name at least one at creation and add no 17th")]
    ZoneCountInvalid = 7,
    #[msg("No such zone; pass an index below the community's zone_count")]
    NoSuchZone = 8,
    #[msg("Roles are none or unknown; pass at least one bit, and only bits from 0 (consumer) to 7 (emergency)")]
    RolesInvalid = 9,
    #[msg(
        "Unknown pause bits; pass a sum of 1 (registration), 2 (metering) and 4 (trading), or 0"
    )]
    PauseInvalid = 10,
    #[msg("An emergency participant may only pause more; keep every bit that is set, or let the authority clear it")]
    EmergencyMayOnlyPause = 11,
    #[msg("The quote mint is not an initialised mint of SPL Token or Token-2022; pass the address of the token's mint")]
    QuoteMintInvalid = 12,
    #[msg("The participant is not waiting for approval; only a new application can be approved")]
    NotApplied = 13,
    #[msg("The participant is not active; approve or reinstate it first")]
    NotActive = 14,
    #[msg("The participant is not suspended; nothing to reinstate")]
    NotSuspended = 15,
    #[msg("The participant waits for approval; approve it, which grants its roles, or close it if it has no index")]
    NotApproved = 16,
    #[msg("Operator, emergency, verifier and auditor are the authority's to grant, change, suspend and remove; sign with the authority")]
    PrivilegedRoles = 17,
    #[msg("An active participant leaves by its own wallet; sign with that wallet, or suspend the participant first")]
    StillActive = 18,
    #[msg("Every participant index is used up; let the authority call approve_successor with one who left")]
    CommunityFull = 19,
    #[msg("The community still has participants; close them first")]
    CommunityInUse = 20,
    #[msg("The community has given out participant indices, which tables elsewhere rely on; it cannot be closed any more, pause it instead")]
    CommunityWasUsed = 21,
    #[msg("A counter would overflow; nothing was changed, pass another predecessor if there is one, or report this with the transaction")]
    Overflow = 22,
    #[msg("The application is not the one that was reviewed; look at what it says now, then pass its zone, balancing group and identity hash")]
    ApplicationChanged = 23,
    #[msg("Operators have used up their approvals; let the authority approve, or allow more with set_approvals")]
    NoApprovalsLeft = 24,
    #[msg("An emergency participant can't trade; leave out EMERGENCY, or CONSUMER, PRODUCER and STORAGE")]
    EmergencyCannotTrade = 25,
    #[msg("The participant has an index, which it keeps; let it leave instead of closing it, and approve it without a predecessor")]
    HasIndex = 26,
    #[msg("The predecessor has no index left to hand on; another has succeeded it already, pass someone else")]
    NoIndex = 27,
    #[msg("The participant has not left; only one who left applies again or is succeeded")]
    NotLeft = 28,
    #[msg("The participant has left; it must apply again and be approved first")]
    HasLeft = 29,
    #[msg("The predecessor was approved again since; look at its seat and debts again, then pass its approved_at as it is now")]
    PredecessorChanged = 30,
    #[msg("The predecessor left less than 92 days ago, and may still have money and open values under the index; wait until then")]
    LeftLately = 31,
}
