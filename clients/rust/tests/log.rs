//! Events in a log count only in the frame of the program that they belong to.

use anchor_lang::Discriminator;
use base64::{engine::general_purpose::STANDARD, Engine};
use joulebook_client::{
    events::{events, Event},
    market::{
        events::MarketEvent,
        types::{MarketClosed, PageFinished},
        MARKET_ID,
    },
    oracle::{events::OracleEvent, types as oracle_types, ORACLE_ID},
};
use solana_address::Address;

const STRANGER: Address = Address::new_from_array([7; 32]);

fn data() -> String {
    let bytes = [
        market::events::MarketClosed::DISCRIMINATOR,
        &[1; 32],
        &[0; 8],
    ]
    .concat();
    format!("Program data: {}", STANDARD.encode(bytes))
}

fn closed() -> Event {
    Event::Market(MarketEvent::MarketClosed(MarketClosed {
        market: Address::new_from_array([1; 32]),
        number: 0,
    }))
}

fn found(lines: &[&str]) -> Vec<Event> {
    let lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
    events(&lines)
}

#[test]
fn given_an_event_in_its_programs_frame_when_read_then_it_counts() {
    let invoke = format!("Program {MARKET_ID} invoke [1]");
    assert_eq!(found(&[&invoke, &data()]), [closed()]);
    // After a program that it called has ended, too.
    let (call, end) = (
        format!("Program {ORACLE_ID} invoke [2]"),
        format!("Program {ORACLE_ID} success"),
    );
    assert_eq!(found(&[&invoke, &call, &end, &data()]), [closed()]);
}

#[test]
fn given_events_of_one_name_in_two_programs_when_read_then_each_is_its_programs() {
    let start = 1_793_577_600i64.to_le_bytes();
    let account = [1; 32];
    let line = |bytes: Vec<u8>| format!("Program data: {}", STANDARD.encode(bytes));
    let finished = |name: &[u8]| line([name, &account, &[0; 8], &start].concat());
    let ours = finished(market::events::PageFinished::DISCRIMINATOR);
    let theirs = finished(oracle::events::PageFinished::DISCRIMINATOR);
    assert_eq!(ours, theirs);
    let found = found(&[
        &format!("Program {MARKET_ID} invoke [1]"),
        &format!("Program {ORACLE_ID} invoke [2]"),
        &theirs,
        &format!("Program {ORACLE_ID} success"),
        &ours,
    ]);
    assert_eq!(
        found,
        [
            Event::Oracle(OracleEvent::PageFinished(oracle_types::PageFinished {
                meter_table: account.into(),
                number: 0,
                start: 1_793_577_600,
            })),
            Event::Market(MarketEvent::PageFinished(PageFinished {
                market: account.into(),
                number: 0,
                page: 1_793_577_600,
            })),
        ]
    );
}

#[test]
fn given_an_event_in_another_frame_when_read_then_it_means_nothing() {
    let invoke = format!("Program {MARKET_ID} invoke [1]");
    let stranger = format!("Program {STRANGER} invoke [1]");
    let calls = format!("Program {MARKET_ID} invoke [2]");
    let failed = format!("Program {MARKET_ID} failed: custom program error: 0x1838");
    for lines in [
        vec![data()],
        vec![stranger.clone(), data()],
        vec![
            invoke.clone(),
            format!("Program {STRANGER} invoke [2]"),
            data(),
        ],
        vec![
            invoke.clone(),
            format!("Program {ORACLE_ID} invoke [2]"),
            data(),
        ],
        vec![
            invoke.clone(),
            format!("Program {MARKET_ID} success"),
            data(),
        ],
        vec![stranger, calls, failed, data()],
    ] {
        assert_eq!(events(&lines), [], "{lines:?}");
    }
}

#[test]
fn given_lines_that_only_look_like_a_frame_or_an_event_when_read_then_they_are_text() {
    let stranger = format!("Program {STRANGER} invoke [1]");
    let forged = format!("Program log: x\nProgram {MARKET_ID} invoke [2]");
    let log = format!("Program log: Program {MARKET_ID} invoke [2]");
    for line in [
        forged.as_str(),
        &log,
        "Program invoke [1]",
        "Program",
        "Program  success",
        "Log truncated",
    ] {
        assert_eq!(found(&[&stranger, line, &data()]), [], "{line}");
    }
    let invoke = format!("Program {MARKET_ID} invoke [1]");
    for line in [
        "Program data: not base64!",
        "Program data: AAAAAAAAAAA=",
        "Program data: ",
    ] {
        assert_eq!(found(&[&invoke, line]), [], "{line}");
    }
    assert_eq!(found(&[]), []);
}
