//! Changes of units, plan by plan.

use crate::catalog::index::PlanNumber;
use crate::catalog::offer::Scope;
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::preview::instant_view::InstantView;
use crate::preview::{PoolChange, PoolUnits};
use crate::quantity::units::Total;

impl Compared<'_> {
    /// Adds the changes of units. `O(n · t)` in the plans whose units change and the instants.
    pub(super) fn pools(&self, builder: &mut PreviewBuilder) {
        for &number in &self.scope.pools {
            let Some(id) = self.after.core().numbering().id(number) else { continue };
            let units = |view: &InstantView| self.units(view, number);
            let differs = |[before, after]: &[InstantView; 2]| {
                let pair = (units(before), units(after));
                (pair.0 != pair.1).then_some(pair)
            };
            for run in self.moments.runs(self.views.iter().map(differs)) {
                let (before, after) = run.value;
                let plan = id.clone();
                builder.pools.offer(PoolChange { from: run.from, until: run.until, plan, before, after });
            }
        }
    }

    fn units(&self, view: &InstantView, number: PlanNumber) -> PoolUnits {
        let segment = view.core().plan(number).and_then(|plan| plan.segments(view.at()).first());
        let (usable, limit) =
            segment.map_or((Total::ZERO, Total::ZERO), |now| (now.coverage.usable, now.coverage.limit));
        let index = self.after.core().numbering().in_catalog(number);
        // A capacity plan has no tolerance: it shrinks at once (S11).
        let is_capacity = index.and_then(|index| self.after.catalog().scope_of(index)) == Some(Scope::Capacity);
        PoolUnits { usable, limit: if is_capacity { usable } else { limit } }
    }
}
