//! Meters, and what they moved.

use super::table::row;

row! {
    /// The meter that has a row of the meter table now.
    MeterRow in meters by [meter] {
        /// Its row in the meter table.
        meter: i64,
        /// Given once.
        number: i64,
        seat: i64,
        /// `active`, `quarantined` or `retired`.
        state: String,
        /// What it measures.
        asset: String,
        /// Where what it exports comes from.
        source: String,
        zone: i64,
        service_from: i64,
        /// None while it is in service.
        service_until: Option<i64>,
        /// W.
        max_import: i64,
        /// W.
        max_export: i64,
        /// Its device's public key, as base58.
        device: String,
    }
}

row! {
    /// What a meter moved in an interval.
    ReadingRow in readings by [meter, start] {
        /// Its row in the meter table.
        meter: i64,
        start: i64,
        /// The meter's number, which is given once.
        number: i64,
        /// Wh.
        import: i64,
        /// Wh.
        export: i64,
        /// `missing`, `gap`, `measured` or `replaced`.
        quality: String,
    }
}
