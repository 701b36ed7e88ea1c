//! The plans that the rows of a snapshot name, and the assignments of a user or group to them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::catalog::index::PlanNumber;
use crate::id::{AppId, PlanId};
use crate::tenant::limits::MAX_ASSIGNED;
use crate::tenant::snapshot::{AssignedRow, Body, PlanRow, SnapshotError, malformed};
use crate::tenant::state::RecordState;
use crate::tenant::state::sources::Direct;
use crate::tenant::state::user::DenyList;

/// The numbers in the tenant of the plans that the rows of a snapshot name.
pub(super) struct PlanRows(Vec<PlanNumber>);

impl PlanRows {
    pub(super) fn of(body: &Body<'_>, core: &mut RecordState) -> Result<Self, SnapshotError> {
        let mut ids: Vec<PlanId> = Vec::with_capacity(body.plans.len());
        for id in &body.plans {
            ids.push(id.parse().map_err(|_| malformed("invalid plan id"))?);
        }
        let numbers: Vec<PlanNumber> = ids.iter().map(|id| core.number_or_next(id)).collect();
        let distinct: BTreeSet<PlanNumber> = numbers.iter().copied().collect();
        if distinct.len() == numbers.len() { Ok(Self(numbers)) } else { Err(malformed("duplicate plan")) }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn number(&self, row: PlanRow) -> Result<PlanNumber, SnapshotError> {
        self.0.get(row.0).copied().ok_or_else(|| malformed("unknown plan"))
    }
}

/// Returns assignments by plan, each plan once.
pub(super) fn assigned(rows: &[AssignedRow<'_>], plans: &PlanRows) -> Result<Direct, SnapshotError> {
    if rows.len() > MAX_ASSIGNED {
        return Err(malformed("a user or group has too many plans"));
    }
    let mut assigned: Direct = SmallVec::new();
    let mut last = None;
    for AssignedRow(row, off) in rows {
        let is_next = last.is_none_or(|last| last < *row);
        if !is_next || !off.is_sorted_by(|one, other| one < other) {
            return Err(malformed("the assignments of a user or group are out of order"));
        }
        last = Some(*row);
        let off: Result<Vec<AppId>, _> = off.iter().map(|app| app.parse()).collect();
        let off = off.map_err(|_| malformed("invalid app id"))?;
        assigned.push((plans.number(*row)?, if off.is_empty() { DenyList::default() } else { off.into() }));
    }
    // Another catalog may number the plans in another order.
    assigned.sort_unstable_by_key(|(plan, _)| *plan);
    Ok(assigned)
}
