//! The first market: it ends before anybody trades in it, and leaves its meters to the second one.

use joulebook_client::{instructions::SYSTEM_PROGRAM, ring::next_page_start};
use joulebook_sim::{Failure, LocalCommunity};
use solana_signer::Signer;

use super::{parameters, send};

pub fn first_market(community: &mut LocalCommunity) -> Result<(), Failure> {
    community.fund_supplier(1_000_000)?;
    community.end_market()?;
    let release = community.addresses.release_meter_table();
    send(community, release)?;
    page_that_nobody_settles(community)?;

    // Somebody who is no market, and gives it up.
    let (at, authority) = (community.addresses.clone(), community.authority.pubkey());
    let caretaker = community.grid_operator.address();
    send(
        community,
        at.set_settlement(authority, SYSTEM_PROGRAM, caretaker),
    )?;
    let release = joulebook_client::oracle::instructions::ReleaseSettlement {
        settlement: caretaker,
        meter_table: at.meter_table,
    };
    send(community, release.instruction())?;

    community.parameters = parameters(1);
    let rings = community.parameters.rings();
    let next = joulebook_sim::Addresses::new(at.community, at.quote_mint, at.token_program, rings);
    send(
        community,
        at.set_settlement(authority, SYSTEM_PROGRAM, next.market),
    )?;
    community.create_market()?;
    for operator in [&community.supplier, &community.grid_operator] {
        let open = community.seat_of(operator);
        community.chain.send(&[open], &[])?;
    }
    Ok(())
}

/// Anybody may open the oracle's page while the meters are nobody's.
fn page_that_nobody_settles(community: &mut LocalCommunity) -> Result<(), Failure> {
    let table = community.meters().header;
    let start = next_page_start(&table, community.chain.now()).expect("times are small");
    community.pass_until(start);
    let anybody = community.grid_operator.address();
    let open = community.addresses.open_interval_page(anybody, start);
    send(community, open)?;
    let until = community.interval_page(start).header.corrections_until;
    community.pass_until(until);
    let finish = community.addresses.finish_interval_page(start, 5);
    send(community, finish)?;
    Ok(())
}
