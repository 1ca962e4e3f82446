use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::metered_community::{MeterTableParameters, MeteredCommunity};

use super::refuse_details;

#[test]
fn given_details_that_cannot_be_when_registered_then_each_is_refused_by_name() {
    let mut meters = MeteredCommunity::new();
    let m = &mut meters;
    refuse_details(m, "no key", OracleError::DeviceKeyInvalid, |d| {
        d.device = [0; 32]
    });
    for zone in [2, 16, u8::MAX] {
        refuse_details(m, "zone", OracleError::NoSuchZone, |d| d.zone = zone);
    }
    for kind in [6, u8::MAX] {
        refuse_details(m, "kind", OracleError::AssetKindInvalid, |d| {
            d.asset_kind = kind
        });
    }
    for source in [7, u8::MAX] {
        refuse_details(m, "source", OracleError::SourceInvalid, |d| {
            d.source = source
        });
    }
    for register in [1 << 63, u64::MAX] {
        let reason = OracleError::RegisterInvalid;
        refuse_details(m, "import", reason.clone(), |d| d.import = register);
        refuse_details(m, "export", reason, |d| d.export = register);
    }
}

#[test]
fn given_a_power_that_does_not_fit_a_page_when_registered_then_it_is_refused() {
    // 2^30 - 2 Wh in a page of 20 minutes, of a day, of 288 days.
    for (interval_seconds, page_intervals, highest) in [
        (300, 4, 3_221_225_468),
        (900, 96, 44_739_242),
        (86_400, 288, 155_344),
    ] {
        let mut meters = MeteredCommunity::with(MeterTableParameters {
            interval_seconds,
            page_intervals,
            capacity: 1,
            ..MeterTableParameters::default()
        });
        let reason = OracleError::PowerLimitInvalid;
        for limit in [highest + 1, u32::MAX] {
            refuse_details(&mut meters, "import", reason.clone(), |d| {
                d.max_import = limit
            });
            refuse_details(&mut meters, "export", reason.clone(), |d| {
                d.max_export = limit
            });
        }
        let device = meters.meter_with(|d| (d.max_import, d.max_export) = (highest, highest));
        let record = meters.record(&device);
        assert_eq!((record.max_import, record.max_export), (highest, highest));
    }
}

#[test]
fn given_a_power_cap_when_a_meter_is_registered_then_its_limits_are_not_above_it() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        power_cap: 7,
        ..MeterTableParameters::default()
    });
    let reason = OracleError::PowerLimitInvalid;
    for limits in [(8, 0), (0, 8), (u32::MAX, u32::MAX)] {
        refuse_details(&mut meters, &format!("{limits:?}"), reason.clone(), |d| {
            (d.max_import, d.max_export) = limits
        });
    }
    let device = meters.meter_with(|d| (d.max_import, d.max_export) = (7, 7));
    let record = meters.record(&device);
    assert_eq!((record.max_import, record.max_export), (7, 7));
}

#[test]
fn given_a_clock_at_its_end_when_a_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.communities.chain.set_time(i64::MAX);
    let reason = OracleError::Overflow;
    refuse_details(&mut meters, "no next page", reason, |_| ());
}
