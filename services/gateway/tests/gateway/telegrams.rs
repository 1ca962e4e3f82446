//! Telegrams of the P1 port. They are public examples, with the check sums that their meters gave them.

use joulebook_gateway::adapter::{Reader, TelegramReader, Unreadable};
use joulebook_metering::register::Registers;
use joulebook_units::WhSum;

/// DSMR 5, two tariffs.
const DUTCH: &[&str] = &[
    "/ISk5\\2MT382-1000",
    "",
    "1-3:0.2.8(50)",
    "0-0:1.0.0(170102192002W)",
    "0-0:96.1.1(4B384547303034303436333935353037)",
    "1-0:1.8.1(000004.426*kWh)",
    "1-0:1.8.2(000002.399*kWh)",
    "1-0:2.8.1(000002.444*kWh)",
    "1-0:2.8.2(000000.000*kWh)",
    "0-0:96.14.0(0002)",
    "1-0:1.7.0(00.244*kW)",
    "1-0:2.7.0(00.000*kW)",
    "0-0:96.7.21(00013)",
    "0-0:96.7.9(00000)",
    "1-0:99.97.0(0)(0-0:96.7.19)",
    "1-0:32.32.0(00000)",
    "1-0:52.32.0(00000)",
    "1-0:72.32.0(00000)",
    "1-0:32.36.0(00000)",
    "1-0:52.36.0(00000)",
    "1-0:72.36.0(00000)",
    "0-0:96.13.0()",
    "1-0:32.7.0(0230.0*V)",
    "1-0:52.7.0(0230.0*V)",
    "1-0:72.7.0(0229.0*V)",
    "1-0:31.7.0(0.48*A)",
    "1-0:51.7.0(0.44*A)",
    "1-0:71.7.0(0.86*A)",
    "1-0:21.7.0(00.070*kW)",
    "1-0:41.7.0(00.032*kW)",
    "1-0:61.7.0(00.142*kW)",
    "1-0:22.7.0(00.000*kW)",
    "1-0:42.7.0(00.000*kW)",
    "1-0:62.7.0(00.000*kW)",
    "0-1:24.1.0(003)",
    "0-1:96.1.0(3232323241424344313233343536373839)",
    "0-1:24.2.1(170102161005W)(00000.107*m3)",
    "0-2:24.1.0(003)",
    "0-2:96.1.0()",
    "!6EEE",
];

/// eMUCS 1.7.1, with the peaks of months.
const BELGIAN: &[&str] = &[
    "/FLU5\\253769484_A",
    "",
    "0-0:96.1.4(50217)",
    "0-0:96.1.1(3153414733313031303231363035)",
    "0-0:1.0.0(200512135409S)",
    "1-0:1.8.1(000000.034*kWh)",
    "1-0:1.8.2(000015.758*kWh)",
    "1-0:2.8.1(000000.000*kWh)",
    "1-0:2.8.2(000000.011*kWh)",
    "1-0:1.4.0(02.351*kW)",
    "1-0:1.6.0(200509134558S)(02.589*kW)",
    "0-0:98.1.0(3)(1-0:1.6.0)(1-0:1.6.0)(200501000000S)(200423192538S)(03.695*kW)(200401000000S)(200305122139S)(05.980*kW)(200301000000S)(200210035421W)(04.318*kW)",
    "0-0:96.14.0(0001)",
    "1-0:1.7.0(00.000*kW)",
    "1-0:2.7.0(00.000*kW)",
    "1-0:21.7.0(00.000*kW)",
    "1-0:41.7.0(00.000*kW)",
    "1-0:61.7.0(00.000*kW)",
    "1-0:22.7.0(00.000*kW)",
    "1-0:42.7.0(00.000*kW)",
    "1-0:62.7.0(00.000*kW)",
    "1-0:32.7.0(234.7*V)",
    "1-0:52.7.0(234.7*V)",
    "1-0:72.7.0(234.7*V)",
    "1-0:31.7.0(000.00*A)",
    "1-0:51.7.0(000.00*A)",
    "1-0:71.7.0(000.00*A)",
    "0-0:96.3.10(1)",
    "0-0:17.0.0(999.9*kW)",
    "1-0:31.4.0(999*A)",
    "0-0:96.13.0()",
    "0-1:24.1.0(003)",
    "0-1:96.1.1(37464C4F32313139303333373333)",
    "0-1:24.4.0(1)",
    "0-1:24.2.3(200512134558S)(00112.384*m3)",
    "0-2:24.1.0(007)",
    "0-2:96.1.1(3853414731323334353637383930)",
    "0-2:24.2.1(200512134558S)(00872.234*m3)",
    "!3AD7",
];

fn bytes(lines: &[&str]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| format!("{line}\r\n").into_bytes())
        .collect()
}

fn read(bytes: &[u8]) -> Vec<Result<Registers, Unreadable>> {
    let mut reader = TelegramReader::default();
    bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
}

fn registers(import: u64, export: u64) -> Registers {
    Registers {
        import: WhSum(import),
        export: WhSum(export),
    }
}

#[test]
fn given_telegrams_of_meters_when_read_then_tariffs_are_added_up_to_the_wh() {
    assert_eq!(read(&bytes(DUTCH)), [Ok(registers(6_825, 2_444))]);
    assert_eq!(read(&bytes(BELGIAN)), [Ok(registers(15_792, 11))]);
}

#[test]
fn given_a_stream_that_begins_within_a_telegram_when_read_then_the_whole_ones_count() {
    let (dutch, belgian) = (bytes(DUTCH), bytes(BELGIAN));
    let stream = [&dutch[400..], &dutch, &belgian, &dutch[..100]].concat();
    let found = read(&stream);
    assert_eq!(
        found,
        [Ok(registers(6_825, 2_444)), Ok(registers(15_792, 11))]
    );
}

#[test]
fn given_a_bit_that_fell_over_when_read_then_the_telegram_is_not_used() {
    let good = bytes(DUTCH);
    let at = good.iter().position(|byte| *byte == b'4').expect("a digit");
    for flipped in [at, 200, 500] {
        let mut bent = good.clone();
        bent[flipped] ^= 4;
        assert_eq!(read(&bent), [Err(Unreadable::CheckSum)], "byte {flipped}");
    }
    // The next one is.
    let mut bent = good.clone();
    bent[200] ^= 4;
    let found = read(&[bent, good].concat());
    assert_eq!(found[1], Ok(registers(6_825, 2_444)));
}

#[test]
fn given_what_is_no_telegram_when_read_then_nothing_is_made_of_it() {
    assert_eq!(read(b"1-0:1.8.1(000004.426*kWh)\r\n!6EEE\r\n"), []);
    let endless = [b"/".to_vec(), vec![b'x'; 20_000]].concat();
    assert_eq!(read(&endless), [Err(Unreadable::TooLong)]);
    assert_eq!(read(b"/A\r\n!zzzz"), [Err(Unreadable::CheckSum)]);
    // CRC-16/ARC of what stands before it.
    let told = |lines: &str| {
        let text = format!("/X\r\n{lines}!");
        let sum = crc(text.as_bytes());
        read(format!("{text}{sum:04X}\r\n").as_bytes())
    };
    assert_eq!(told(""), [Err(Unreadable::NoRegister)]);
    for bent in ["-00001.0*kWh", "1e3*kWh", "1.0*m3", "", "1.0.0*kWh"] {
        let line = format!("1-0:1.8.0({bent})\r\n");
        assert_eq!(told(&line), [Err(Unreadable::Malformed)], "{bent}");
    }
    assert_eq!(told("1-0:1.8.0(7.5*kWh)\r\n"), [Ok(registers(7_500, 0))]);
}

/// By a table, as the standard has it; not as the reader computes it.
fn crc(bytes: &[u8]) -> u16 {
    let table: Vec<u16> = (0..256_u16)
        .map(|byte| {
            (0..8).fold(byte, |crc, _| {
                if crc & 1 == 1 {
                    crc >> 1 ^ 0xa001
                } else {
                    crc >> 1
                }
            })
        })
        .collect();
    bytes.iter().fold(0, |crc: u16, byte| {
        crc >> 8 ^ table[usize::from((crc ^ u16::from(*byte)) & 0xff)]
    })
}

proptest::proptest! {
    #[test]
    fn given_any_bytes_when_read_then_nothing_panics(bytes in proptest::collection::vec(0..=255_u8, 0..4_000)) {
        read(&bytes);
        read(&[b"/".as_slice(), &bytes, b"!0000"].concat());
    }
}
