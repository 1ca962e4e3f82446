//! Its data: the discriminator and the arguments.

use solana_instruction::Instruction;

use super::Bender;

impl Bender<'_, '_> {
    pub(super) fn bend_data(&mut self, instruction: &mut Instruction) -> String {
        match self.random.below(100) {
            0..30 => self.number(&mut instruction.data),
            30..50 => self.byte(&mut instruction.data),
            50..62 => self.other_arguments(&mut instruction.data),
            62..72 => self.length(&mut instruction.data),
            72..84 => self.slice(&mut instruction.data),
            84..92 => self.discriminator(&mut instruction.data),
            _ => self.program(instruction),
        }
    }

    /// A place, mostly behind the discriminator.
    fn place(&mut self, data: &[u8]) -> usize {
        let len = data.len() as u64;
        let first = if len > 8 && self.random.percent(97) {
            8
        } else {
            0
        };
        self.random.between(first.min(len), len) as usize
    }

    /// Two, four or eight bytes become a number at the edge of something.
    fn number(&mut self, data: &mut [u8]) -> String {
        let width = self.random.pick(&[1, 2, 2, 4, 4, 8, 8]);
        let at = self.place(data);
        let Some(bytes) = data.get_mut(at..at + width) else {
            return self.byte(data);
        };
        let mut old = [0; 8];
        old[..width].copy_from_slice(bytes);
        let old = u64::from_le_bytes(old);
        let top = 1u64 << (8 * width - 1);
        let new = match self.random.below(12) {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => u64::MAX - 1,
            4 => top,
            5 => top - 1,
            6 => old.wrapping_add(1),
            7 => old.wrapping_sub(1),
            8 => old.wrapping_mul(2),
            9 => old.wrapping_neg(),
            10 => self.random.of_any_size(18),
            _ => old ^ top,
        };
        bytes.copy_from_slice(&new.to_le_bytes()[..width]);
        format!("the {width} bytes at {at} were {old}, are {new}")
    }

    fn byte(&mut self, data: &mut [u8]) -> String {
        let at = self.place(data);
        let Some(byte) = data.get_mut(at) else {
            return "nothing".to_string();
        };
        *byte = match self.random.below(6) {
            0 => 0,
            1 => 0xff,
            2 => 1,
            _ => *byte ^ (1 << self.random.below(8)),
        };
        format!("byte {at} is {byte}")
    }

    /// Those of the same instruction at another moment.
    fn other_arguments(&mut self, data: &mut Vec<u8>) -> String {
        let known = &self.pool.instructions[self.name];
        *data = self.random.pick(known).data;
        format!("other arguments: {data:?}")
    }

    fn length(&mut self, data: &mut Vec<u8>) -> String {
        if self.random.percent(60) {
            let len = self.place(data);
            data.truncate(len);
            return format!("cut to {len} bytes");
        }
        let more = self.random.between(1, 64) as usize;
        let filling = self.random.pick(&[0, 1, 0xff]);
        data.resize(data.len() + more, filling);
        format!("{more} bytes of {filling} more")
    }

    /// Some bytes are left out, or come twice.
    fn slice(&mut self, data: &mut Vec<u8>) -> String {
        let (from, to) = (self.place(data), self.place(data));
        let range = from.min(to)..from.max(to);
        if self.random.percent(50) {
            data.drain(range.clone());
            return format!("without bytes {range:?}");
        }
        let twice = data[range.clone()].to_vec();
        let at = self.place(data);
        data.splice(at..at, twice);
        format!("bytes {range:?} again at {at}")
    }

    fn discriminator(&mut self, data: &mut [u8]) -> String {
        let known = &self.idl.instructions;
        let other = &known[self.random.below(known.len() as u64) as usize];
        if let Some(bytes) = data.get_mut(..8) {
            bytes.copy_from_slice(&other.discriminator);
        }
        format!("as {}", other.name)
    }

    /// Several programs have instructions of the same name.
    fn program(&mut self, instruction: &mut Instruction) -> String {
        let known = &self.idl.instructions;
        let other = &known[self.random.below(known.len() as u64) as usize];
        instruction.program_id = other.program;
        format!("sent to the program of {}", other.name)
    }
}
