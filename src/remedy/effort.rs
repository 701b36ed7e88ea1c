//! The effort of a search for remedies, which bounds its work (X8).

/// The work that a search for remedies may do before it stops (X8).
///
/// It is counted in units of about one visited user, group or grant. Trying a command about one
/// user costs about ten units, a command about a group twice its members; a user's own groups and
/// the tenant's grants count where they are visited. A unit takes about a microsecond. Each
/// returned remedy may take some tens of trials on top, to make it the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Effort(u64);

impl Effort {
    /// The default: some ten thousand trials in a tenant with small groups, and less than a second
    /// in any tenant.
    pub const DEFAULT: Self = Self(200_000);

    /// Returns an effort of this many units.
    #[must_use]
    pub const fn new(units: u64) -> Self {
        Self(units)
    }

    /// Returns the number of units.
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

/// How complete a search for remedies is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchStatus {
    /// The search continues.
    UnderWay,
    /// Every step and every pair of steps was tried.
    Complete,
    /// Trials were left out because the effort was used up, so there may be more remedies.
    CutShort,
}

/// The remaining effort of a search.
#[derive(Debug)]
pub(crate) struct EffortMeter {
    left: u64,
    /// The reserve for the search for more than two steps.
    reserve: u64,
    left_out: LeftOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeftOut {
    Nothing,
    Something,
}

impl EffortMeter {
    /// Returns a meter that holds a quarter back until [`EffortMeter::open_reserve`].
    pub(crate) fn new(effort: Effort) -> Self {
        let reserve = effort.0.wrapping_div(4);
        Self { left: effort.0.saturating_sub(reserve), reserve, left_out: LeftOut::Nothing }
    }

    /// Pays for a task. Returns `false` if too little is left, and records that the task is left
    /// out.
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

    /// Pays for a task that is done whatever is left.
    pub(crate) fn owe(&mut self, units: u64) {
        self.left = self.left.saturating_sub(units);
    }

    /// Records that a task is left out.
    pub(crate) fn leave_out(&mut self) {
        self.left_out = LeftOut::Something;
    }

    pub(crate) fn open_reserve(&mut self) {
        self.left = self.left.saturating_add(core::mem::take(&mut self.reserve));
    }

    /// Returns [`SearchStatus::CutShort`] if a task was left out, and otherwise the given status.
    pub(crate) fn status(&self, otherwise: SearchStatus) -> SearchStatus {
        match self.left_out {
            LeftOut::Something => SearchStatus::CutShort,
            LeftOut::Nothing => otherwise,
        }
    }
}
