//! The grants in force with the order each is from, as rows (P1).

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::catalog::release::Release;
use crate::id::{Label, LicenseId, PlanId, TenantId};
use crate::license::deal::Reference;
use crate::license::grant::GrantKind;
use crate::quantity::units::Units;
use crate::tenant::Tenant;
use crate::time::{End, Phase, instant};

/// A grant of a license in force, with the publisher's reference for the license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GrantRow {
    /// The tenant's id.
    #[serde(rename = "Tenant ID")]
    pub tenant_id: TenantId,
    /// The license.
    #[serde(rename = "License ID")]
    pub license_id: LicenseId,
    /// The revision in force.
    #[serde(rename = "Revision")]
    pub revision: NonZeroU32,
    /// The publisher's reference for the license, such as an order number; empty if it has none.
    #[serde(rename = "Reference")]
    pub reference: Option<Label>,
    /// The plan's id.
    #[serde(rename = "Plan ID")]
    pub plan_id: PlanId,
    /// The plan's name, or its id if the catalog does not know it (C11).
    #[serde(rename = "SKU Name")]
    pub sku_name: Label,
    /// Whether the grant is paid or a trial.
    #[serde(rename = "Kind")]
    pub kind: GrantRowKind,
    /// The units that it grants.
    #[serde(rename = "Units", serialize_with = "units")]
    pub units: Units,
    /// Its phase, whatever releases of the application it covers.
    #[serde(rename = "License State")]
    pub license_state: Phase,
    /// The instant at which that phase ends by time alone; empty if it does not.
    #[serde(rename = "Until", serialize_with = "instant::serialize_known")]
    pub until: Option<DateTime<Utc>>,
}

/// Whether a grant is paid or a trial, in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantRowKind {
    /// It is paid.
    Paid,
    /// It is a trial.
    Trial,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference to the field")]
fn units<S: Serializer>(units: &Units, serializer: S) -> Result<S::Ok, S::Error> {
    match units {
        Units::Limited(units) => serializer.serialize_u32(units.get()),
        Units::Unlimited => serializer.collect_str(units),
    }
}

impl Tenant {
    /// Returns a row for every grant of the licenses in force, license by license by their ids and
    /// within one in its order, so that a publisher finds what an order still gives.
    ///
    /// A grant with a fallback is in the phase that it has in the releases which the fallback covers
    /// (P1): it can be active here and give nothing in the release in use. `O(n log n)` in the grants.
    #[must_use]
    pub fn grant_rows(&self, now: DateTime<Utc>) -> Vec<GrantRow> {
        let (at, core) = (self.reading(now), self.core());
        let mut rows = Vec::new();
        for license in core.documents.in_force() {
            let deal = license.deal();
            let reference = match &deal.reference {
                Reference::None => None,
                Reference::Of(reference) => Some(reference),
            };
            for instance in core.grant_instances_in(Release::EARLIEST, license, |_| true) {
                let grant = instance.grant;
                let plan = self.catalog().plan(&grant.plan);
                rows.push(GrantRow {
                    tenant_id: self.id().clone(),
                    license_id: deal.id,
                    revision: deal.revision,
                    reference: reference.cloned(),
                    plan_id: grant.plan.clone(),
                    sku_name: plan.map_or_else(|| grant.plan.as_label(), |plan| plan.name.clone()),
                    kind: match grant.kind {
                        GrantKind::Paid(_) => GrantRowKind::Paid,
                        GrantKind::Trial(_) => GrantRowKind::Trial,
                    },
                    units: grant.units,
                    license_state: instance.timeline.phase(at),
                    until: match instance.timeline.phase_ends(at) {
                        End::At(until) => Some(until),
                        End::Never => None,
                    },
                });
            }
        }
        rows
    }
}
