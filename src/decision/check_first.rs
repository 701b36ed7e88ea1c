//! What to check before anything is bought, where it may be why access is denied (K6, K10).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{LicenseId, PlanId};
use crate::key::KeyId;
use crate::license::checkpoint::Checkpoint;
use crate::tenant::Tenant;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::state::document::{Document, DocumentStatus};
use crate::tenant::state::stored_document::Installed;
use crate::time::{Phase, instant};
use crate::token::error::TokenError;

/// Something that may be why access is denied and that no purchase cures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckFirst {
    /// The record is ahead of the host's clock, and with corrected times the app may open (K10).
    RecordAhead(RecordAhead),
    /// An installed license counts only on a record that contains a checkpoint, and the record was
    /// not proved to contain it: the host has to prove it, or the record was restored from a backup
    /// or begun anew (K6, X7).
    LicenseNotContained {
        /// The license.
        license: LicenseId,
        /// The checkpoint.
        checkpoint: Checkpoint,
    },
    /// An installed license is signed with a key that needs a certificate, which is not installed (K6,
    /// X10).
    LicenseNotCertified {
        /// The id of the key.
        key: KeyId,
    },
    /// A license in force grants plans that the catalog does not have: another version of the
    /// application sells them (C11). Named where the plans that would help have no usable units.
    LicensePlansUnknown {
        /// The license.
        license: LicenseId,
        /// The plans of which it would give units, now or later.
        plans: Vec<PlanId>,
    },
    /// An installed license is signed with a key that the key ring does not have, or does not trust
    /// for it: the application needs an update (K6, X3).
    LicenseKeyNotTrusted {
        /// The id of the key.
        key: KeyId,
    },
}

/// The record is ahead of the host's clock by more than the catalog tolerates, and on a record with
/// corrected times the app would open, or would after steps without a purchase (K10).
///
/// Either the clock is wrong, and what is denied is rightly denied; or it is right, and was ahead
/// when something was recorded. Then the publisher's time ticket helps, and a purchase does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecordAhead {
    /// The record's floor: the latest instant of which it has evidence.
    #[serde(with = "instant")]
    pub floor: DateTime<Utc>,
    /// The instant that the host's clock shows.
    #[serde(with = "instant")]
    pub now: DateTime<Utc>,
}

impl CheckFirst {
    /// Returns what a license lacks that is installed and gives nothing.
    fn of_license(tenant: &Tenant, document: &Document<'_>, issue: &DocumentIssue) -> Option<Self> {
        match issue {
            DocumentIssue::NotContained { checkpoint } => {
                // Verification succeeded and kept only what the license lacks.
                let certificates = tenant.core().documents.certificates();
                let license = tenant.base().ring.verify_with(certificates, &document.token()).ok()?;
                Some(Self::LicenseNotContained { license: license.deal().id, checkpoint: checkpoint.clone() })
            }
            DocumentIssue::Token(TokenError::NoCertificate { key }) => Some(Self::LicenseNotCertified { key: *key }),
            DocumentIssue::Token(TokenError::UnknownKey { key } | TokenError::NotTrusted { key, .. }) => {
                Some(Self::LicenseKeyNotTrusted { key: *key })
            }
            _ => None,
        }
    }
}

/// Returns the licenses in force with grants, usable now or to come, of plans that the catalog does not
/// have. `O(n)` in the grants of the tenant.
pub(crate) fn licenses_of_unknown_plans(tenant: &Tenant, at: DateTime<Utc>) -> Vec<CheckFirst> {
    let mut found: Vec<(LicenseId, Vec<PlanId>)> = Vec::new();
    for license in tenant.core().documents.in_force() {
        for instance in tenant.core().grant_instances(license, |plan| tenant.catalog().plan(plan).is_none()) {
            let phase = instance.timeline.phase(at);
            if !phase.is_usable() && !matches!(phase, Phase::Pending | Phase::NotStarted) {
                continue;
            }
            let plan = instance.grant.plan.clone();
            match found.last_mut().filter(|(id, _)| *id == license.deal().id) {
                Some((_, plans)) if plans.contains(&plan) => {}
                Some((_, plans)) => plans.push(plan),
                None => found.push((license.deal().id, Vec::from([plan]))),
            }
        }
    }
    found.into_iter().map(|(license, plans)| CheckFirst::LicensePlansUnknown { license, plans }).collect()
}

/// Returns what the installed licenses of a tenant lack that give nothing, each once, in the order of
/// the record. `O(n²)` in such licenses, with a signature for each that lacks its checkpoint, and
/// `O(n log n)` in the documents.
pub(crate) fn unusable_licenses(tenant: &Tenant) -> Vec<CheckFirst> {
    let mut found = Vec::new();
    for document in tenant.core().documents.all() {
        let DocumentStatus::GivesNothing(issue) = document.status else { continue };
        if document.installed() != Installed::License {
            continue;
        }
        if let Some(lacking) = CheckFirst::of_license(tenant, &document, issue).filter(|it| !found.contains(it)) {
            found.push(lacking);
        }
    }
    found
}
