//! SML, which meters in Germany send over their optical port (BSI TR-03109-1, annex IV).

use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use rust_decimal::Decimal;
use sml_rs::{
    parser::{
        common::{ListEntry, Value},
        complete::{parse, MessageBody},
    },
    transport::Decoder,
    util::ArrayBuf,
};

use super::{energy::whole_wh, Reader, Unit, Unreadable};

/// Bytes of a transmission at most.
const LONGEST: usize = 8 * 1024;
/// OBIS 1-0:1.8.0*255 and 1-0:2.8.0*255.
const IMPORT: [u8; 6] = [1, 0, 1, 8, 0, 255];
const EXPORT: [u8; 6] = [1, 0, 2, 8, 0, 255];
/// Wh in the list of units of DLMS.
const WH: u8 = 30;

/// Finds transmissions in a stream.
pub struct SmlReader(Decoder<ArrayBuf<LONGEST>>);

impl Default for SmlReader {
    fn default() -> SmlReader {
        SmlReader(Decoder::new())
    }
}

impl Reader for SmlReader {
    fn push(&mut self, byte: u8) -> Option<Result<Registers, Unreadable>> {
        use sml_rs::transport::DecodeErr;
        match self.0.push_byte(byte) {
            Ok(None) => None,
            Ok(Some(transmission)) => Some(read(transmission)),
            // Whoever begins to listen hears the end of one first.
            Err(DecodeErr::DiscardedBytes(_)) => None,
            Err(DecodeErr::InvalidMessage { .. }) => Some(Err(Unreadable::CheckSum)),
            Err(DecodeErr::OutOfMemory) => Some(Err(Unreadable::TooLong)),
            Err(_) => Some(Err(Unreadable::Malformed)),
        }
    }
}

fn read(transmission: &[u8]) -> Result<Registers, Unreadable> {
    let file = parse(transmission).map_err(|_| Unreadable::Malformed)?;
    let lists = file
        .messages
        .iter()
        .filter_map(|message| match &message.message_body {
            MessageBody::GetListResponse(list) => Some(&list.val_list),
            _ => None,
        });
    let mut entries = lists.flatten();
    let mut registers = [None, None];
    for entry in &mut entries {
        let place = match entry.obj_name {
            name if name == IMPORT => 0,
            name if name == EXPORT => 1,
            _ => continue,
        };
        if let Some(register) = registers.get_mut(place) {
            *register = Some(wh(entry).ok_or(Unreadable::Malformed)?);
        }
    }
    let [import, export] = registers;
    Ok(Registers {
        import: WhSum(import.ok_or(Unreadable::NoRegister)?),
        // A meter that has no such register feeds nothing in.
        export: WhSum(export.unwrap_or(0)),
    })
}

/// `None` if it is no energy.
fn wh(entry: &ListEntry) -> Option<u64> {
    let number: i128 = match entry.value {
        Value::I8(number) => number.into(),
        Value::I16(number) => number.into(),
        Value::I32(number) => number.into(),
        Value::I64(number) => number.into(),
        Value::U8(number) => number.into(),
        Value::U16(number) => number.into(),
        Value::U32(number) => number.into(),
        Value::U64(number) => number.into(),
        _ => return None,
    };
    if entry.unit != Some(WH) {
        return None;
    }
    let scaler = entry.scaler.unwrap_or(0);
    let number = match scaler {
        0.. => {
            let factor = 10_i128.checked_pow(scaler.unsigned_abs().into())?;
            Decimal::try_from_i128_with_scale(number.checked_mul(factor)?, 0)
        }
        _ => Decimal::try_from_i128_with_scale(number, scaler.unsigned_abs().into()),
    };
    whole_wh(&[number.ok()?], Unit::Wh)
}
