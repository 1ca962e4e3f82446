//! SML transmissions, as meters have sent them (devZer0's collection libsml-testing).

use joulebook_gateway::adapter::{Reader, SmlReader, Unreadable};
use joulebook_metering::register::Registers;
use joulebook_units::WhSum;

/// DZG DVS-7412.2: both ways, tenths of a Wh.
const BOTH_WAYS: &str = concat!(
    "1B1B1B1B010101017605F12CAD07620062007263010176010102310B0A01445A47000282225E7262016505E748D7620263955C00",
    "7605F22CAD07620062007263070177010B0A01445A47000282225E070100620AFFFF7262016505E748D775770701006032010101",
    "72620162006200520004445A470177070100600100FF017262016200620052000B0A01445A47000282225E0177070100010800FF",
    "641C01047262016200621E52FF65033C93890177070100020800FF017262016200621E52FF650FA49A9E0177070100100700FF01",
    "7262016200621B52FE538B28010101636B99007605F32CAD076200620072630201710163D90C00001B1B1B1B1A01C3E1"
);
/// ITRON OpenWay 3.HZ: drawn alone.
const ONE_WAY: &str = concat!(
    "1B1B1B1B010101017609E4060000099987D96200620072650000010176010109000000000333342C0B0A01495452000348F58E72",
    "620165033336980163C6A3007609E4060000099987DA6200620072650000070177010B0A01495452000348F58E070100620AFFFF",
    "726201650333369874770701006032010101010101044954520177070100600100FF010101010B0A01495452000348F58E017707",
    "0100010800FF65001C010401621E52FF690000000004E1A20D0177070100100700FF0101621B5200550000026501010163DD6400",
    "7609E4060000099987DB62006200726500000201710163419A0000001B1B1B1B1A02EB0F"
);

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("a byte"))
        .collect()
}

fn read(bytes: &[u8]) -> Vec<Result<Registers, Unreadable>> {
    let mut reader = SmlReader::default();
    bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
}

fn registers(import: u64, export: u64) -> Registers {
    Registers {
        import: WhSum(import),
        export: WhSum(export),
    }
}

#[test]
fn given_transmissions_of_meters_when_read_then_registers_are_whole_wh() {
    // 0x033c9389 and 0x0fa49a9e tenths.
    let both = Ok(registers(5_430_157, 26_244_572));
    // 0x04e1a20d tenths.
    let one = Ok(registers(8_189_594, 0));
    let stream = [&bytes(BOTH_WAYS)[100..], &bytes(BOTH_WAYS), &bytes(ONE_WAY)].concat();
    assert_eq!(read(&stream), [both, one]);
}

#[test]
fn given_a_bit_that_fell_over_when_read_then_the_transmission_is_not_used_and_the_next_one_is() {
    let mut bent = bytes(BOTH_WAYS);
    bent[165] ^= 1;
    let found = read(&[bent, bytes(ONE_WAY)].concat());
    assert_eq!(found[0], Err(Unreadable::CheckSum));
    assert_eq!(found.last(), Some(&Ok(registers(8_189_594, 0))));
}

proptest::proptest! {
    #[test]
    fn given_any_bytes_when_read_then_nothing_panics(
        bytes in proptest::collection::vec(0..=255_u8, 0..2_000),
        at in 0..250_usize,
        flip in 1..=255_u8,
    ) {
        read(&bytes);
        let mut bent = self::bytes(BOTH_WAYS);
        bent[at] ^= flip;
        read(&bent);
        read(&[[0x1b, 0x1b, 0x1b, 0x1b, 1, 1, 1, 1].as_slice(), &bytes].concat());
    }
}
