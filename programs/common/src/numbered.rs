//! Events that are numbered: what is missing in a log that was cut short, or is longer than a node keeps, is noticed.
//!
//! An account counts the events about it, and each has its number, from 0 on. Anchor's own `emit!` writes an event
//! without one and is not used, which clippy sees to.

use anchor_lang::{solana_program::log::sol_log_data, Event};
use joulebook_layout::{
    market::{Ledger, Market},
    oracle::MeterTable,
    registry::Community,
};

/// The header of an account that counts events.
pub trait CountsEvents {
    /// How many there were, which is the number of the next.
    fn events(&mut self) -> &mut u64;
}

/// An event that has a number, and the account that counts it: the same for all events of its kind.
pub trait Numbered {
    type CountedBy: CountsEvents;
}

/// The number of an event that is reported now, or the call fails.
#[inline(always)]
pub fn next_number<E: Numbered>(counter: &mut E::CountedBy) -> u64 {
    count(counter.events())
}

/// Counts an event that is reported now, of so many before it; its number.
#[inline(always)]
pub fn count(events: &mut u64) -> u64 {
    let number = *events;
    // There are not so many.
    *events = number.wrapping_add(1);
    number
}

pub fn log(event: &impl Event) {
    sol_log_data(&[&event.data()]);
}

/// Says which account counts which events; `COUNTED` lists them for whoever is not a compiler.
#[macro_export]
macro_rules! counted_by {
    ($($counter:ty: $($event:ident),+;)+) => {
        $($(
            impl $crate::numbered::Numbered for $event {
                type CountedBy = $counter;
            }
        )+)+

        pub const COUNTED: &[(&str, &[&str])] = &[
            $((stringify!($counter), &[$(stringify!($event)),+])),+
        ];
    };
}

/// Reports an event of which the account that counts it gives the number: the header of that account, and the event without
/// its number.
#[macro_export]
macro_rules! emit_numbered {
    ($counter:expr, $event:ident { $($fields:tt)* }) => {{
        let number = $crate::numbered::next_number::<$event>($counter);
        $crate::numbered::log(&$event { number, $($fields)* });
    }};
}

/// Reports an event without a number: its comment says why it needs none.
#[macro_export]
macro_rules! emit_unnumbered {
    ($event:expr) => {
        $crate::numbered::log(&$event)
    };
}

macro_rules! counts {
    ($($header:ident),*) => {
        $(impl CountsEvents for $header {
            #[inline(always)]
            fn events(&mut self) -> &mut u64 {
                &mut self.events
            }
        })*
    };
}

counts!(Community, MeterTable, Market, Ledger);
