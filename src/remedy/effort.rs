//! How much a search for remedies may do (X8).

/// How much a search for remedies may do before it gives up.
///
/// It is counted in units, each about what it takes to look at one user, group or grant: trying a command about one user is
/// about ten, one about a group twice its members, and a user's own groups and the tenant's grants count where they are
/// looked at. A unit takes about a microsecond; each remedy that is found may take some tens of trials beyond it, to be the
/// smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Effort(u64);

impl Effort {
    /// What a search may do where the caller does not say: some ten thousand trials in a tenant of small groups, less than a
    /// second in any.
    pub const DEFAULT: Self = Self(200_000);

    /// So many units.
    #[must_use]
    pub const fn new(units: u64) -> Self {
        Self(units)
    }

    /// How many units it is.
    #[must_use]
    pub const fn units(self) -> u64 {
        self.0
    }
}

impl Default for Effort {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How far a search for remedies has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchStatus {
    /// There is more to try.
    UnderWay,
    /// Every step and every two steps were tried.
    Complete,
    /// Something was left out for want of effort: what was not found may help nevertheless.
    CutShort,
}

/// What is left of an effort.
#[derive(Debug)]
pub(crate) struct SessionMeter {
    left: u64,
    /// For the last resort, which is looked for in any case.
    reserve: u64,
    left_out: LeftOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeftOut {
    Nothing,
    Something,
}

impl SessionMeter {
    /// A quarter is kept back, until [`SessionMeter::open_reserve`].
    pub(crate) fn new(effort: Effort) -> Self {
        let reserve = effort.0.wrapping_div(4);
        Self { left: effort.0.saturating_sub(reserve), reserve, left_out: LeftOut::Nothing }
    }

    /// Takes what something costs, if there is as much left; otherwise it is to be left out.
    #[must_use]
    pub(crate) fn pay(&mut self, units: u64) -> bool {
        if let Some(left) = self.left.checked_sub(units) {
            self.left = left;
            true
        } else {
            self.leave_out();
            false
        }
    }

    /// Takes what something costs that is done in any case.
    pub(crate) fn owe(&mut self, units: u64) {
        self.left = self.left.saturating_sub(units);
    }

    /// Something is left out.
    pub(crate) fn leave_out(&mut self) {
        self.left_out = LeftOut::Something;
    }

    pub(crate) fn open_reserve(&mut self) {
        self.left = self.left.saturating_add(core::mem::take(&mut self.reserve));
    }

    /// How far the search has come that would have come so far, had nothing been left out.
    pub(crate) fn status(&self, otherwise: SearchStatus) -> SearchStatus {
        match self.left_out {
            LeftOut::Something => SearchStatus::CutShort,
            LeftOut::Nothing => otherwise,
        }
    }
}
