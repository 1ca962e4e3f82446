use std::io::{Error, ErrorKind, Read, Result, Write};

use anchor_lang::prelude::*;

/// The most bytes of data that an instruction can have.
const MAX_LEN: u32 = 10_240;

/// Text in an instruction, laid out as Borsh's `String`. That one makes room for up to 1 MiB as soon as it
/// has read a length, which is more than a program's heap has: a length that lies would end in a panic.
#[derive(Clone, Debug)]
pub struct Text(String);

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.0
    }
}

impl AnchorDeserialize for Text {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Text> {
        let len = u32::deserialize_reader(reader)?;
        if len > MAX_LEN {
            return Err(Error::from(ErrorKind::InvalidData));
        }
        let mut bytes = vec![0; usize::try_from(len).map_err(|_| ErrorKind::InvalidData)?];
        reader.read_exact(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(|_| ErrorKind::InvalidData)?;
        Ok(Text(text))
    }
}

impl AnchorSerialize for Text {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.0.serialize(writer)
    }
}
