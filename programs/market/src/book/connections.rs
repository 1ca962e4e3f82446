use joulebook_layout::{
    market::{BookSeat, Page},
    oracle::Meter,
};
use joulebook_units::{Seconds, Watts};

/// Gives every seat of a new book what it may buy and sell: what the connections of its meters that are in service can carry in
/// a window. A seat without one may order nothing. What is beyond 32 bits counts as the most that they hold.
pub fn connect(seats: &mut [BookSeat], meters: &[Meter], page: &Page) {
    for meter in meters.iter().filter(|meter| meter.serves(page.start)) {
        if let Some(seat) = seats.get_mut(usize::from(meter.participant)) {
            let [import, export] = meter.limits_at(page.start);
            seat.may_buy = seat.may_buy.saturating_add(import);
            seat.may_sell = seat.may_sell.saturating_add(export);
        }
    }
    let length = Seconds(page.window_seconds.into());
    // The sums are of watts until here.
    for seat in seats {
        for watts in [&mut seat.may_buy, &mut seat.may_sell] {
            if *watts > 0 {
                let energy = Watts(*watts).over(length).0;
                *watts = u32::try_from(energy).unwrap_or(u32::MAX);
            }
        }
    }
}
