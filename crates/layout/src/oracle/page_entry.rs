use joulebook_units::Wh;

/// Bits of an energy; above them come the quality and what is known of the boundary.
const WH_BITS: u32 = 30;
const BOUNDARY_KNOWN: u32 = 1 << WH_BITS;

layout! {
    /// What one meter moved in one interval of a page. All zero is an interval of which nothing is known.
    #[size = 8]
    pub struct PageEntry {
        /// Bits 0 to 29: drawn from the grid, Wh. Bits 30 and 31: a [`Quality`].
        pub import: u32,
        /// Bits 0 to 29: fed into the grid, Wh. Bit 30: the boundary at the interval's end is known. Bit 31: zero.
        pub export: u32,
    }
}

code! {
    /// What an entry is worth. Replaced beats measured, measured beats missing.
    pub enum Quality {
        /// Nothing is known of the interval; it has no energy.
        Missing,
        /// The registers are known at the interval's end and not at its start. The energy is what was moved since the
        /// boundary before that the page knows, 0 if there is none: how much, not when. The interval counts as missing.
        Gap,
        /// The registers are known at the interval's start and end; the energy is their difference.
        Measured,
        /// A verifier's value, whatever the registers say: a substitute value, as VDE-AR-N 4400 has it (Ersatzwert).
        Replaced,
    }
}

impl PageEntry {
    /// The most energy that an entry holds each way, Wh.
    pub const MAX_WH: u32 = BOUNDARY_KNOWN - 1;

    /// Nothing known.
    pub const MISSING: PageEntry = PageEntry {
        import: 0,
        export: 0,
    };

    /// `None` if an energy is above [`PageEntry::MAX_WH`].
    #[inline(always)]
    pub const fn new(
        import: Wh,
        export: Wh,
        quality: Quality,
        is_boundary_known: bool,
    ) -> Option<PageEntry> {
        if (import.0 | export.0) > PageEntry::MAX_WH {
            return None;
        }
        Some(PageEntry {
            import: import.0 | (quality as u32) << WH_BITS,
            export: export.0 | (is_boundary_known as u32) << WH_BITS,
        })
    }

    /// Drawn from the grid.
    #[inline(always)]
    pub const fn import(&self) -> Wh {
        Wh(self.import & PageEntry::MAX_WH)
    }

    /// Fed into the grid.
    #[inline(always)]
    pub const fn export(&self) -> Wh {
        Wh(self.export & PageEntry::MAX_WH)
    }

    #[inline(always)]
    pub const fn quality(&self) -> Quality {
        match self.import >> WH_BITS {
            0 => Quality::Missing,
            1 => Quality::Gap,
            2 => Quality::Measured,
            _ => Quality::Replaced,
        }
    }

    #[inline(always)]
    pub fn is(&self, quality: Quality) -> bool {
        self.quality() == quality
    }

    /// Whether the energy is the interval's own: measured or replaced. What is not is missing.
    #[inline(always)]
    pub const fn has_value(&self) -> bool {
        // The upper bit of the quality.
        self.import >> 31 != 0
    }

    /// Whether the registers are known at the end of the interval.
    #[inline(always)]
    pub const fn is_boundary_known(&self) -> bool {
        self.export & BOUNDARY_KNOWN != 0
    }

    /// The same, with the boundary at its end known.
    #[inline(always)]
    pub const fn with_boundary_known(self) -> PageEntry {
        PageEntry {
            export: self.export | BOUNDARY_KNOWN,
            ..self
        }
    }
}
