//! Writing a snapshot.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use hashbrown::hash_map;

use crate::catalog::index::PlanNumber;
use crate::collections::hashing::HashMap;
use crate::id::{AppId, ConsumptionId, GroupId};
use crate::tenant::Tenant;
use crate::tenant::command::{ClaimPolicy, SignUpPolicy};
use crate::tenant::snapshot::key::checksum;
use crate::tenant::snapshot::{
    AssignedRow, Body, ConsumptionRow, DocumentRow, GroupRow, KEYED, PLAIN, PlanRow, QueueRow, RecordedAtRow,
    SnapshotError, SnapshotKey, TrialRow, UserRow,
};
use crate::tenant::state::bucket::{Entry, Key};
use crate::tenant::state::plan::PlanState;
use crate::tenant::state::recorded_trial::RecordedAt;
use crate::tenant::state::user::{UserEntitlements, claim_on};
use crate::tenant::state::{Group, RecordState, State};

impl Tenant {
    /// Returns the tenant as bytes, from which [`Tenant::restore`] continues at the next start.
    ///
    /// They name the tenant's head, so that a host reads on behind it. They are a cache and can be
    /// deleted at any time. An attacker who can change them can make a tenant that no record gives, within
    /// what its documents grant; [`Tenant::snapshot_keyed`] prevents that. `O(n log n)` in the
    /// tenant; allocates the result and indexes of users and plans.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Malformed`] if the encoder fails.
    pub fn snapshot(&self) -> Result<Vec<u8>, SnapshotError> {
        self.snapshot_bytes(PLAIN, Vec::new(), checksum)
    }

    /// Returns the tenant as bytes that only a host with the key can make, with the checkpoints
    /// that its record was proved to contain. [`Tenant::restore_keyed`] continues from them (X11).
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Malformed`] if the encoder fails.
    pub fn snapshot_keyed(&self, key: &SnapshotKey) -> Result<Vec<u8>, SnapshotError> {
        let contained = self.base().contained.iter();
        let contained = contained.map(|(checkpoint, at)| (checkpoint.to_string(), at.timestamp())).collect();
        self.snapshot_bytes(KEYED, contained, |body| key.code(body))
    }

    /// Returns the first line, the code of the content, and the content.
    fn snapshot_bytes<const N: usize>(
        &self,
        first_line: &str,
        contained: Vec<(String, i64)>,
        code: impl Fn(&[u8]) -> [u8; N],
    ) -> Result<Vec<u8>, SnapshotError> {
        let failed = |_| SnapshotError::Malformed { what: "the encoder failed" };
        let (state, plans) = (self.state(), Plans::of(self));
        let mut user_numbers = UserNumbers::default();
        let queues: Vec<QueueRow<'_>> =
            plans.numbers().filter_map(|(row, number)| user_numbers.queue(state, row, number)).collect();
        user_numbers.add_rest(state);
        let groups = by_id(&state.core);
        let places = groups.iter().map(|(id, _)| *id).zip(0..).collect();
        let extra_users = user_numbers.order.iter().zip(0..).filter_map(|(key, user)| {
            let entry = state.users.entry(*key)?;
            has_extra(entry.held).then(|| user_row(user, entry.held, &plans, &places))
        });
        let is_claimable =
            |number| state.core.plan(number).is_some_and(|plan| plan.claim_policy == ClaimPolicy::Allowed);
        let body = Body {
            tenant: self.id().as_str(),
            record: self.record().number(),
            position: self.position(),
            hash: self.head().hash().to_bytes(),
            contained,
            epochs: state.core.timeline.recorded().map(|at| at.timestamp()).collect(),
            open: state.core.timeline.open().timestamp(),
            documents: state
                .core
                .documents
                .tokens()
                .map(|(token, kind, position)| DocumentRow(kind, position, token.to_string()))
                .collect(),
            sign_ups_are_off: self.sign_ups() == SignUpPolicy::Off,
            claimable: plans.numbers().filter(|(_, number)| is_claimable(*number)).map(|(row, _)| row).collect(),
            trials: trials(&state.core),
            plans: plans.ids.clone(),
            queues,
            groups: groups
                .iter()
                .map(|(id, row)| GroupRow { id: id.as_str(), plans: plans.assigned(row.iter().copied()) })
                .collect(),
            extra_users: extra_users.collect(),
            lengths: user_numbers.lengths.into(),
            users: &user_numbers.ids,
            consumption: plans.numbers().flat_map(|(row, number)| consumption_rows(&state.core, row, number)).collect(),
        };
        let mut bytes = first_line.as_bytes().to_vec();
        let start = bytes.len().saturating_add(N);
        bytes.resize(start, 0);
        let mut bytes = postcard::to_extend(&body, bytes).map_err(failed)?;
        let code = code(bytes.get(start..).unwrap_or_default());
        bytes.splice(first_line.len()..start, code);
        Ok(bytes)
    }
}

/// The plans that the rows of a snapshot name: those of the catalog in its order, then the others
/// by their ids.
struct Plans<'a> {
    ids: Vec<&'a str>,
    /// The tenant's numbers of the plans, in the order of the snapshot.
    numbers: Vec<PlanNumber>,
    rows: BTreeMap<PlanNumber, PlanRow>,
}

impl<'a> Plans<'a> {
    fn of(tenant: &'a Tenant) -> Self {
        let numbering = tenant.core().numbering();
        let groups = tenant.core().groups.iter().flat_map(|(_, group)| group.plans.keys());
        let of_groups: BTreeSet<PlanNumber> = groups.copied().collect();
        let is_mentioned = |number: PlanNumber| {
            let has_content = |plan: &PlanState| {
                plan.queue.len() > 0 || !plan.consumption.is_empty() || plan.claim_policy == ClaimPolicy::Allowed
            };
            of_groups.contains(&number) || tenant.core().plan(number).is_some_and(has_content)
        };
        // A plan that only documents name gets its number from them again; which plans those are
        // may depend on the proofs of anchors.
        let named = numbering.all().filter(|&number| is_mentioned(number));
        let mut named: Vec<_> = named
            .filter_map(|number| Some((numbering.in_catalog(number), numbering.id(number)?.as_str(), number)))
            .collect();
        // Plans of the catalog come first.
        named.sort_unstable_by_key(|&(index, id, _)| (index.is_none(), index, id));
        let rows = (0..).map(PlanRow).zip(&named).map(|(row, &(.., number))| (number, row)).collect();
        let (ids, numbers) = named.into_iter().map(|(_, id, number)| (id, number)).unzip();
        Self { ids, numbers, rows }
    }

    fn numbers(&self) -> impl Iterator<Item = (PlanRow, PlanNumber)> {
        (0..).map(PlanRow).zip(self.numbers.iter().copied())
    }

    fn assigned<'b>(&self, plans: impl Iterator<Item = (PlanNumber, &'b [AppId])>) -> Vec<AssignedRow<'b>> {
        let row = |(plan, off): (PlanNumber, &'b [AppId])| {
            Some(AssignedRow(*self.rows.get(&plan)?, off.iter().map(AppId::as_str).collect()))
        };
        let mut rows: Vec<_> = plans.filter_map(row).collect();
        rows.sort_unstable_by_key(|row| row.0);
        rows
    }
}

/// The users in the order of their numbers in the snapshot.
#[derive(Default)]
struct UserNumbers {
    order: Vec<Key>,
    numbers: HashMap<Key, u32>,
    lengths: Vec<u8>,
    ids: String,
}

impl UserNumbers {
    /// Returns the number of a user who has one; gives others the next number and returns `None`.
    fn number(&mut self, user: Entry<'_>) -> Option<u32> {
        match self.numbers.entry(user.key) {
            hash_map::Entry::Occupied(number) => Some(*number.get()),
            hash_map::Entry::Vacant(place) => {
                place.insert(u32::try_from(self.order.len()).unwrap_or(u32::MAX));
                self.order.push(user.key);
                let id = user.id.as_str();
                self.lengths.extend(u16::try_from(id.len()).unwrap_or(u16::MAX).to_le_bytes());
                self.ids.push_str(id);
                None
            }
        }
    }

    fn queue<'b>(&mut self, state: &State, row: PlanRow, number: PlanNumber) -> Option<QueueRow<'b>> {
        let plan = state.core.plan(number).filter(|plan| plan.queue.len() > 0)?;
        let (mut later, mut events): (Vec<u8>, Vec<(u64, u64)>) = (Vec::new(), Vec::new());
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for entry in state.queue_users(plan) {
            let claims = entry.held.claims();
            let claim = claim_on(claims.as_slice(), number)?;
            match (self.number(entry), runs.last_mut()) {
                (None, Some((first, 0))) => *first = first.saturating_add(1),
                (None, _) => runs.push((1, 0)),
                (Some(number), run) => {
                    later.extend(number.to_le_bytes());
                    match run {
                        Some((_, others)) => *others = others.saturating_add(1),
                        None => runs.push((0, 1)),
                    }
                }
            }
            match events.last_mut().filter(|(event, _)| *event == claim.event) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => events.push((claim.event, 1)),
            }
        }
        Some(QueueRow { plan: row, runs, later: later.into(), events })
    }

    /// Numbers the users without claims: members of groups without plans.
    fn add_rest(&mut self, state: &State) {
        let mut rest: Vec<_> = state.users.iter().filter(|entry| entry.held.claims().as_slice().is_empty()).collect();
        rest.sort_unstable_by_key(|entry| entry.id);
        for entry in rest {
            self.number(entry);
        }
    }
}

/// The plans assigned to a group, with the apps that are off.
type Assigned<'a> = Vec<(PlanNumber, &'a [AppId])>;

/// Returns the groups by their ids, with the plans assigned to each.
fn by_id<'a>(core: &'a RecordState) -> Vec<(&'a GroupId, Assigned<'a>)> {
    let plans = |group: &'a Group| group.plans.iter().map(|(plan, off)| (*plan, &**off)).collect();
    let mut groups: Vec<_> = core.groups.iter().map(|(id, group)| (id, plans(group))).collect();
    groups.sort_unstable_by_key(|(id, _): &(&GroupId, _)| *id);
    groups
}

/// Returns whether a user has more than their places in queues.
fn has_extra(held: &UserEntitlements) -> bool {
    let claims = held.claims();
    !held.groups().is_empty() || claims.as_slice().iter().any(|claim| !claim.is_plain())
}

fn user_row<'a>(
    user: u32,
    held: &'a UserEntitlements,
    plans: &Plans<'_>,
    places: &BTreeMap<&GroupId, usize>,
) -> UserRow<'a> {
    let direct = held.stored_claims().iter().filter_map(|claim| Some((claim.plan, claim.directly_denied()?)));
    UserRow {
        user,
        groups: held.groups().iter().filter_map(|group| places.get(group).copied()).collect(),
        direct: plans.assigned(direct),
    }
}

fn trials(core: &RecordState) -> Vec<TrialRow<'_>> {
    let mut rows = Vec::new();
    for (name, recorded) in core.recorded() {
        let extended = recorded.extended.iter().map(|recorded_at| recorded_at_row(*recorded_at)).collect();
        let (license, plan) = (name.license.number(), name.plan.as_str());
        rows.push(TrialRow { license, plan, started: recorded_at_row(recorded.started), extended });
    }
    rows
}

fn recorded_at_row(recorded_at: RecordedAt) -> RecordedAtRow {
    RecordedAtRow(recorded_at.moment.epoch, recorded_at.moment.latest.timestamp(), recorded_at.documents)
}

fn consumption_rows(core: &RecordState, row: PlanRow, number: PlanNumber) -> Vec<ConsumptionRow<'_>> {
    let months = core.plan(number).into_iter().flat_map(|plan| plan.consumption.by_month());
    let mut rows = Vec::new();
    for (month, consumption) in months {
        let consumers =
            consumption.consumers.iter().map(|(consumer, quantity)| (consumer.as_str(), quantity.in_millionths()));
        let (mut consumers, mut ids): (Vec<_>, Vec<_>) =
            (consumers.collect(), consumption.ids().map(ConsumptionId::as_str).collect());
        consumers.sort_unstable();
        ids.sort_unstable();
        let (month, total) = (month.starts().timestamp(), consumption.total.in_millionths());
        rows.push(ConsumptionRow { plan: row, month, total, consumers, ids });
    }
    rows
}
