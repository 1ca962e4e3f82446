use joulebook_layout::market::{LimitKind, QuantityKind, Side, StandingRule};
use joulebook_units::UnixTime;

/// 2026-11-27 00:00 UTC, a Friday.
pub const NOW: UnixTime = UnixTime(1_795_737_600);

/// Buys 100 Wh at up to 200,000 atoms per kWh in every window.
pub fn rule() -> StandingRule {
    StandingRule {
        valid_until: i64::MAX,
        half_hours: (1 << 48) - 1,
        lock_cap: u64::MAX,
        unit_lock_cap: i32::MAX,
        energy_cap: u64::MAX,
        limit: 200_000,
        quantity: 100,
        client_id: 7,
        side: Side::Buy as u8,
        node: 0,
        limit_kind: LimitKind::Fixed as u8,
        quantity_kind: QuantityKind::Fixed as u8,
        weekdays: 0b0111_1111,
        reserved: [0; 5],
        profile: [0; 48],
    }
}
