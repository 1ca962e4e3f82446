//! A message's bytes one by one, for whoever builds a device.

use joulebook_client::layout::{
    describe::Struct,
    oracle::{MeterMessage, ProfileMessage},
};
use joulebook_metering::{
    message::{pack, MAX_VALUE_LEN},
    page::Energy,
};

use crate::{
    api::hex,
    message::{Content, Message},
};

/// Some bytes of a message, and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From the message's start on.
    pub offset: usize,
    /// In hexadecimal digits.
    pub bytes: String,
    pub name: String,
    pub meaning: String,
}

/// All of its bytes, from the first to the last.
pub fn explain(message: &Message) -> Vec<Part> {
    let bytes = &message.signed.message;
    match &message.content {
        Content::Reading(_) => fields(MeterMessage::STRUCT, bytes),
        Content::Profile(profile, _) => {
            let mut parts = fields(ProfileMessage::STRUCT, bytes);
            let mut offset = size_of::<ProfileMessage>();
            let all = usize::from(profile.intervals);
            let values = message.values().unwrap_or_default();
            for (number, value) in values.iter().enumerate() {
                let mut packed = [0; MAX_VALUE_LEN];
                let len = pack(value, &mut packed);
                let behind = all.saturating_sub(number).saturating_sub(1);
                parts.push(Part {
                    offset,
                    bytes: hex(packed.get(..len).unwrap_or_default()),
                    name: format!("interval {number}"),
                    meaning: format!("{}; intervals behind it: {behind}.", words(value)),
                });
                offset = offset.saturating_add(len);
            }
            parts
        }
    }
}

fn fields(layout: &Struct, bytes: &[u8]) -> Vec<Part> {
    let part = |field: &joulebook_client::layout::describe::Field| {
        let end = field.offset.saturating_add(field.size);
        Part {
            offset: field.offset,
            bytes: hex(bytes.get(field.offset..end).unwrap_or_default()),
            name: field.name.to_owned(),
            meaning: field.docs.concat().trim().replace(['`', '[', ']'], ""),
        }
    };
    layout.fields.iter().map(part).collect()
}

fn words(value: &Energy) -> String {
    match (value.import.0, value.export.0) {
        (0, 0) => "nothing flowed".to_owned(),
        (import, 0) => format!("{import} Wh drawn"),
        (0, export) => format!("{export} Wh fed in"),
        (import, export) => format!("{import} Wh drawn and {export} Wh fed in"),
    }
}
