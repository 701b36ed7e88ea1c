//! A tenant at one instant, made ready for many questions.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::Catalog;
use crate::preview::WarningKind;
use crate::preview::affected_scope::AffectedScope;
use crate::tenant::Tenant;
use crate::tenant::evaluation::{Beneficiary, BlockedBy};
use crate::tenant::state::RecordState;
use crate::tenant::user::Claim;
use crate::tenant::view::View;
use crate::time::Days;
use crate::units::Total;

/// A tenant at its reading of one instant.
pub(super) struct InstantView {
    core: RecordState,
    at: DateTime<Utc>,
    /// For each plan of the catalog what it warns of; nothing for those that do not matter.
    notices: Vec<Notice>,
}

/// Of what a plan warns, whomever it is in effect for.
#[derive(Debug, Clone, Copy, Default)]
struct Notice {
    list: Option<WarningKind>,
    /// The fewest active units within the length of a notice, if any phase begins or ends in it.
    fewest: Option<Total>,
}

/// How a plan stands for a user at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// They have no claim on it.
    Unclaimed,
    /// They wait for a seat.
    Waits,
    /// They have a seat, which opens nothing (G4).
    Seated,
    /// It is in effect.
    InEffect(Warned),
}

/// A set of warnings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Warned(u8);

pub(super) const KINDS: [WarningKind; 4] =
    [WarningKind::InGrace, WarningKind::OverAssigned, WarningKind::ListWanted, WarningKind::ExpiringSoon];

impl Warned {
    fn with(self, kind: WarningKind) -> Self {
        Self(self.0 | Self::bit(kind))
    }

    pub(super) fn has(self, kind: WarningKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    fn bit(kind: WarningKind) -> u8 {
        match kind {
            WarningKind::InGrace => 1,
            WarningKind::OverAssigned => 2,
            WarningKind::ListWanted => 4,
            WarningKind::ExpiringSoon => 8,
        }
    }
}

impl Stand {
    pub(super) fn is_in_effect(self) -> bool {
        matches!(self, Self::InEffect(_))
    }

    /// Whether they hold a seat, or the organisation a unit.
    pub(super) fn is_seated(self) -> bool {
        matches!(self, Self::Seated | Self::InEffect(_))
    }

    /// What it warns of, if it is in effect.
    pub(super) fn warned(self) -> Warned {
        match self {
            Self::InEffect(warned) => warned,
            Self::Unclaimed | Self::Waits | Self::Seated => Warned::default(),
        }
    }
}

impl InstantView {
    /// Logarithmic in the lines and grants of the plans that matter.
    pub(super) fn new(tenant: &Tenant, extent: &AffectedScope, relevant: &[usize], now: DateTime<Utc>) -> Self {
        let (at, notice) = (tenant.reading(now), tenant.catalog().offer().notice);
        let core = tenant.core().with_coverage_at(at, relevant.iter().copied());
        let mut notices = alloc::vec![Notice::default(); tenant.catalog().offer().plans.len()];
        for &plan in &extent.plans {
            notices.get_mut(plan).into_iter().for_each(|place| *place = Notice::of(&core, plan, at, notice));
        }
        Self { core, at, notices }
    }

    /// The tenant's plans at the instant.
    pub(super) fn core(&self) -> &RecordState {
        &self.core
    }

    /// When that is, as the tenant reads it.
    pub(super) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// How a plan of the catalog stands for a user with these claims.
    pub(super) fn stand(&self, catalog: &Catalog, plan: usize, claims: &[Claim]) -> Stand {
        let evaluation = View::of(&self.core).evaluation(catalog, plan, claims, self.at);
        let Some((evaluation, beneficiary)) = evaluation.and_then(|it| Some((it.evaluate(), it.beneficiary?))) else {
            return Stand::Unclaimed;
        };
        match evaluation {
            Err(BlockedBy::Unclaimed) => Stand::Unclaimed,
            Err(BlockedBy::OutOfReach(_)) => Stand::Waits,
            Err(BlockedBy::ExcludedBy(_) | BlockedBy::Unmet(_)) => Stand::Seated,
            Ok(basis) => Stand::InEffect(self.warned(plan, basis, &beneficiary)),
        }
    }

    fn warned(&self, plan: usize, basis: Basis, beneficiary: &Beneficiary<'_>) -> Warned {
        let Notice { list, fewest } = self.notices.get(plan).copied().unwrap_or_default();
        let runs_out = || fewest.is_some_and(|fewest| !beneficiary.is_within(fewest));
        let of_basis = match basis {
            Basis::Grace => Some(WarningKind::InGrace),
            Basis::Tolerance => Some(WarningKind::OverAssigned),
            Basis::Paid | Basis::Trial if runs_out() => Some(WarningKind::ExpiringSoon),
            Basis::Paid | Basis::Trial | Basis::Unmanaged | Basis::Free => None,
        };
        [of_basis, list].into_iter().flatten().fold(Warned::default(), Warned::with)
    }
}

impl Notice {
    fn of(core: &RecordState, plan: usize, at: DateTime<Utc>, notice: Days) -> Self {
        let segments = core.segments(plan, at);
        let soon = segments.later().take_while(|next| next.from.signed_duration_since(at) <= notice.delta());
        let list = segments.first().and_then(|now| now.stale).map(|_| WarningKind::ListWanted);
        Self { list, fewest: soon.map(|next| next.coverage.active).min() }
    }
}
