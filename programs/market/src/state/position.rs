use bytemuck::{Pod, Zeroable};
use joulebook_metering::settlement::{Contract, Metered};
use joulebook_units::{NetWh, Wh};

/// What a seat has in one window.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Position {
    /// What its orders lock, milli-atoms, until they are allocated.
    pub locked: u64,
    /// Filled buys, Wh.
    pub bought: u32,
    /// Filled sells, Wh.
    pub sold: u32,
    /// Metered import, Wh.
    pub imported: u32,
    /// Metered export, Wh.
    pub exported: u32,
    /// Live orders.
    pub orders: u16,
    /// Bits of [`position_flags`].
    pub flags: u8,
    pub reserved: [u8; 5],
}

pub mod position_flags {
    /// A meter of the seat was not heard: the window counts as delivered.
    pub const ESTIMATED: u8 = 1 << 0;
    /// A meter brought energy of earlier windows.
    pub const CAUGHT_UP: u8 = 1 << 1;
    /// A meter was heard.
    pub const METERED: u8 = 1 << 2;
    /// The window's interval was never opened: nobody's meters could be heard.
    pub const UNREAD: u8 = 1 << 3;
    /// The window counts as delivered as contracted.
    pub const ASSUMED: u8 = ESTIMATED | UNREAD;
}

const _: () = assert!(size_of::<Position>() == 32);

impl Position {
    pub fn contract(&self) -> Contract {
        Contract {
            bought: Wh(self.bought),
            sold: Wh(self.sold),
        }
    }

    pub fn metered(&self) -> Metered {
        let net = NetWh::between(Wh(self.imported), Wh(self.exported));
        if self.flags & position_flags::ASSUMED != 0 {
            Metered::Missing(net)
        } else if self.flags & position_flags::CAUGHT_UP != 0 {
            Metered::CaughtUp(net)
        } else {
            Metered::Measured(net)
        }
    }

    /// Whether every meter was heard, for this window alone.
    #[inline(always)]
    pub fn is_measured(&self) -> bool {
        self.flags & (position_flags::ASSUMED | position_flags::CAUGHT_UP) == 0
    }

    /// Nothing to settle: without orders there are no contracts.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.flags & !position_flags::UNREAD == 0 && self.orders == 0
    }
}
