//! The comparison of two values of a tenant.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;
use thiserror::Error;

use crate::audit::change::TenantChange;
use crate::audit::paired::{Pair, differing, paired};
use crate::collections::shared_hash_map::SharedHashMap;
use crate::id::user::UserRef;
use crate::id::{AppId, GroupId, PlanId, RecordId, TenantId};
use crate::message::messages;
use crate::tenant::Tenant;
use crate::tenant::command::{Assignee, Assignment, ClaimOnFirstUse, ClaimPolicy, Membership, TrialName, Unassignment};
use crate::tenant::consumption::{ConsumptionHistory, MonthConsumption};
use crate::tenant::state::bucket::Entry;
use crate::tenant::state::stored_document::StoredDocument;
use crate::tenant::state::user::{Claim, UserEntitlements, claim_on};
use crate::tenant::state::{Group, RecordState, State};
use crate::time::month::Month;

/// Why two values cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompareError {
    /// The values are of two tenants.
    OtherTenant {
        /// The tenant of the earlier value.
        before: TenantId,
        /// This tenant.
        ours: TenantId,
    },
    /// The values are of two records of one tenant.
    OtherRecord {
        /// The record of the earlier value.
        before: RecordId,
        /// The record of this tenant.
        ours: RecordId,
    },
}

messages! {
    CompareError;
    Self::OtherTenant { before, ours } => "compare.other-tenant",
        "the values are of two tenants, {before} and {ours}: compare values of one", before, ours;
    Self::OtherRecord { before, ours } => "compare.other-record",
        "the values are of two records, {before} and {ours}: compare values of one", before, ours;
}

/// The plans that are assigned to a user directly or to a group, with their deny lists, sorted by
/// plan.
type Assignments<'a> = SmallVec<[(&'a PlanId, &'a [AppId]); 2]>;

impl Tenant {
    /// Returns what differs between an earlier value of this tenant and this one, for pages that
    /// show changes as they happen and for notifications of other programs: documents, users, groups,
    /// trials, the settings for sign-ups and for claims of seats, then consumption.
    ///
    /// Documents are in the order of the record, those that are no longer there last. Users are
    /// sorted by id, and the changes of each by plan, then by group; groups by id and plan, trials by
    /// license and plan, settings by plan, consumption by plan, month and consumer. What was done and undone again is
    /// not listed. A user who was removed is unassigned from each plan and leaves each group; a
    /// sign-up is the start of a trial and an assignment.
    ///
    /// The order of events does not matter, nor whether one value was made from the other: two
    /// values of a record that has forked are compared as well. Instants are not compared, nor what
    /// the catalog and the key ring make of the record: after [`Tenant::rebase`] nothing differs.
    ///
    /// `O(n log n)` in the users of the parts of their table that the values do not share, which are
    /// few after few changes, and the same for groups, trials and consumers; `O(n)` in the pages of
    /// the table, of some 2,000 users each; `O(n)` in the documents if one was installed since, and
    /// in the plans. Two values of which neither was made from the other, such as two replays, share
    /// nothing.
    ///
    /// ```
    /// use entitle::audit::TenantChange;
    /// use entitle::chrono::{DateTime, Utc};
    /// use entitle::record::Beginning;
    /// use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};
    ///
    /// fn main() -> Result<(), Box<dyn core::error::Error>> {
    ///     let catalog = Catalog::from_json(
    ///         r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged",
    ///              "apps": [{ "id": "view", "access": "free" }], "plans": [] }"#,
    ///     )?;
    ///     let beginning = Beginning::new("contoso".parse()?, RecordId::from_random([5; 16]));
    ///     let before = Tenant::new(&catalog, &KeyRing::new(), &beginning);
    ///     let admin = Actor::new("ada".parse()?).with(Role::UserAdministrator);
    ///     let commands = [Command::join("bo".parse()?, "staff".parse()?)];
    ///     let now: DateTime<Utc> = "2026-03-01T08:00:00Z".parse()?;
    ///     let mut tenant = before.clone();
    ///     tenant.apply(&tenant.decide(&admin, &commands, RequestId::from_random([6; 16]), now)?)?;
    ///
    ///     let changes = tenant.changes_since(&before)?;
    ///     assert!(matches!(&changes[..], [TenantChange::Joined(_)]));
    ///     assert_eq!(changes[0].message(&tenant).to_string(), "added `bo` to the group `staff`");
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CompareError`] for a value of another tenant or another record.
    pub fn changes_since(&self, before: &Self) -> Result<Vec<TenantChange>, CompareError> {
        if before.id() != self.id() {
            return Err(CompareError::OtherTenant { before: before.id().clone(), ours: self.id().clone() });
        }
        if before.record() != self.record() {
            return Err(CompareError::OtherRecord { before: before.record(), ours: self.record() });
        }
        let (before, after) = (before.state(), self.state());
        let mut changes = Vec::new();
        compare_documents(&before.core, &after.core, &mut changes);
        compare_users(before, after, &mut changes);
        compare_groups(&before.core, &after.core, &mut changes);
        compare_trials(&before.core, &after.core, &mut changes);
        if before.core.sign_ups != after.core.sign_ups {
            changes.push(TenantChange::SignUpsSet(after.core.sign_ups));
        }
        compare_claim_on_first_use(&before.core, &after.core, &mut changes);
        compare_consumption(&before.core, &after.core, &mut changes);
        Ok(changes)
    }
}

fn compare_documents(before: &RecordState, after: &RecordState, changes: &mut Vec<TenantChange>) {
    let (before, after) = (&before.documents, &after.documents);
    if Arc::ptr_eq(before, after) {
        return;
    }
    let shared = before.stored().zip(after.stored()).take_while(|(one, other)| one.is_same(other)).count();
    let before: Vec<&StoredDocument> = before.stored().skip(shared).collect();
    let after: Vec<&StoredDocument> = after.stored().skip(shared).collect();
    let installed = without(&after, &before);
    changes.extend(installed.map(|it| TenantChange::DocumentInstalled { kind: it.kind(), token: it.token() }));
    let missing = without(&before, &after);
    changes.extend(missing.map(|it| TenantChange::DocumentMissing { kind: it.kind(), token: it.token() }));
}

/// Returns the documents of a list without those of another, each as often as it is there.
fn without<'a>(
    documents: &[&'a StoredDocument],
    others: &[&StoredDocument],
) -> impl Iterator<Item = &'a StoredDocument> {
    let text = |document: &StoredDocument| alloc::format!("{} {}", document.kind(), document.token());
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for other in others {
        let count = left.entry(text(other)).or_default();
        *count = count.saturating_add(1);
    }
    let mut kept = documents.to_vec();
    kept.retain(|document| match left.get_mut(&text(document)).filter(|count| **count > 0) {
        Some(count) => {
            *count = count.saturating_sub(1);
            false
        }
        None => true,
    });
    kept.into_iter()
}

fn compare_users(before: &State, after: &State, changes: &mut Vec<TenantChange>) {
    let (old, new) = (sorted(before.users.unshared(&after.users)), sorted(after.users.unshared(&before.users)));
    for (id, was, is) in paired(old, new) {
        let (was, is) = (was.unwrap_or(&UserEntitlements::Nothing), is.unwrap_or(&UserEntitlements::Nothing));
        if was.is_shared_with(is) {
            continue;
        }
        let user = || Assignee::User(id.to_id());
        compare_assignments(user, direct(&before.core, was), direct(&after.core, is), changes);
        compare_groups_of(id, was.groups(), is.groups(), changes);
    }
}

/// Returns users sorted by the bytes of their ids.
fn sorted<'a>(users: impl Iterator<Item = Entry<'a>>) -> Vec<(UserRef<'a>, &'a UserEntitlements)> {
    let mut sorted: Vec<_> = users.map(|user| (user.id, user.held)).collect();
    sorted.sort_unstable_by_key(|(id, _)| *id);
    sorted
}

/// Returns the direct assignments of a user.
fn direct<'a>(state: &'a RecordState, held: &'a UserEntitlements) -> Assignments<'a> {
    let (numbering, claims) = (state.numbering(), held.claims());
    let direct = claims.as_slice().iter().filter(|claim| claim.is_direct());
    let except = |claim: &Claim| claim_on(held.stored_claims(), claim.plan).and_then(Claim::directly_denied);
    let named = direct.filter_map(|claim| Some((numbering.id(claim.plan)?, except(claim).unwrap_or_default())));
    by_plan(named)
}

/// Returns the plans of a group; none for no group.
fn plans_of<'a>(state: &'a RecordState, group: Option<&'a Group>) -> Assignments<'a> {
    let plans = group.into_iter().flat_map(|group| group.plans.iter());
    by_plan(plans.filter_map(|(plan, except)| Some((state.numbering().id(*plan)?, &**except))))
}

fn by_plan<'a>(plans: impl Iterator<Item = (&'a PlanId, &'a [AppId])>) -> Assignments<'a> {
    let mut plans: Assignments<'a> = plans.collect();
    plans.sort_unstable_by_key(|(plan, _)| *plan);
    plans
}

fn compare_assignments<'a>(
    assignee: impl Fn() -> Assignee,
    before: Assignments<'a>,
    after: Assignments<'a>,
    changes: &mut Vec<TenantChange>,
) {
    for (plan, was, is) in paired(before, after) {
        let assignment = |except: &[AppId]| Assignment { to: assignee(), plan: plan.clone(), except: except.to_vec() };
        changes.extend(match (was, is) {
            (Some(was), Some(is)) => (was != is).then(|| TenantChange::DenyListReplaced(assignment(is))),
            (None, Some(is)) => Some(TenantChange::Assigned(assignment(is))),
            (_, None) => Some(TenantChange::Unassigned(Unassignment { from: assignee(), plan: plan.clone() })),
        });
    }
}

fn compare_groups_of(user: UserRef<'_>, before: &[GroupId], after: &[GroupId], changes: &mut Vec<TenantChange>) {
    let keyed = |groups| <[GroupId]>::iter(groups).map(|group| (group, ()));
    for (group, was, is) in paired(keyed(before), keyed(after)) {
        let membership = || Membership { user: user.to_id(), group: group.clone() };
        match (was, is) {
            (None, Some(())) => changes.push(TenantChange::Joined(membership())),
            (Some(()), None) => changes.push(TenantChange::Left(membership())),
            _ => {}
        }
    }
}

fn compare_groups(before: &RecordState, after: &RecordState, changes: &mut Vec<TenantChange>) {
    let is_same = |one: &Group, other: &Group| Arc::ptr_eq(&one.plans, &other.plans);
    for (id, was, is) in differing(&before.groups, &after.groups, is_same) {
        let group = || Assignee::Group(GroupId::clone(id));
        compare_assignments(group, plans_of(before, was), plans_of(after, is), changes);
    }
}

fn compare_trials(before: &RecordState, after: &RecordState, changes: &mut Vec<TenantChange>) {
    let none = SharedHashMap::new();
    let [before, after] = [before, after].map(|state| state.trials.as_deref().unwrap_or(&none));
    for (name, was, is) in differing(before, after, |_, _| false) {
        match (was, is) {
            (None, Some(_)) => changes.push(TenantChange::TrialStarted(TrialName::clone(name))),
            (Some(_), None) => changes.push(TenantChange::TrialNotStarted(TrialName::clone(name))),
            _ => {}
        }
        let [before, after] = [was, is].map(|trial| trial.map_or(0, |trial| trial.extended.len()));
        if before != after {
            changes.push(TenantChange::TrialExtended { trial: TrialName::clone(name), before, after });
        }
    }
}

fn compare_claim_on_first_use(before: &RecordState, after: &RecordState, changes: &mut Vec<TenantChange>) {
    let allowed = |state| {
        let mut plans: Vec<(&PlanId, ())> = RecordState::claimable(state).map(|plan| (plan, ())).collect();
        plans.sort_unstable();
        plans
    };
    for (plan, was, is) in paired(allowed(before), allowed(after)) {
        let policy = if is.is_some() { ClaimPolicy::Allowed } else { ClaimPolicy::Off };
        if was != is {
            changes.push(TenantChange::ClaimOnFirstUseSet(ClaimOnFirstUse { plan: plan.clone(), policy }));
        }
    }
}

fn compare_consumption(before: &RecordState, after: &RecordState, changes: &mut Vec<TenantChange>) {
    let consumed = |state| {
        let mut plans: Vec<(&PlanId, &ConsumptionHistory)> = RecordState::consumption(state).collect();
        plans.sort_unstable_by_key(|(plan, _)| *plan);
        plans
    };
    let none = SharedHashMap::new();
    for (plan, was, is) in paired(consumed(before), consumed(after)) {
        let [was, is] = [was, is].map(|history| history.and_then(ConsumptionHistory::months).unwrap_or(&none));
        for pair in differing(was, is, |_, _| false) {
            compare_consumers(plan, pair, changes);
        }
    }
}

fn compare_consumers(
    plan: &PlanId,
    (month, was, is): Pair<&Month, &MonthConsumption>,
    changes: &mut Vec<TenantChange>,
) {
    let none = SharedHashMap::new();
    let [was, is] = [was, is].map(|month| month.map_or(&none, |month| &month.consumers));
    for (consumer, was, is) in differing(was, is, |one, other| one == other) {
        let [before, after] = [was, is].map(|quantity| quantity.copied().unwrap_or_default());
        let (plan, consumer) = (plan.clone(), consumer.clone());
        changes.push(TenantChange::Consumed { plan, month: *month, consumer, before, after });
    }
}
