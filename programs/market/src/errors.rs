use anchor_lang::prelude::*;

/// What the market refuses, and what to do about it. Codes start at 6200; one that was published keeps its meaning.
#[error_code(offset = 6200)]
pub enum MarketError {
    #[msg("A sum does not fit its type; use smaller amounts")]
    Overflow = 0,
    #[msg("Only the community's authority may do this; sign with the authority's key")]
    NotAuthority = 1,
    #[msg("This account belongs to another market; pass the accounts derived from one market")]
    WrongMarket = 2,
    #[msg("This account belongs to another community; pass the market's own community")]
    WrongCommunity = 3,
    #[msg("The account has not its full length yet; call grow_table until it has")]
    TableNotGrown = 4,
    #[msg("This is not a table of the market; pass its ledger, its history, a book, a page or its standing orders")]
    NotATable = 5,
    #[msg("The window length is not possible; choose that of the meter table's interval, 60 to 86,400 seconds")]
    WindowLengthInvalid = 10,
    #[msg("A size is out of bounds; see MarketParams for the limits of books, seats, orders, ticks and history; neither a page nor the standing orders of all seats may be above 10 MiB")]
    SizeInvalid = 11,
    #[msg(
        "There are too few books for horizon and two windows, or too few pages for horizon and correction; use a longer ring"
    )]
    RingTooShort = 12,
    #[msg("The gate must close after the window opens; choose gate_lead below horizon")]
    GateBeforeOpening = 13,
    #[msg("The price grid has no tick, or its highest price with fees does not fit 32 bits; choose a smaller tick size")]
    PriceGridInvalid = 14,
    #[msg("The market fee is above 10%, or the grid fee below zero or beyond the market's bound; choose fee_bps up to 1000 and a grid fee of 0 to highest_grid_fee")]
    FeeInvalid = 15,
    #[msg("The smallest order is 0; choose at least 1 Wh")]
    MinQuantityInvalid = 16,
    #[msg("Only the supplier's seat may do this; sign with its owner's key, or for prices with its delegate's")]
    NotSupplier = 44,
    #[msg("The window's prices stand; choose windows whose book is not open and that start after the notice period")]
    PricesStand = 45,
    #[msg("Another supplier is named and has no page yet, and neither of the two signs for the other; wait until its first page is open")]
    SupplierChanges = 46,
    #[msg("This seat is the supplier's already; name that of another participant")]
    SupplierStands = 47,
    #[msg("Debts or claims can be paid and are not; call pay_claims before, in the same transaction, as often as it pays something")]
    PaymentsDue = 42,
    #[msg("Something was agreed in this market since the new supplier looked at it; look at its tariff and terms anew, and sign with the events that it has counted by now")]
    MarketChanged = 43,
    #[msg("The former supplier has pages that are not final, debts or claims; have them finished and paid, or wait until 92 days after its last page became final")]
    SupplierUnsettled = 48,
    #[msg(
        "The new supplier's seat has less free money than the market's margin; deposit more first"
    )]
    MarginMissing = 49,
    #[msg("An order would lock nothing; choose a min_lock of at least 1 atom per kWh")]
    MinLockInvalid = 29,
    #[msg("The UTC offset is beyond 14 hours; choose -50,400 to 50,400 seconds")]
    UtcOffsetInvalid = 17,
    #[msg("Only one node and the uniform price rule are known; choose nodes 1 and rule 0")]
    RuleInvalid = 18,
    #[msg("The feed-in tariff is above the retail tariff, or a price is beyond the market's bounds; choose lowest_price up to long up to short up to highest_price")]
    TariffInvalid = 19,
    #[msg("These half hours are not in a day; the first is 0, the last 47")]
    TariffRangeInvalid = 20,
    #[msg("The mint has an extension that could move or freeze the vault's tokens; choose another mint")]
    MintExtension = 21,
    #[msg("This is not the market's quote mint; pass the mint that the market names")]
    WrongMint = 22,
    #[msg("The meter table settles with another address; call the oracle's set_settlement with this market first")]
    WrongSettlement = 23,
    #[msg("No such slot; choose 0 to ring - 1")]
    NoSuchSlot = 24,
    #[msg("Supplier or grid operator has no seat in this market, or may pause it; choose active participants without the emergency role, with an index below the number of seats")]
    OperatorSeatInvalid = 25,
    #[msg("No price fits these bounds; choose lowest_price above -2,147,483,648 and up to highest_price, and highest_grid_fee from 0")]
    PriceBoundsInvalid = 26,
    #[msg("This is not the token program of the market's quote mint; pass the one that the market names")]
    WrongTokenProgram = 27,
    #[msg("This is not the market's meter table; pass the one that the market names")]
    WrongMeterTable = 28,
    #[msg("Participant is not active in this community; have it approved or reinstated first")]
    NotActive = 30,
    #[msg(
        "The participant's index is beyond the ledger; the authority must create a larger market"
    )]
    TableFull = 31,
    #[msg("The seat is already open; nothing to do")]
    SeatTaken = 32,
    #[msg("There is no open seat with this index; open it first")]
    NoSuchSeat = 33,
    #[msg("Only the seat's owner may do this; sign with the owner's key")]
    NotOwner = 34,
    #[msg("Only the seat's owner or its delegate may do this; sign with one of their keys")]
    NotTrader = 35,
    #[msg("The seat has orders, contracts that no meter has confirmed, money or debt, holds money for a program, or is the supplier's or grid operator's; settle, have holds released and withdraw, or end all windows and debts first")]
    SeatInUse = 36,
    #[msg("The seat has less free money than that; cancel orders or ask for less")]
    NotEnoughFree = 37,
    #[msg("A supplier's seat keeps the market's margin until its windows are final and its claims paid; ask for less, or deposit more")]
    MarginKept = 41,
    #[msg("An amount of 0 moves nothing; give at least 1")]
    ZeroAmount = 38,
    #[msg("The vault received nothing; the token's transfer fee took it all")]
    NothingArrived = 39,
    #[msg("There are fewer fees than that; ask for less")]
    NotEnoughFees = 40,
    #[msg("The community has paused trading; cancels and withdrawals go on")]
    TradingPaused = 50,
    #[msg("The participant's role does not allow this side; ask the operator for the role")]
    NotPermitted = 51,
    #[msg("The seat owes the supplier; deposit to pay the debt first")]
    InDebt = 52,
    #[msg("The seat's meters have not been heard for too many windows; have them read first")]
    MetersSilent = 53,
    #[msg(
        "The window is not open for orders; choose one between its opening and its gate closure"
    )]
    NotOpen = 54,
    #[msg("The gate has closed; choose a later window")]
    GateClosed = 55,
    #[msg("No orders given; give at least one")]
    NoOrders = 56,
    #[msg("The tick is not on the window's price grid; choose one below its number of ticks")]
    NoSuchTick = 57,
    #[msg("The quantity is too small; choose at least min_quantity of the window, in Wh")]
    QuantityInvalid = 58,
    #[msg("Unknown side; pass 0 to buy, 1 to sell")]
    SideInvalid = 59,
    #[msg("There is no such node in the window; choose one below its number of nodes")]
    NoSuchNode = 60,
    #[msg("The seat has as many orders in this window as it may; cancel one first")]
    TooManyOrders = 61,
    #[msg("The window has no room for another order; try a later window")]
    BookFull = 62,
    #[msg("There is no live order with this index and sequence; read the window again")]
    NoSuchOrder = 63,
    #[msg("The order belongs to another seat; name that seat, or another order")]
    NotYourOrder = 64,
    #[msg("The delegate's orders would lock more than its owner allows it in a day; place less, wait for the next day of UTC, or let the owner raise the limit")]
    DelegateLimit = 65,
    #[msg("The seat's orders would be more than its meters' connections can carry in the window; order less, cancel others, or have a meter registered or its power limits raised, which holds from the page after on")]
    BeyondConnection = 66,
    #[msg("The order's price is beyond what a delegate may trade at: what the seat's owner allows, and the supplier's own prices, fees included; order within both, or let the owner order")]
    DelegatePrice = 67,
    #[msg("The start belongs in another slot; pass the window account of slot (start / length) mod ring")]
    WrongSlot = 70,
    #[msg("The slot still holds a window whose orders have no fills, or a page that is not final; finish that one first")]
    SlotBusy = 71,
    #[msg("It is too early; a window opens at start - horizon, a page another page earlier")]
    TooEarlyToOpen = 73,
    #[msg("The gate is still open; clear after gate closure")]
    GateOpen = 74,
    #[msg("The window is not at this step of its life; read its phase")]
    WrongPhase = 75,
    #[msg("This is not the page of the window, or the oracle's of another time; pass those of slot (start / page length) mod pages")]
    WrongPage = 76,
    #[msg("More positions than one instruction settles; ask for fewer windows or seats")]
    RectangleTooLarge = 77,
    #[msg("The oracle has not finished its page of these intervals; call its finish_page first")]
    ReadingsUnfinished = 78,
    #[msg("The supplier owes others; deposit and call pay_claims until no claim is left")]
    ClaimsUnpaid = 79,
    #[msg("A limit of 0 does nothing; give at least 1")]
    ZeroLimit = 80,
    #[msg("An earlier page is not final; finish that one first")]
    EarlierUnfinished = 81,
    #[msg("A window of the page has orders without fills; clear and allocate it first")]
    WindowUnallocated = 82,
    #[msg("The market has an end, and this is beyond it; create another market")]
    MarketEnded = 83,
    #[msg("The market has not ended; name its end with end_market, and wait until all its pages are final")]
    NotEnded = 85,
    #[msg("A market ends with a page, after those that are open and after the notice period; choose a later start of a page")]
    EndInvalid = 86,
    #[msg("The start is not a boundary; pass a multiple of the window length")]
    OffBoundary = 84,
    #[msg("The ledger does not add up; this is a fault of the program, please report it")]
    Broken = 90,
    #[msg(
        "The account is still in use; close windows, seats and tables first, and empty the vault"
    )]
    StillInUse = 91,
    #[msg("This account is no program; pass the address of one that is deployed")]
    ProgramInvalid = 100,
    #[msg("Only the program that the money is held for may do this; sign with its address of the seeds joulebook and market")]
    NotProgram = 101,
    #[msg("The hold is for another program; pass the admission that the hold names")]
    WrongAdmission = 102,
    #[msg("The program is retired; hold money for another one, or have this one admitted anew once its admission is closed")]
    ProgramRetired = 103,
    #[msg("The program is not retired; have the authority retire it first, then wait for the notice period")]
    NotRetired = 104,
    #[msg("The retired program may still use what is held for it; wait until ends_at of its admission")]
    NoticeNotOver = 105,
    #[msg("The notice period of the retired program is over, so it captures nothing any more; release what is held")]
    NoticeOver = 106,
    #[msg("Less than that is held; ask for up to the hold's amount")]
    NotEnoughHeld = 107,
    #[msg("A capture goes to another seat; release what is to go back to this one")]
    SameSeat = 108,
    #[msg("The hold is one that the seat's former owner left behind; close it first")]
    FormerOwner = 109,
    #[msg(
        "This is not the wallet that paid the account's rent; pass the one that the account names"
    )]
    WrongWallet = 110,
    #[msg("Money is held in it; have it released, captured or taken back first")]
    HoldInUse = 111,
    #[msg("Seats have holds under it; have them emptied and close them first")]
    AdmissionInUse = 112,
    #[msg("A seat has no such place for a standing order; pass 0 to 7")]
    NoSuchPlace = 113,
    #[msg("The rule has a code, a bit or a share that means nothing, or a profile beside another kind of quantity; see StandingRule")]
    StandingRuleInvalid = 114,
    #[msg("The rule would never order anything; name half hours, weekdays and a quantity, caps above 0 and an end that is not past")]
    NeverDue = 115,
    #[msg("The owner's orders have used something of this place's caps today; take another place, or wait for the next day of UTC")]
    PlaceUsed = 116,
}
