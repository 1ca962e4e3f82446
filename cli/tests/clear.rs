//! `joulebook clear`, as a user runs it.

mod described;

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::{json, Value};

fn joulebook(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_joulebook"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A command that refuses its arguments does not wait for its input.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("ends")
}

fn clear(book: &str) -> Value {
    let output = joulebook(&["clear", "--book", "-"], book.as_bytes());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{book}: {errors}");
    let outcome = serde_json::from_slice(&output.stdout).expect("JSON");
    described::check("clear", &outcome);
    outcome
}

/// What was said, wherever its lines end.
fn unwrapped(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks that `book` is refused, and returns why.
fn refusal(book: &[u8]) -> String {
    let output = joulebook(&["clear", "--book", "-"], book);
    let errors = unwrapped(&output.stderr);
    let shown = String::from_utf8_lossy(book)
        .chars()
        .take(80)
        .collect::<String>();
    assert_eq!(output.status.code(), Some(2), "{shown}: {errors}");
    assert!(output.stdout.is_empty(), "{shown}");
    assert!(errors.starts_with("error: "), "{shown}: {errors}");
    assert!(!errors.contains("panicked"), "{shown}: {errors}");
    errors
}

#[test]
fn prints_price_and_fills() {
    let outcome = clear(
        r#"{"bids":[{"price":10,"qty":5},{"price":8,"qty":5}],
            "offers":[{"price":2,"qty":5},{"price":9,"qty":5}]}"#,
    );
    let expected = json!({
        "volume": 5, "price": 8, "price_lo": 8, "price_hi": 9, "welfare": 40,
        "fills": {"bids": [5, 0], "offers": [5, 0]},
    });
    assert_eq!(outcome, expected);
}

#[test]
fn the_long_side_shares_pro_rata() {
    let outcome = clear(
        r#"{"bids":[{"price":5,"qty":10}],
            "offers":[{"price":5,"qty":10},{"price":5,"qty":20},{"price":5,"qty":10}]}"#,
    );
    assert_eq!(outcome["fills"]["offers"], json!([2, 5, 3]));
}

#[test]
fn prices_below_zero_are_rounded_down_too() {
    let outcome = clear(r#"{"bids":[{"price":-4,"qty":1}],"offers":[{"price":-7,"qty":1}]}"#);
    assert_eq!(outcome["price"], -6);
    assert_eq!(outcome["welfare"], 3);
}

#[test]
fn no_trade_has_no_price() {
    for book in [
        r#"{"bids":[],"offers":[]}"#,
        r#"{"bids":[{"price":1,"qty":1}],"offers":[]}"#,
        r#"{"bids":[],"offers":[{"price":1,"qty":1}]}"#,
        r#"{"bids":[{"price":1,"qty":1}],"offers":[{"price":2,"qty":1}]}"#,
    ] {
        let outcome = clear(book);
        assert_eq!(outcome["volume"], 0, "{book}");
        assert_eq!(outcome["welfare"], 0, "{book}");
        for price in ["price", "price_lo", "price_hi"] {
            assert!(outcome[price].is_null(), "{book}");
        }
        let fills = outcome["fills"].to_string();
        assert!(!fills.contains('1'), "{fills}");
    }
}

#[test]
fn the_largest_numbers_fit() {
    let bid = r#"{"price":9223372036854775807,"qty":4294967295}"#;
    let offer = r#"{"price":-9223372036854775808,"qty":4294967295}"#;
    let outcome = joulebook(
        &["clear", "--book", "-"],
        format!(r#"{{"bids":[{bid},{bid}],"offers":[{offer}]}}"#).as_bytes(),
    );
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    assert!(
        text.contains(r#""welfare":79228162495817593515539431425"#),
        "{text}"
    );
}

fn on_chain(book: &str) -> Value {
    let output = joulebook(&["clear", "--on-chain", "--book", "-"], book.as_bytes());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A book of `count` orders on both sides, over `prices` prices, of up to `largest` Wh.
fn scattered(count: u64, prices: u64, largest: u64) -> String {
    let order = |i: u64| {
        let (price, qty) = (i * 7919 % prices, 1 + i * 2_654_435_761 % largest);
        format!(r#"{{"price":{},"qty":{qty}}}"#, price as i64 - 500)
    };
    let side = |first: u64| {
        (first..count)
            .step_by(2)
            .map(order)
            .collect::<Vec<_>>()
            .join(",")
    };
    format!(r#"{{"bids":[{}],"offers":[{}]}}"#, side(0), side(1))
}

#[test]
fn the_program_holds_books_of_every_size() {
    for (count, prices, largest) in [
        (0, 1, 1),
        (2, 1, u64::from(u32::MAX)),
        (300, 8192, u64::from(u32::MAX)),
        (257, 3, 10),
        (16_384, 8192, 1_000_000),
    ] {
        let book = scattered(count, prices, largest);
        let mut outcome = on_chain(&book);
        let fields = outcome.as_object_mut().expect("an object");
        let units = fields.remove("compute_units").expect("compute units");
        assert!(units.as_u64() > Some(0));
        assert_eq!(outcome, clear(&book), "{count} orders");
    }
}

#[test]
fn books_larger_than_a_market_are_refused() {
    let book = scattered(16_385, 100, 10);
    assert!(clear(&book)["price_lo"].is_i64());
    let output = joulebook(&["clear", "--on-chain", "--book", "-"], book.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let errors = unwrapped(&output.stderr);
    assert!(
        errors.contains("16385 orders") && errors.contains("leave some out"),
        "{errors}"
    );
}

#[test]
fn as_many_prices_as_ticks_and_no_more() {
    let book = |count: usize| {
        let bids: Vec<String> = (0..count)
            .map(|price| format!(r#"{{"price":{},"qty":1}}"#, price as i64 * 1_000_003 - 5))
            .collect();
        format!(
            r#"{{"bids":[{}],"offers":[{{"price":-5,"qty":3}}]}}"#,
            bids.join(",")
        )
    };
    assert_eq!(clear(&book(8192))["volume"], 3);
    assert!(refusal(book(8193).as_bytes()).contains("8193 distinct prices"));
}

#[test]
fn broken_books_are_refused_with_the_place_and_the_reason() {
    let says = |book: &str, parts: &[&str]| {
        let errors = refusal(book.as_bytes());
        for part in parts {
            assert!(errors.contains(part), "{book}: {errors}");
        }
    };
    let bid = |bid: &str| format!(r#"{{"bids":[{{"price":1,"qty":1}},{bid}],"offers":[]}}"#);
    says("", &["standard input", "not JSON"]);
    says("{\"bids\":", &["not JSON"]);
    says("[]", &["a book is"]);
    says("null", &["a book is"]);
    says("{}", &["missing field `bids`"]);
    says(r#"{"cases":[]}"#, &["missing field `bids`", "a book is"]);
    says(r#"{"bids":[]}"#, &["missing field `offers`"]);
    says(r#"{"bids":{},"offers":[]}"#, &["bids: "]);
    says(
        r#"{"bids":[],"offers":[],"offers":[]}"#,
        &["duplicate field"],
    );
    says(
        &bid(r#"{"price":1,"qty":0}"#),
        &["bids[1].qty", "0 is no quantity", "from 1 to 4294967295"],
    );
    says(
        &bid(r#"{"price":1,"qty":-3}"#),
        &["bids[1].qty", "-3 is no quantity"],
    );
    says(
        &bid(r#"{"price":1,"qty":4294967296}"#),
        &["bids[1].qty", "4294967296"],
    );
    says(
        &bid(r#"{"price":1,"qty":2.5}"#),
        &["bids[1].qty", "2.5", "whole number"],
    );
    says(
        &bid(r#"{"price":1.5,"qty":2}"#),
        &["bids[1].price", "1.5", "whole number"],
    );
    says(
        &bid(r#"{"price":9223372036854775808,"qty":2}"#),
        &["bids[1].price", "too large"],
    );
    says(
        &bid(r#"{"price":-9223372036854775809,"qty":2}"#),
        &["bids[1].price", "64 bits"],
    );
    says(
        &bid(r#"{"price":"1","qty":2}"#),
        &["bids[1].price", "string"],
    );
    says(
        &bid(r#"{"price":null,"qty":2}"#),
        &["bids[1].price", "null"],
    );
    says(
        &bid(r#"{"price":1,"qty":true}"#),
        &["bids[1].qty", "boolean"],
    );
    says(&bid(r#"{"price":1}"#), &["bids[1]", "missing field `qty`"]);
    says(
        &bid(r#"{"price":1,"price":2,"qty":1}"#),
        &["bids[1]", "duplicate field"],
    );
    says(&bid("7"), &["bids[1]"]);
    says(&bid(r#"{"price":NaN,"qty":1}"#), &["not JSON"]);
    says(&bid(r#"{"price":1e999,"qty":1}"#), &["error: "]);
}

/// A small input that misled; `None` where they are not at hand.
fn input(name: &str) -> Option<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases/inputs/");
    let path = format!("{folder}{name}");
    if !std::path::Path::new(&path).exists() {
        eprintln!("left out: {path} is not there");
        return None;
    }
    Some(path)
}

#[test]
fn given_whole_numbers_as_floats_when_cleared_then_volume_and_price_are_those_of_whole_ones() {
    let book = |price, qty| {
        format!(
            r#"{{"bids":[{{"price":{price},"qty":{qty}}}],"offers":[{{"price":-0,"qty":800}}]}}"#
        )
    };
    for (price, qty) in [("30", "500"), ("30.0", "500.0"), ("3e1", "5e2")] {
        let outcome = clear(&book(price, qty));
        assert_eq!(
            (outcome["volume"].as_u64(), outcome["price"].as_i64()),
            (Some(500), Some(0))
        );
    }
    for name in ["book-whole-floats.json", "book-exponent.json"] {
        let Some(path) = input(name) else { return };
        let output = joulebook(&["clear", "--book", &path], b"");
        let outcome: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(
            (outcome["volume"].as_u64(), outcome["price"].as_i64()),
            (Some(500), Some(10)),
            "{name}"
        );
    }
}

#[test]
fn given_true_fractions_when_cleared_then_the_place_and_the_way_out_are_named() {
    let Some(path) = input("book-floats.json") else {
        return;
    };
    let refused = joulebook(&["clear", "--book", &path], b"");
    let errors = unwrapped(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2));
    for part in ["bids[0].price: 3.5", "--price-scale 10 "] {
        assert!(errors.contains(part), "{errors}");
    }
    let output = joulebook(&["clear", "--book", &path, "--price-scale", "10"], b"");
    let outcome: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(outcome["volume"], 3);
    // Bids of 3.5 and 2.5 and one of two at 1 meet offers at 1.
    assert_eq!(outcome["welfare"], 4.0);
}

#[test]
fn given_prices_with_decimals_when_cleared_then_all_their_digits_are_printed() {
    let book = "side,price,quantity\nbuy,0.31,500\nsell,0.10,800\nsell,-0.05,100\n";
    let output = joulebook(
        &["clear", "--book", "-", "--price-scale", "100"],
        book.as_bytes(),
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // 500 at 0.31 less 400 at 0.10 and 100 at −0.05.
    let expected = r#"{"volume":500,"price":0.1,"price_lo":0.1,"price_hi":0.1,"welfare":120,"fills":{"bids":[500],"offers":[400,100]}}"#;
    assert_eq!(
        text.trim_end(),
        expected,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn bytes_of_any_kind_do_no_harm() {
    refusal(b"\xff\xfe\x00");
    refusal(&[0; 1000]);
    refusal("[".repeat(200_000).as_bytes());
    refusal(format!(r#"{{"x":{}"#, "[".repeat(200_000)).as_bytes());
    refusal(br#"{"bids":[],"offers":[]}{"bids":[],"offers":[]}"#);
}

#[test]
fn files_that_can_not_be_read_are_named() {
    for path in ["/no/such/book.json", env!("CARGO_MANIFEST_DIR")] {
        let output = joulebook(&["clear", "--book", path], b"");
        assert_eq!(output.status.code(), Some(2));
        let errors = unwrapped(&output.stderr);
        assert!(
            errors.contains(path) && errors.contains("can't be read"),
            "{errors}"
        );
    }
}

#[test]
fn arguments_that_make_no_sense_end_with_exit_code_2() {
    for args in [
        &["clear"][..],
        &["clear", "--book"],
        &["clear", "--book", "a", "--book", "b"],
        &["clear", "--no-such-option", "--book", "a"],
        &["no-such-command"],
        &[],
    ] {
        let output = joulebook(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn help_and_version_are_there() {
    for args in [
        &["--help"][..],
        &["clear", "--help"],
        &["--version"],
        &["-V"],
    ] {
        let output = joulebook(args, b"");
        assert!(output.status.success(), "{args:?}");
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
    let help = joulebook(&["--help"], b"").stdout;
    assert!(String::from_utf8_lossy(&help).contains("local energy market"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_joulebook"))
        .args(["clear", "--book", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(br#"{"bids":[],"offers":[]}"#)
        .expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("ends");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.stderr.is_empty());
}
