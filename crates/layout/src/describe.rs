//! What the types of this crate say of themselves, for interface descriptions and pages.

/// A type whose bytes are fixed.
pub trait Described {
    const TYPE: Type;
}

/// How a field's bytes are read.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    U8,
    U16,
    U32,
    U64,
    I32,
    I64,
    Address,
    Array(&'static Type, usize),
    Struct(&'static Struct),
}

/// A struct: its fields one behind the other.
#[derive(Clone, Copy, Debug)]
pub struct Struct {
    pub name: &'static str,
    /// Lines of its comment, each with the space that follows the slashes.
    pub docs: &'static [&'static str],
    pub fields: &'static [Field],
}

#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub docs: &'static [&'static str],
    /// From the start of the structure, bytes.
    pub offset: usize,
    /// Bytes.
    pub size: usize,
    pub ty: Type,
}

/// An account: a header, and the rows behind it.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub header: &'static Struct,
    pub rows: &'static [Rows],
}

/// Rows of one kind behind a header.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    pub name: &'static str,
    pub structure: &'static Struct,
    /// How many there are, in fields of the header.
    pub count: &'static str,
}

/// Names for the values of a byte, which count up from 0.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    pub name: &'static str,
    pub docs: &'static [&'static str],
    pub values: &'static [Value],
}

#[derive(Clone, Copy, Debug)]
pub struct Value {
    pub name: &'static str,
    pub docs: &'static [&'static str],
}

/// A limit, or a bit of a set.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    pub name: &'static str,
    pub docs: &'static [&'static str],
    pub ty: &'static str,
    pub value: u64,
}

/// How an account's address is made.
#[derive(Clone, Copy, Debug)]
pub struct Seeds {
    /// Of the constant that the seeds begin with.
    pub name: &'static str,
    /// All of them.
    pub docs: &'static [&'static str],
}

/// All that a program's interface description says beside its instructions, events and errors.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    pub program: &'static str,
    pub seeds: &'static [Seeds],
    pub accounts: &'static [Layout],
    /// What is signed outside and checked by the program.
    pub messages: &'static [&'static Struct],
    pub codes: &'static [Code],
    pub constants: &'static [&'static [Constant]],
}

impl Type {
    /// What an array, or an array of arrays, is of; any other type is itself.
    pub const fn element(&self) -> &Type {
        let mut ty = self;
        while let Type::Array(element, _) = ty {
            ty = element;
        }
        ty
    }

    /// The structure that the type is; for what is generated from it.
    pub const fn structure(&self) -> Option<&'static Struct> {
        match self {
            Type::Struct(structure) => Some(structure),
            _ => None,
        }
    }
}

macro_rules! described {
    ($($number:ty: $type:ident),*) => {
        $(impl Described for $number {
            const TYPE: Type = Type::$type;
        })*
    };
}

described!(u8: U8, u16: U16, u32: U32, u64: U64, i32: I32, i64: I64);

impl<T: Described, const N: usize> Described for [T; N] {
    const TYPE: Type = Type::Array(&T::TYPE, N);
}
