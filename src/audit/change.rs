//! What differs between two values of a tenant, in the terms of the audit.

use serde::Serialize;

use crate::audit::command::{
    assigned, claim_on_first_use, installed, joined, left, of_consumer, of_trial, sign_ups, unassigned,
};
use crate::audit::line::AuditLine;
use crate::audit::wording;
use crate::id::{ConsumerId, PlanId};
use crate::message::Message;
use crate::quantity::amount::Quantity;
use crate::tenant::Tenant;
use crate::tenant::command::{Assignment, ClaimOnFirstUse, Membership, SignUpPolicy, TrialName, Unassignment};
use crate::time::month::Month;
use crate::token::Token;
use crate::token::footer::Kind;

/// Something that an earlier value of a tenant does not have and a later one has, or the reverse.
///
/// A variant that says *no longer* comes only from two values of which the first is not an earlier
/// value of the second, such as those of a record that has forked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TenantChange {
    /// A document is in the record, whatever it gives.
    DocumentInstalled {
        /// The kind of document that the command named.
        kind: Kind,
        /// The document.
        token: Token,
    },
    /// A document is no longer in the record.
    DocumentMissing {
        /// The kind of document that the command named.
        kind: Kind,
        /// The document.
        token: Token,
    },
    /// A plan is assigned to a user or a group that did not have it so.
    Assigned(Assignment),
    /// An assignment has another deny list, which this is.
    DenyListReplaced(Assignment),
    /// A plan is not assigned to a user or a group any more.
    Unassigned(Unassignment),
    /// A user is a member of a group.
    Joined(Membership),
    /// A user is not a member of a group any more.
    Left(Membership),
    /// A trial is started.
    TrialStarted(TrialName),
    /// A trial is no longer started.
    TrialNotStarted(TrialName),
    /// A trial is extended another number of times.
    TrialExtended {
        /// The trial.
        trial: TrialName,
        /// How often it was extended; 0 where it was not started.
        before: usize,
        /// How often it is extended; 0 where it is no longer started.
        after: usize,
    },
    /// The setting whether users may sign up for trials is another, which this is.
    SignUpsSet(SignUpPolicy),
    /// The setting whether users may claim seats of a plan is another, which this is.
    ClaimOnFirstUseSet(ClaimOnFirstUse),
    /// A consumer has consumed another amount in a month.
    Consumed {
        /// The capacity plan.
        plan: PlanId,
        /// The month.
        month: Month,
        /// The consumer.
        consumer: ConsumerId,
        /// The amount in the month before.
        before: Quantity,
        /// The amount in the month now; less than before only where consumption is no longer in the
        /// record.
        after: Quantity,
    },
}

impl TenantChange {
    /// Returns the change in words, with the codes of [`Tenant::audit`] where it means the same as a
    /// command. Costs what [`TenantChange::line`] does.
    #[must_use]
    pub fn message(&self, tenant: &Tenant) -> Message {
        self.line(tenant).message
    }

    /// Returns the change in words, with what a document says as details and whom it is about, as a
    /// line of [`Tenant::audit`]: plans by the names of this tenant's catalog, documents as its key
    /// ring verifies them. A deny list that is replaced is an assignment, as it is in the record.
    ///
    /// `O(1)`; for a document `O(n log n)` in its grants, and in its length for its signature.
    #[must_use]
    pub fn line(&self, tenant: &Tenant) -> AuditLine {
        let catalog = tenant.catalog();
        match self {
            Self::DocumentInstalled { kind, token } => installed(tenant, *kind, token),
            Self::DocumentMissing { kind, token } => missing(tenant, *kind, token),
            Self::Assigned(assignment) | Self::DenyListReplaced(assignment) => assigned(catalog, assignment),
            Self::Unassigned(unassignment) => unassigned(catalog, unassignment),
            Self::Joined(membership) => joined(membership),
            Self::Left(membership) => left(membership),
            Self::TrialStarted(name) => of_trial(catalog, name, wording::TRIAL_STARTED.message()),
            Self::TrialNotStarted(name) => of_trial(catalog, name, wording::TRIAL_NOT_STARTED.message()),
            Self::TrialExtended { trial, before, after } => of_trial(catalog, trial, extended(*before, *after)),
            Self::SignUpsSet(policy) => sign_ups(*policy),
            Self::ClaimOnFirstUseSet(setting) => claim_on_first_use(catalog, setting),
            Self::Consumed { plan, month, consumer, before, after } => {
                of_consumer(catalog, plan, consumer, *month, consumed(*before, *after))
            }
        }
    }
}

/// Returns that a document is no longer in the record, with what it says.
fn missing(tenant: &Tenant, kind: Kind, token: &Token) -> AuditLine {
    let AuditLine { message, mut details, plans, .. } = installed(tenant, kind, token);
    details.insert(0, message);
    AuditLine { details, plans, ..AuditLine::new(wording::DOCUMENT_MISSING.message().with("kind", &kind)) }
}

/// Returns that a trial was extended: as the command if it was once.
fn extended(before: usize, after: usize) -> Message {
    if before.checked_add(1) == Some(after) {
        return wording::TRIAL_EXTENDED.message();
    }
    wording::TRIAL_EXTENSIONS.message().with("before", before).with("after", after)
}

fn consumed(before: Quantity, after: Quantity) -> Message {
    let wording = if after > before { wording::CONSUMPTION_ADDED } else { wording::CONSUMPTION_MISSING };
    let amount = Quantity::of_millionths(after.in_millionths().abs_diff(before.in_millionths()));
    wording.message().with("amount", &amount).with("before", &before).with("after", &after)
}
