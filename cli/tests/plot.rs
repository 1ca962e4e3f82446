//! The pictures that `joulebook simulate --plot` draws, as text.

use std::fs;

use joulebook_cli::{
    output_files::OutputFiles,
    plot::{write, FILES},
};
use joulebook_profiles::Energy;
use joulebook_settlement::Terms;
use joulebook_sim::simulation::{
    CommunityEnergy, Settled, SettledPosition, SettledWindow, DEFAULT_TERMS,
};
use joulebook_units::{Price, Seconds, UnixTime, WhSum};

const JUNE: i64 = 1_717_200_000;

/// Households of which the first sells to all others in each window but the first.
fn settled(names: Vec<String>, length: i64, windows: i64) -> Settled {
    let buyers = names.len().saturating_sub(1) as u32;
    let mut settled = Settled::new(Seconds(length), DEFAULT_TERMS, names);
    for number in 0..windows {
        let traded = if number == 0 { 0 } else { 100 };
        let all = 100 * buyers;
        let seller = SettledPosition::new(0, traded * buyers, 0, all);
        let consumed = Energy::of_watts(i64::from(all), Seconds(3600));
        let window = SettledWindow {
            start: UnixTime(JUNE + number * length),
            price: (number > 0 && buyers > 0).then_some(Price(150_000 + number as i32)),
            traded: WhSum((traded * buyers).into()),
            energy: CommunityEnergy {
                consumed,
                produced: consumed,
                own: consumed,
            },
            imported: WhSum(all.into()),
            exported: WhSum(all.into()),
            ..SettledWindow::default()
        };
        let others = (0..buyers).map(|_| SettledPosition::new(traded, 0, 100, 0));
        settled.push(window, [seller].into_iter().chain(others));
    }
    settled
}

fn houses(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("house{number}")).collect()
}

/// Price, volume, self-sufficiency, bills.
fn pictures(settled: &Settled) -> [String; 4] {
    let dir = tempfile::tempdir().expect("a folder");
    let files = OutputFiles::default();
    let folder = files.folder(dir.path(), &FILES, false).expect("prepared");
    write(&folder, settled).expect("drawn");
    files.publish().expect("moved");
    FILES.map(|name| fs::read_to_string(dir.path().join(name)).expect("is there"))
}

#[test]
fn given_communities_and_runs_of_any_size_when_drawn_then_every_place_is_a_number() {
    for (households, length, windows) in [
        (2, 300, 3 * 288),
        (1, 900, 1),
        (1000, 900, 96),
        (15, 900, 2880),
        (2, 86_400, 400),
        (3, 2700, 40),
    ] {
        let settled = settled(houses(households), length, windows);
        for (name, picture) in FILES.iter().zip(pictures(&settled)) {
            let what = format!("{name} of {households} households, {windows} x {length} s");
            assert!(picture.trim_end().ends_with("</svg>"), "{what}");
            for wrong in ["NaN", "inf", "-214748364"] {
                assert!(!picture.contains(wrong), "{wrong} in {what}");
            }
        }
    }
}

#[test]
fn given_a_run_when_drawn_then_each_picture_says_what_it_shows_and_in_which_unit() {
    let [price, volume, share, bills] = pictures(&settled(houses(3), 900, 96));
    let check = |picture: &str, parts: &[&str]| {
        for part in parts {
            assert!(picture.contains(part), "{part}: {picture}");
        }
    };
    check(
        &price,
        &[
            "Clearing price",
            "tokens per kWh",
            "highest bid",
            "feed-in tariff",
            "UTC",
            "2024-06-01",
        ],
    );
    check(
        &volume,
        &[
            "Energy traded",
            "kWh per hour",
            "delivered of it",
            "drawn and fed in at the same time",
        ],
    );
    check(&share, &["own panels", "100 %", "each hour"]);
    check(
        &bills,
        &[
            "in tokens",
            "house0",
            "house2",
            "saving",
            "with the supplier alone",
        ],
    );
}

#[test]
fn given_a_run_without_trade_when_drawn_then_pictures_say_so_and_have_no_endless_zeros() {
    for households in [1, 12, 100] {
        let mut idle = Settled::new(Seconds(3600), Terms::default(), houses(households));
        for hour in 0..24 {
            let window = SettledWindow {
                start: UnixTime(JUNE + hour * 3600),
                imported: WhSum(100),
                ..SettledWindow::default()
            };
            idle.push(window, []);
        }
        let [price, volume, _, bills] = pictures(&idle);
        for picture in [&price, &volume] {
            assert!(picture.contains("nothing was traded"), "{picture}");
        }
        assert!(!bills.contains("0.0000"), "{bills}");
        let sentence = match households {
            1 => "0 of 1 household save, together 0 tokens",
            12 => "0 of 12 households save, together 0 tokens",
            _ => "every household pays the same",
        };
        assert!(bills.contains(sentence), "{sentence}: {bills}");
    }
    let [price, volume, ..] = pictures(&settled(houses(3), 900, 96));
    assert!(!price.contains("nothing was") && !volume.contains("nothing was"));
}

#[test]
fn given_a_month_when_drawn_then_prices_are_by_the_hour_and_volumes_by_the_day() {
    let [price, volume, ..] = pictures(&settled(houses(3), 900, 2880));
    assert!(price.contains("by the hour of the day"), "{price}");
    assert!(volume.contains("kWh per day"), "{volume}");
}

#[test]
fn given_names_of_any_script_and_length_when_drawn_then_they_are_text_and_fit() {
    let names = [
        "<b>&\"x\"</b>",
        "太陽光発電所",
        "Zoë\u{202e}",
        &"long ".repeat(40),
    ];
    let [.., bills] = pictures(&settled(names.map(str::to_owned).to_vec(), 900, 8));
    for part in ["&lt;b&gt;&amp;", "太陽光発電所", "Zoë\\u{202e}", "long…"] {
        assert!(bills.contains(part), "{part}: {bills}");
    }
    assert!(!bills.contains("<b>") && !bills.contains('\u{202e}'));
}

/// Where a text is anchored, from the left.
fn left_of(picture: &str, words: &str) -> i32 {
    let mut texts = picture.split("<text x=\"");
    let text = texts.find(|text| text.contains(&format!("\n{words}\n")));
    let left = text.and_then(|text| text.split('"').next());
    left.expect("is there").parse().expect("a number")
}

#[test]
fn given_any_number_of_households_when_drawn_then_no_name_touches_the_axis() {
    for households in [1, 2, 12] {
        // A tenth of a kWh each hour at 0.3 tokens: the axis begins at zero.
        let mut drawing = Settled::new(Seconds(3600), DEFAULT_TERMS, houses(households));
        let position = SettledPosition::new(0, 0, 100, 0);
        drawing.push(SettledWindow::default(), vec![position; households]);
        let [.., bills] = pictures(&drawing);
        let axis = left_of(&bills, "0.000");
        let name = left_of(&bills, "house0");
        assert!(axis - name >= 8, "{name}, {axis}: {bills}");
    }
}

#[test]
fn given_many_households_when_drawn_then_they_are_counted_by_their_saving() {
    let [.., few] = pictures(&settled(houses(50), 900, 4));
    let [.., many] = pictures(&settled(houses(51), 900, 4));
    assert!(few.contains("house49"));
    assert!(
        !many.contains("house1") && many.contains("households"),
        "{many}"
    );
    assert!(many.contains("51 of 51 households save"), "{many}");
}
