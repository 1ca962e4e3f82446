//! What a keeper of fifteen households sends, with days of quarter hours as pages.

use joulebook_client::{
    layout::market::NewOrder,
    steps::{next_steps, Step},
};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_signer::Signer;

use super::{explain, next_page, order, units};
use crate::{keeper::MAX_COMPUTE_UNITS, LocalCommunity, Parameters};

const HOUSEHOLDS: u16 = 15;
const LENGTH: u32 = 900;
const ORDERS_PER_SEAT: u16 = 3;
/// A signature and the count in front of it, bytes.
const SIGNATURES: u64 = 1 + 64;

pub struct Village {
    /// Of the instruction, the oracle's part included.
    pub open_page: u64,
    /// Of the transaction that opens a window, clears and allocates the one before, and settles the one before that.
    pub window: u64,
    /// Of the same transaction, on the wire.
    pub window_bytes: u64,
}

pub fn measure() -> Result<Village, String> {
    let length = i64::from(LENGTH);
    let mut community = LocalCommunity::new(parameters())?;
    community.fund_supplier(1_000_000_000).map_err(explain)?;
    for number in 1..=HOUSEHOLDS {
        let name = format!("household {number}");
        community.join(&name, 100_000_000).map_err(explain)?;
    }
    let page = next_page(&community);
    community.chain.set_time(page);
    let open = community.addresses.open_page(page);
    let opened = community.send_with_full_budget(&[open]).map_err(explain)?;
    community.keep().map_err(explain)?;
    community.read_start(page).map_err(explain)?;
    place_orders(&mut community, page + length)?;

    pass(&mut community, page)?;
    community.keep().map_err(explain)?;
    place_orders(&mut community, page + 2 * length)?;

    pass(&mut community, page + length)?;
    let steps = next_steps(&community.market_state(), community.chain.now());
    if !is_whole(&steps) {
        return Err(format!("other steps are due than expected: {steps:?}"));
    }
    if community.window(page + length).volume == 0 {
        return Err("nothing was traded in the window that is settled".to_string());
    }
    let instructions = instructions(&community, &steps);
    let receipt = community
        .send_with_full_budget(&instructions)
        .map_err(explain)?;
    Ok(Village {
        open_page: units(&opened)?,
        window: receipt.compute_units,
        window_bytes: bytes(&community, instructions),
    })
}

/// Pages of a day that are corrected for two.
fn parameters() -> Parameters {
    let mut parameters = Parameters {
        window_seconds: LENGTH,
        books: 3,
        page_windows: 96,
        pages: 6,
        reading_seconds: 129_600,
        correction_seconds: 172_800,
        meters: HOUSEHOLDS,
        seats: HOUSEHOLDS + 2,
        orders: HOUSEHOLDS * ORDERS_PER_SEAT,
        max_orders_per_seat: ORDERS_PER_SEAT,
        ..Parameters::default()
    };
    parameters.terms.horizon = LENGTH;
    parameters.terms.gate_lead = LENGTH / 5;
    parameters
}

/// Every household has orders, half of them on each side.
fn place_orders(community: &mut LocalCommunity, start: i64) -> Result<(), String> {
    for place in 0..usize::from(HOUSEHOLDS) {
        let side = (place % 2) as u8;
        let orders: Vec<NewOrder> = (0..ORDERS_PER_SEAT)
            .map(|number| order(side, 40 + 10 * number, 100 + place as u32))
            .collect();
        community.place(place, start, orders).map_err(explain)?;
    }
    Ok(())
}

/// Lets a window pass, and the meters be read at its end.
fn pass(community: &mut LocalCommunity, start: i64) -> Result<(), String> {
    community.chain.set_time(start + i64::from(LENGTH));
    let flows: Vec<(u64, u64)> = (0..u64::from(HOUSEHOLDS))
        .map(|i| (50 * (i % 2) + i, 40 * (i % 3)))
        .collect();
    let readings = community.read_meters(start, &flows);
    community.submit(start, readings).map_err(explain)?;
    Ok(())
}

/// Whether these are the steps of a boundary between two windows.
fn is_whole(steps: &[Step]) -> bool {
    let has = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count() == 1;
    steps.len() == 4
        && has(|step| matches!(step, Step::OpenWindow { .. }))
        && has(|step| matches!(step, Step::Clear { .. }))
        && has(|step| matches!(step, Step::Allocate { .. }))
        && has(|step| matches!(step, Step::Settle { .. }))
}

fn instructions(community: &LocalCommunity, steps: &[Step]) -> Vec<Instruction> {
    let steps = steps.iter();
    steps
        .map(|step| step.instruction(&community.addresses, None))
        .collect()
}

/// What the transaction weighs on the wire, with the instruction that asks for compute units.
fn bytes(community: &LocalCommunity, mut instructions: Vec<Instruction>) -> u64 {
    let limit = ComputeBudgetInstruction::set_compute_unit_limit(MAX_COMPUTE_UNITS);
    instructions.insert(0, limit);
    let message = Message::new(&instructions, Some(&community.chain.payer.pubkey()));
    message.serialize().len() as u64 + SIGNATURES
}
