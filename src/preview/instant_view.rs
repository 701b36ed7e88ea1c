//! A view of a tenant at one instant, prepared for many evaluations.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::catalog::basis::Basis;
use crate::catalog::index::{PlanIndex, PlanNumber};
use crate::preview::WarningKind;
use crate::preview::affected_scope::AffectedScope;
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::evaluation::{Beneficiary, BlockedBy};
use crate::tenant::state::RecordState;
use crate::tenant::state::user::Claim;
use crate::tenant::state::view::View;
use crate::time::Days;

/// A view of a tenant at its reading of one instant.
pub(super) struct InstantView {
    core: RecordState,
    at: DateTime<Utc>,
    /// For each plan of the catalog the warnings it causes; empty for plans that are not affected.
    notices: Vec<Notice>,
}

/// The warnings that a plan causes for the users for whom it is in effect.
#[derive(Debug, Clone, Copy, Default)]
struct Notice {
    list: Option<WarningKind>,
    /// The fewest active units within the length of a notice, if any phase begins or ends in it.
    fewest: Option<Total>,
}

/// The state of a plan for a user at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlanStatus {
    /// The user has no claim on it.
    Unclaimed,
    /// The user waits for a seat.
    Waits,
    /// The user has a seat, but the plan is not in effect (G4).
    Seated,
    /// The plan is in effect.
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

impl PlanStatus {
    pub(super) fn is_in_effect(self) -> bool {
        matches!(self, Self::InEffect(_))
    }

    /// Returns whether the user holds a seat, or the organisation a unit.
    pub(super) fn is_seated(self) -> bool {
        matches!(self, Self::Seated | Self::InEffect(_))
    }

    /// Returns the warnings of the plan; empty if it is not in effect.
    pub(super) fn warned(self) -> Warned {
        match self {
            Self::InEffect(warned) => warned,
            Self::Unclaimed | Self::Waits | Self::Seated => Warned::default(),
        }
    }
}

impl InstantView {
    /// Returns the view. `O(log n)` in the queue and the grants of each relevant plan.
    pub(super) fn new(tenant: &Tenant, scope: &AffectedScope<'_>, relevant: &[PlanNumber], now: DateTime<Utc>) -> Self {
        let (at, notice) = (tenant.reading(now), tenant.catalog().offer().notice);
        let core = tenant.core().with_coverage_at(at, relevant.iter().copied());
        let mut notices = alloc::vec![Notice::default(); tenant.catalog().offer().plans.len()];
        for &plan in &scope.plans {
            if let Some(place) = notices.get_mut(plan.0) {
                *place = Notice::of(&core, plan, at, notice);
            }
        }
        Self { core, at, notices }
    }

    /// Returns the tenant's plans at the instant.
    pub(super) fn core(&self) -> &RecordState {
        &self.core
    }

    /// Returns the tenant's reading of the instant.
    pub(super) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Returns the state of a plan of the catalog for a user with these claims.
    pub(super) fn plan_status(&self, catalog: &Catalog, plan: PlanIndex, claims: &[Claim]) -> PlanStatus {
        let evaluation = View::of(&self.core).evaluation(catalog, plan, claims, self.at);
        let Some((evaluation, beneficiary)) = evaluation.and_then(|it| Some((it.evaluate(), it.beneficiary?))) else {
            return PlanStatus::Unclaimed;
        };
        match evaluation {
            Err(BlockedBy::Unclaimed) => PlanStatus::Unclaimed,
            Err(BlockedBy::OutOfReach(_)) => PlanStatus::Waits,
            Err(BlockedBy::ExcludedBy(_) | BlockedBy::Unmet(_)) => PlanStatus::Seated,
            Ok(basis) => PlanStatus::InEffect(self.warned(plan, basis, &beneficiary)),
        }
    }

    fn warned(&self, plan: PlanIndex, basis: Basis, beneficiary: &Beneficiary<'_>) -> Warned {
        let Notice { list, fewest } = self.notices.get(plan.0).copied().unwrap_or_default();
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
    fn of(core: &RecordState, plan: PlanIndex, at: DateTime<Utc>, notice: Days) -> Self {
        let segments = core.segments(plan, at);
        let soon = segments.later().take_while(|next| next.from.signed_duration_since(at) <= notice.delta());
        let list = segments.first().and_then(|now| now.stale).map(|_| WarningKind::ListWanted);
        Self { list, fewest: soon.map(|next| next.coverage.active).min() }
    }
}
