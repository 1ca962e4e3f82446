//! The words in which layouts are declared.

/// A struct of fixed bytes, without padding, that describes itself. `size` pins its bytes.
macro_rules! layout {
    (
        $(#[doc = $doc:expr])*
        #[size = $size:expr]
        pub struct $name:ident {
            $($(#[doc = $field_doc:expr])* pub $field:ident: $type:ty,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
        #[cfg_attr(feature = "borsh", derive(borsh::BorshSerialize, borsh::BorshDeserialize))]
        #[repr(C)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        const _: () = assert!(size_of::<$name>() == $size, "the struct has another size");

        impl $name {
            pub const STRUCT: &'static $crate::describe::Struct = &$crate::describe::Struct {
                name: stringify!($name),
                docs: &[$($doc),*],
                fields: &[$($crate::describe::Field {
                    name: stringify!($field),
                    docs: &[$($field_doc),*],
                    offset: core::mem::offset_of!($name, $field),
                    size: size_of::<$type>(),
                    ty: <$type as $crate::Described>::TYPE,
                }),*],
            };
        }

        impl $crate::Described for $name {
            const TYPE: $crate::describe::Type = $crate::describe::Type::Struct($name::STRUCT);
        }

        /// All zero.
        impl Default for $name {
            fn default() -> $name {
                bytemuck::Zeroable::zeroed()
            }
        }
    };
}

/// The header of an account of a program, and of the rows behind it, if they are all of one kind.
macro_rules! account {
    ($header:ident of $program:ident) => {
        account!(@header $header of $program);

        impl $header {
            pub const LAYOUT: $crate::describe::Layout = $crate::describe::Layout {
                header: $header::STRUCT,
                rows: &[],
            };
        }
    };
    // Rows of several kinds: which they are stands where they are cut.
    ($header:ident of $program:ident, rows by hand) => {
        account!(@header $header of $program);
    };
    (@header $header:ident of $program:ident) => {
        impl $crate::Account for $header {
            const PROGRAM: $crate::Address = $crate::programs::$program;
            const DISCRIMINATOR: [u8; 8] =
                $crate::account::discriminator(concat!("account:", stringify!($header)));
        }

        impl $header {
            /// Bytes of discriminator and header.
            pub const LEN: usize = $crate::DISCRIMINATOR_LEN + size_of::<$header>();

            /// The header of an account, whatever comes behind it; `None` if the account is of another kind, or
            /// shorter.
            pub fn from_bytes(data: &[u8]) -> Option<$header> {
                $crate::account::read_header(data)
            }
        }
    };
    ($header:ident of $program:ident, rows $rows:ident: $row:ident [$count:ident]) => {
        account!(@header $header of $program);

        impl $crate::Table for $header {
            type Row = $row;

            fn row_count(&self) -> u16 {
                self.$count
            }
        }

        impl $header {
            pub const LAYOUT: $crate::describe::Layout = $crate::describe::Layout {
                header: $header::STRUCT,
                rows: &[$crate::describe::Rows {
                    name: stringify!($rows),
                    structure: $row::STRUCT,
                    count: stringify!($count),
                }],
            };

            /// Bytes of the whole account.
            pub const fn full_len($count: u16) -> usize {
                $crate::account::full_len::<$header, $row>($count)
            }
        }
    };
}

/// Names for the values of a byte, which count up from 0.
macro_rules! code {
    (
        $(#[doc = $doc:expr])*
        pub enum $name:ident {
            $($(#[doc = $value_doc:expr])* $value:ident,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "borsh", derive(borsh::BorshSerialize, borsh::BorshDeserialize))]
        #[repr(u8)]
        pub enum $name {
            $($(#[doc = $value_doc])* $value,)*
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$value),*];
            pub const CODE: $crate::describe::Code = $crate::describe::Code {
                name: stringify!($name),
                docs: &[$($doc),*],
                values: &[$($crate::describe::Value {
                    name: stringify!($value),
                    docs: &[$($value_doc),*],
                }),*],
            };

            /// `None` for a byte that stands for nothing.
            pub fn from_byte(byte: u8) -> Option<$name> {
                $name::ALL.get(usize::from(byte)).copied()
            }
        }
    };
}

/// A set of named bits; `prefix` comes before their names in the interface description.
macro_rules! bits {
    (
        $(#[doc = $doc:expr])*
        pub struct $name:ident($bits:ident), prefix $prefix:literal {
            $($(#[doc = $bit_doc:expr])* $bit:ident = $value:expr,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name(pub $bits);

        impl $name {
            $($(#[doc = $bit_doc])* pub const $bit: $name = $name($value);)*

            /// Every bit that has a name.
            pub const ALL: $name = $name(0 $(| $value)*);
            pub const CONSTANTS: &'static [$crate::describe::Constant] = &[
                $($crate::describe::Constant {
                    name: concat!($prefix, stringify!($bit)),
                    docs: &[$($bit_doc),*],
                    ty: stringify!($bits),
                    value: $value as u64,
                }),*
            ];

            /// Whether every bit has a name.
            pub const fn is_known(self) -> bool {
                self.0 & !$name::ALL.0 == 0
            }

            /// Whether both have a bit in common.
            #[inline(always)]
            pub const fn intersects(self, other: $name) -> bool {
                self.0 & other.0 != 0
            }

            pub const fn union(self, other: $name) -> $name {
                $name(self.0 | other.0)
            }
        }
    };
}

/// The first seeds of a program's addresses, which describe themselves: the comment has them all.
macro_rules! seeds {
    ($($(#[doc = $doc:expr])* pub const $name:ident = $first:expr;)*) => {
        $($(#[doc = $doc])* pub const $name: &[u8] = $first;)*

        pub(crate) const ALL: &[$crate::describe::Seeds] = &[
            $($crate::describe::Seeds {
                name: stringify!($name),
                docs: &[$($doc),*],
            }),*
        ];
    };
}

/// Numbers that clients should know.
macro_rules! limits {
    ($($(#[doc = $doc:expr])* pub const $name:ident: $type:ident = $value:expr;)*) => {
        $($(#[doc = $doc])* pub const $name: $type = $value;)*

        pub const CONSTANTS: &[$crate::describe::Constant] = &[
            $($crate::describe::Constant {
                name: stringify!($name),
                docs: &[$($doc),*],
                ty: stringify!($type),
                value: $value as u64,
            }),*
        ];
    };
}
