//! Each function of a built program keeps to its own part of the stack.
//!
//! sBPF v3 has no gaps between the frames of functions: what lies below a function's frame is its caller's, and no
//! machine stops who writes there. So it is read off the programs' code (decision 10).

use joulebook_sim::Chain;
use object::{read::elf::ElfFile64, LittleEndian, Object, ObjectSegment};
use solana_sbpf::ebpf::{
    get_insn, Insn, ADD64_IMM, BPF_CLS_MASK, BPF_LDX, BPF_MEM, BPF_ST, BPF_STX, FRAME_PTR_REG,
    INSN_SIZE, MOV64_REG,
};

const FRAME: i64 = 4096;
/// The lowest bytes of a frame, where the caller puts arguments for which there is no register. No local variable may lie
/// there: compilers know nothing of the one and the other being in one place.
const ARGUMENTS: i64 = 64;

/// The bits of a load or store that tell how it addresses.
const MODE: u8 = 0xe0;

/// What a load or store touches, from the frame's upper end.
enum Touched {
    /// A variable, or the address of one.
    Local(i64),
    Load(i64),
    /// Above the frame: in that of a function to be called.
    Outgoing(i64),
}

fn touched(instruction: &Insn, before: Option<&Insn>) -> Option<Touched> {
    let frame = FRAME_PTR_REG as u8;
    let offset = i64::from(instruction.off);
    if instruction.opc == ADD64_IMM {
        let copied = before.filter(|copy| copy.opc == MOV64_REG && copy.src == frame)?;
        return (copied.dst == instruction.dst).then_some(Touched::Local(instruction.imm));
    }
    if instruction.opc & MODE != BPF_MEM {
        return None;
    }
    match instruction.opc & BPF_CLS_MASK {
        BPF_LDX if instruction.src == frame => Some(Touched::Load(offset)),
        BPF_ST | BPF_STX if instruction.dst == frame && offset >= 0 => {
            Some(Touched::Outgoing(offset))
        }
        BPF_ST | BPF_STX if instruction.dst == frame => Some(Touched::Local(offset)),
        _ => None,
    }
}

/// The instructions of a program.
fn code(program: &str) -> Vec<u8> {
    let path = Chain::programs_dir().join(program).with_extension("so");
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = ElfFile64::<LittleEndian>::parse(&*bytes).unwrap();
    let code = file.segments().find(|part| part.permissions().executable());
    code.unwrap().data().unwrap().to_vec()
}

#[test]
fn given_the_built_programs_when_read_then_each_function_keeps_to_its_frame() {
    let mut variables = 0;
    for program in ["registry", "oracle", "market", "tests/bond"] {
        let code = code(program);
        let mut before = None;
        for place in 0..code.len() / INSN_SIZE {
            let instruction = get_insn(&code, place);
            let allowed = match touched(&instruction, before.as_ref()) {
                Some(Touched::Local(offset)) => {
                    variables += 1;
                    (ARGUMENTS - FRAME..0).contains(&offset)
                }
                Some(Touched::Load(offset)) => (8 - FRAME..0).contains(&offset),
                Some(Touched::Outgoing(offset)) => (8..ARGUMENTS).contains(&offset),
                None => true,
            };
            assert!(allowed, "{program}, instruction {place}: {instruction:?}");
            before = Some(instruction);
        }
    }
    assert!(variables > 10_000, "only {variables} were seen");
}
