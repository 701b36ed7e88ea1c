//! Reading a snapshot.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::catalog::Catalog;
use crate::catalog::index::PlanNumber;
use crate::collections::shared_hash_map::SharedHashMap;
use crate::id::user::UserRef;
use crate::id::{AppId, ConsumerId, ConsumptionId, GroupId, LicenseId, PlanId, RecordId, TenantId, excerpt};
use crate::license::checkpoint::Checkpoint;
use crate::license::grant::MAX_EXTENSIONS;
use crate::license::head::EntryHash;
use crate::quantity::amount::Quantity;
use crate::tenant::Tenant;
use crate::tenant::command::{ClaimPolicy, MAX_EVENTS, SignUpPolicy, TrialName};
use crate::tenant::consumption::MonthConsumption;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::snapshot::key::checksum;
use crate::tenant::snapshot::queues::{ClaimOrder, ClaimRun, LaterClaim};
use crate::tenant::snapshot::{
    AssignedRow, Body, ConsumptionRow, DocumentRow, KEYED, PLAIN, PlanRow, RecordedAtRow, SnapshotError, SnapshotKey,
    UserRow, malformed, queues,
};
use crate::tenant::state::bucket::{Key, index};
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::config::TenantConfig;
use crate::tenant::state::recorded_trial::{RecordedAt, RecordedTrial};
use crate::tenant::state::seat_queue::SeatQueue;
use crate::tenant::state::sources::{Direct, NewClaims, Sources};
use crate::tenant::state::stored_document::Installed;
use crate::tenant::state::timeline::Moment;
use crate::tenant::state::user::{Claim, DenyList, UserEntitlements};
use crate::tenant::state::users::Users;
use crate::tenant::state::users::builder::{BuildError, UserTableBuilder};
use crate::tenant::state::{Effect, Group, RecordState, State};
use crate::time::month::Month;
use crate::time::whole_second;
use crate::token::Token;
use crate::token::ring::KeyRing;

impl Tenant {
    /// Restores a tenant from a [`Tenant::snapshot`]. The host then applies the entries after its
    /// [`head`](Tenant::head), which its record must contain.
    ///
    /// The host decides which tenant this is, as for [`Tenant::new`]. The documents are verified
    /// again, under this ring. Documents that depend on a checkpoint give nothing until
    /// [`Tenant::with_proof`] is called. Under another catalog than the snapshot was made with, the
    /// tenant is as [`Tenant::rebase`] would make it (X11). `O(n log n)` in the snapshot.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for bytes of another format, a keyed snapshot, damaged bytes, a snapshot of
    /// another tenant, and content that no release writes. The record then rebuilds the tenant.
    pub fn restore(catalog: &Catalog, ring: &KeyRing, tenant: TenantId, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let body = read_body(plain_body(bytes)?)?;
        Self::restore_body(TenantConfig::of_snapshot(catalog, ring, tenant, &body, BTreeMap::new())?, &body)
    }

    /// Restores a tenant from a [`Tenant::snapshot_keyed`], with the checkpoints that its record
    /// was proved to contain. Otherwise as [`Tenant::restore`].
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] as for [`Tenant::restore`], for a snapshot without a key, and for one that
    /// was not made with this key or was changed since.
    pub fn restore_keyed(
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: TenantId,
        key: &SnapshotKey,
        bytes: &[u8],
    ) -> Result<Self, SnapshotError> {
        let body = read_body(keyed_body(bytes, key)?)?;
        let contained = contained(&body)?;
        Self::restore_body(TenantConfig::of_snapshot(catalog, ring, tenant, &body, contained)?, &body)
    }

    fn restore_body(base: TenantConfig, body: &Body<'_>) -> Result<Self, SnapshotError> {
        let mut state = State::new(&base.catalog);
        record(body, &base, &mut state.core)?;
        let plans = PlanRows::of(body, &mut state.core)?;
        claim_policies(body, &plans, &mut state.core)?;
        let groups = groups(body, &plans, &mut state.core)?;
        let (users, keys) = users(body, &groups, &plans, &state.core)?;
        state.users = users;
        members(body, &groups, &keys, &mut state.core)?;
        let mut next = keys.as_slice();
        for queue in &body.queues {
            let users;
            (users, next) = queue.keys(&keys, next);
            if let Some(plan) = state.core.plan_mut(plans.number(queue.plan)?) {
                plan.queue = SeatQueue::from_users(&users);
            }
        }
        for row in &body.consumption {
            restore_consumption(row, &plans, &mut state.core)?;
        }
        state.core.rebuild_all_pools();
        Ok(Self::of(base, state, EntryHash::from_bytes(body.hash)))
    }
}

impl TenantConfig {
    /// Returns the configuration of the tenant of a snapshot.
    fn of_snapshot(
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: TenantId,
        body: &Body<'_>,
        contained: BTreeMap<Checkpoint, DateTime<Utc>>,
    ) -> Result<Self, SnapshotError> {
        if body.tenant != tenant.as_str() {
            return Err(SnapshotError::OtherTenant { found: excerpt(body.tenant), ours: tenant });
        }
        let record = RecordId::from_random(body.record.to_be_bytes());
        Ok(Self { catalog: catalog.clone(), ring: ring.clone(), tenant, record, contained })
    }
}

/// Returns the content after the first line and the checksum, if both are right.
pub(super) fn plain_body(bytes: &[u8]) -> Result<&[u8], SnapshotError> {
    let Some(rest) = bytes.strip_prefix(PLAIN.as_bytes()) else {
        return Err(if bytes.starts_with(KEYED.as_bytes()) { SnapshotError::Keyed } else { other_format(bytes) });
    };
    let (sum, body) = rest.split_first_chunk().ok_or(SnapshotError::Damaged)?;
    if checksum(body) == *sum { Ok(body) } else { Err(SnapshotError::Damaged) }
}

/// Returns the content after the first line and the code, if the key made the code.
fn keyed_body<'b>(bytes: &'b [u8], key: &SnapshotKey) -> Result<&'b [u8], SnapshotError> {
    let Some(rest) = bytes.strip_prefix(KEYED.as_bytes()) else {
        return Err(if bytes.starts_with(PLAIN.as_bytes()) { SnapshotError::NotKeyed } else { other_format(bytes) });
    };
    let (code, body) = rest.split_first_chunk().ok_or(SnapshotError::OtherKey)?;
    if key.made(code, body) { Ok(body) } else { Err(SnapshotError::OtherKey) }
}

fn other_format(bytes: &[u8]) -> SnapshotError {
    let beginning = bytes.get(..bytes.len().min(KEYED.len())).unwrap_or_default();
    SnapshotError::OtherFormat { found: String::from_utf8_lossy(beginning).trim_end().into() }
}

fn read_body(bytes: &[u8]) -> Result<Body<'_>, SnapshotError> {
    let (body, rest) = postcard::take_from_bytes::<Body<'_>>(bytes).map_err(|_| malformed("a field cannot be read"))?;
    if rest.is_empty() { Ok(body) } else { Err(malformed("there are bytes after its end")) }
}

/// Returns the checkpoints that the record was proved to contain.
fn contained(body: &Body<'_>) -> Result<BTreeMap<Checkpoint, DateTime<Utc>>, SnapshotError> {
    let parse = |(checkpoint, latest_event): &(String, i64)| {
        let checkpoint = checkpoint.parse().map_err(|_| malformed("invalid checkpoint"))?;
        Ok((checkpoint, at(*latest_event)?))
    };
    body.contained.iter().map(parse).collect()
}

/// The numbers in the tenant of the plans that the rows of a snapshot name.
struct PlanRows(Vec<PlanNumber>);

impl PlanRows {
    fn of(body: &Body<'_>, core: &mut RecordState) -> Result<Self, SnapshotError> {
        let mut ids: Vec<PlanId> = Vec::with_capacity(body.plans.len());
        for id in &body.plans {
            ids.push(id.parse().map_err(|_| malformed("invalid plan id"))?);
        }
        let numbers: Vec<PlanNumber> = ids.iter().map(|id| core.number_or_next(id)).collect();
        let distinct: BTreeSet<PlanNumber> = numbers.iter().copied().collect();
        if distinct.len() == numbers.len() { Ok(Self(numbers)) } else { Err(malformed("duplicate plan")) }
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn number(&self, row: PlanRow) -> Result<PlanNumber, SnapshotError> {
        self.0.get(row.0).copied().ok_or_else(|| malformed("unknown plan"))
    }
}

fn at(seconds: i64) -> Result<DateTime<Utc>, SnapshotError> {
    let at = DateTime::from_timestamp(seconds, 0).filter(|&at| whole_second(at) == at);
    at.ok_or_else(|| malformed("invalid timestamp"))
}

/// Restores the times, the documents and what was recorded of trials.
fn record(body: &Body<'_>, base: &TenantConfig, core: &mut RecordState) -> Result<(), SnapshotError> {
    if body.position > MAX_EVENTS {
        return Err(malformed("the position is beyond the longest record"));
    }
    core.position = body.position;
    core.sign_ups = if body.sign_ups_are_off { SignUpPolicy::Off } else { SignUpPolicy::Allowed };
    let mut tokens: Vec<(Token, Installed, u64)> = Vec::with_capacity(body.documents.len());
    for DocumentRow(kind, position, text) in &body.documents {
        let token = text.parse().map_err(|_| malformed("a document is not a token"))?;
        if !(1..=body.position).contains(position) || tokens.last().is_some_and(|(_, _, last)| last > position) {
            return Err(malformed("the documents are out of order"));
        }
        tokens.push((token, *kind, *position));
    }
    let tickets = tokens.iter().filter(|(_, kind, _)| matches!(kind, Installed::Ticket)).count();
    if tickets != body.epochs.len() {
        return Err(malformed("the number of times differs from the number of time tickets"));
    }
    let epochs: Vec<_> = body.epochs.iter().map(|&seconds| at(seconds)).collect::<Result<_, _>>()?;
    let documents = tokens.iter().map(|(token, kind, position)| (token, *kind, *position));
    let (documents, timeline) = base.read(documents, epochs, at(body.open)?);
    core.documents = Arc::new(documents);
    core.timeline = timeline;
    let recorded_at = |row: &RecordedAtRow| {
        let RecordedAtRow(epoch, latest, documents) = *row;
        if epoch > body.epochs.len() || documents > tokens.len() {
            return Err(malformed("a trial was recorded outside the record"));
        }
        Ok(RecordedAt { moment: Moment { epoch, latest: at(latest)? }, documents })
    };
    for row in &body.trials {
        let plan = row.plan.parse().map_err(|_| malformed("invalid plan id"))?;
        let name = TrialName::new(LicenseId::from_random(row.license.to_be_bytes()), plan);
        let extended = row.extended.iter().map(recorded_at).collect::<Result<Vec<_>, _>>()?;
        if extended.len() > MAX_EXTENSIONS {
            return Err(malformed("a trial has too many extensions"));
        }
        if core.restore_trial(name, RecordedTrial { started: recorded_at(&row.started)?, extended })
            == Effect::Unchanged
        {
            return Err(malformed("duplicate trial"));
        }
    }
    Ok(())
}

/// Returns assignments by plan, each plan once.
fn assigned(rows: &[AssignedRow<'_>], plans: &PlanRows) -> Result<Direct, SnapshotError> {
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

/// Restores of which plans users may claim seats by themselves.
fn claim_policies(body: &Body<'_>, plans: &PlanRows, core: &mut RecordState) -> Result<(), SnapshotError> {
    if !body.claimable.is_sorted_by(|one, other| one < other) {
        return Err(malformed("the plans whose seats users claim are out of order"));
    }
    for row in &body.claimable {
        let plan = core.plan_mut(plans.number(*row)?).ok_or_else(|| malformed("unknown plan"))?;
        plan.claim_policy = ClaimPolicy::Allowed;
    }
    Ok(())
}

/// Restores the groups with their plans, without members yet. Returns their ids in the order of the
/// snapshot.
fn groups(body: &Body<'_>, plans: &PlanRows, core: &mut RecordState) -> Result<Vec<GroupId>, SnapshotError> {
    let mut ids: Vec<GroupId> = Vec::with_capacity(body.groups.len());
    for row in &body.groups {
        let id: GroupId = row.id.parse().map_err(|_| malformed("invalid group id"))?;
        if ids.last().is_some_and(|last| *last >= id) {
            return Err(malformed("the groups are out of order"));
        }
        let plans = Arc::new(assigned(&row.plans, plans)?.into_iter().collect());
        core.groups.insert(id.clone(), Group { plans, ..Group::new() });
        ids.push(id);
    }
    Ok(ids)
}

/// Returns the users with what they hold, and their keys in the order of the snapshot.
fn users(
    body: &Body<'_>,
    groups: &[GroupId],
    plans: &PlanRows,
    core: &RecordState,
) -> Result<(Users, Vec<Key>), SnapshotError> {
    let (later, users_with_claims) = queues::later_claims(&body.queues, plans.len(), body.position)?;
    let count = u32::try_from(body.lengths.len().wrapping_div(2)).map_err(|_| wrong_lengths())?;
    if u64::from(count) < users_with_claims {
        return Err(malformed("a queue has a claim without an event or a user"));
    }
    let rows = body.extra_users.as_slice();
    if !rows.is_sorted_by(|one, other| one.user < other.user) || rows.last().is_some_and(|row| row.user >= count) {
        return Err(malformed("the users are out of order"));
    }
    let (mut ids, mut extra) = (Ids::of(body)?, ExtraUserData { later: &later, rows, groups, plans, core });
    let mut builder = UserTableBuilder::with_capacity(index(count), body.users.len());
    let (mut user, mut next) = (0_u32, extra.next());
    for queue in &body.queues {
        let plan = plans.number(queue.plan)?;
        for ClaimRun { number, count, event, .. } in
            queue.runs_of_one_event().filter(|run| run.order == ClaimOrder::First)
        {
            for number in number..number.saturating_add(count) {
                let (id, number) = (ids.next()?, ClaimNumber(number));
                if user == next {
                    builder.add(id, extra.held(user, &UserEntitlements::plain(plan, number, event))?);
                    next = extra.next();
                } else {
                    builder.add_plain(id, plan, number, event);
                }
                user = user.saturating_add(1);
            }
        }
    }
    for user in user..count {
        let held = extra.held(user, &UserEntitlements::Nothing)?;
        if held.is_nothing() {
            return Err(malformed("a user has neither claims nor groups"));
        }
        builder.add(ids.next()?, held);
    }
    ids.end()?;
    builder.build().map_err(|error| match error {
        BuildError::InvalidId => malformed("invalid user id"),
        BuildError::DuplicateUser => malformed("duplicate user"),
    })
}

fn wrong_lengths() -> SnapshotError {
    malformed("the lengths of the user ids do not match")
}

/// Iterates over the ids of the users.
struct Ids<'a> {
    rest: &'a str,
    lengths: core::slice::ChunksExact<'a, u8>,
}

impl<'a> Ids<'a> {
    fn of(body: &'a Body<'_>) -> Result<Self, SnapshotError> {
        let lengths = body.lengths.chunks_exact(2);
        if !lengths.remainder().is_empty() {
            return Err(wrong_lengths());
        }
        Ok(Self { rest: body.users, lengths })
    }

    /// Returns the next id, of which only the length is checked.
    fn next(&mut self) -> Result<UserRef<'a>, SnapshotError> {
        let length = self.lengths.next().and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
        let parts = length.and_then(|length| self.rest.split_at_checked(length.into()));
        let (id, rest) = parts.ok_or_else(wrong_lengths)?;
        self.rest = rest;
        UserRef::plain(id).map_err(|_| malformed("invalid user id"))
    }

    fn end(&self) -> Result<(), SnapshotError> {
        if self.rest.is_empty() { Ok(()) } else { Err(wrong_lengths()) }
    }
}

/// What the next users have beyond one plain claim.
struct ExtraUserData<'a> {
    later: &'a [LaterClaim],
    rows: &'a [UserRow<'a>],
    groups: &'a [GroupId],
    plans: &'a PlanRows,
    core: &'a RecordState,
}

impl ExtraUserData<'_> {
    /// Returns the next user who has more than one plain claim; `u32::MAX`, which no user has, at
    /// the end.
    fn next(&self) -> u32 {
        let (later, row) = (self.later.first().map(|claim| claim.user), self.rows.first().map(|row| row.user));
        later.into_iter().chain(row).min().unwrap_or(u32::MAX)
    }

    /// Returns what a user holds; users are asked in order.
    fn held(&mut self, user: u32, first: &UserEntitlements) -> Result<UserEntitlements, SnapshotError> {
        let (these, rest) = self.later.split_at(self.later.iter().take_while(|claim| claim.user == user).count());
        self.later = rest;
        let mut claims: SmallVec<[Claim; 1]> = first.claims().as_slice().iter().cloned().collect();
        for claim in these {
            claims.push(Claim::plain(self.plans.number(claim.plan)?, claim.number, claim.event));
        }
        // Another catalog may number the plans in another order.
        claims.sort_unstable_by_key(|claim| claim.plan);
        match self.rows.split_first().filter(|(row, _)| row.user == user) {
            None => Ok(UserEntitlements::new(claims, Vec::new())),
            Some((row, rest)) => {
                self.rows = rest;
                settled(row, claims, self.groups, self.plans, self.core)
            }
        }
    }
}

/// Returns what a user holds by the assignments to them and their groups; the queues must have the
/// same claims.
fn settled(
    row: &UserRow<'_>,
    claims: SmallVec<[Claim; 1]>,
    groups: &[GroupId],
    plans: &PlanRows,
    core: &RecordState,
) -> Result<UserEntitlements, SnapshotError> {
    if row.groups.len() > MAX_GROUPS {
        return Err(malformed("a user is in too many groups"));
    }
    if !row.groups.is_sorted_by(|one, other| one < other) {
        return Err(malformed("the groups of a user are out of order"));
    }
    let of_user: Option<Vec<GroupId>> = row.groups.iter().map(|&place| groups.get(place).cloned()).collect();
    let of_user = of_user.ok_or_else(|| malformed("a user is in an unknown group"))?;
    let (count, before) = (claims.len(), UserEntitlements::new(claims, Vec::new()));
    let mut new_claims = NewClaims::new();
    let held = core.settled(&Sources::new(&before, assigned(&row.direct, plans)?, of_user), &mut new_claims);
    if new_claims.is_empty() && held.claims().as_slice().len() == count {
        Ok(held)
    } else {
        Err(malformed("the claims of a user differ from those in the queues"))
    }
}

/// Makes the users members of their groups.
fn members(body: &Body<'_>, groups: &[GroupId], keys: &[Key], core: &mut RecordState) -> Result<(), SnapshotError> {
    for row in &body.extra_users {
        for &index_of_group in &row.groups {
            let group = groups.get(index_of_group).and_then(|id| core.groups.get_mut(id));
            if let (Some(group), Some(&key)) = (group, keys.get(index(row.user))) {
                group.size = group.size.saturating_add(1);
                group.members.insert(key, ());
            }
        }
    }
    if core.groups.iter().any(|(_, group)| group.is_empty()) {
        return Err(malformed("a group has neither members nor plans"));
    }
    Ok(())
}

fn restore_consumption(
    row: &ConsumptionRow<'_>,
    plans: &PlanRows,
    core: &mut RecordState,
) -> Result<(), SnapshotError> {
    let (mut consumers, mut ids) = (SharedHashMap::new(), SharedHashMap::new());
    for (consumer, quantity) in &row.consumers {
        let consumer: ConsumerId = consumer.parse().map_err(|_| malformed("invalid consumer id"))?;
        consumers.insert(consumer, Quantity::of_millionths(*quantity));
    }
    for id in &row.ids {
        let id: ConsumptionId = id.parse().map_err(|_| malformed("invalid consumption id"))?;
        ids.insert(id, ());
    }
    let month = MonthConsumption::restored(Quantity::of_millionths(row.total), consumers, ids);
    let plan = core.plan_mut(plans.number(row.plan)?).ok_or_else(|| malformed("unknown plan"))?;
    match plan.consumption.restore(Month::of(at(row.month)?), month) {
        None => Ok(()),
        Some(_) => Err(malformed("duplicate month")),
    }
}
