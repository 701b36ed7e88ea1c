//! Reading a snapshot.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::collections::shared_hash_map::SharedHashMap;
use crate::id::{ConsumerId, ConsumptionId, GroupId, LicenseId, RecordId, TenantId, excerpt};
use crate::license::checkpoint::Checkpoint;
use crate::license::grant::MAX_EXTENSIONS;
use crate::license::head::EntryHash;
use crate::quantity::amount::Quantity;
use crate::tenant::Tenant;
use crate::tenant::command::{ClaimPolicy, MAX_EVENTS, SignUpPolicy, TrialName};
use crate::tenant::consumption::MonthConsumption;
use crate::tenant::snapshot::key::checksum;
use crate::tenant::snapshot::plan_rows::{PlanRows, assigned};
use crate::tenant::snapshot::user_rows::users;
use crate::tenant::snapshot::{
    Body, ConsumptionRow, DocumentRow, KEYED, PLAIN, RecordedAtRow, SnapshotError, SnapshotKey, malformed,
};
use crate::tenant::state::bucket::{Key, index};
use crate::tenant::state::config::TenantConfig;
use crate::tenant::state::recorded_trial::{RecordedAt, RecordedTrial};
use crate::tenant::state::seat_queue::SeatQueue;
use crate::tenant::state::stored_document::Installed;
use crate::tenant::state::timeline::{Moment, Timeline};
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
    let (documents, timeline) = base.read(documents, epochs, at(body.open)?, Timeline::new());
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

/// Makes the users members of their groups.
fn members(body: &Body<'_>, groups: &[GroupId], keys: &[Key], core: &mut RecordState) -> Result<(), SnapshotError> {
    let mut members: Vec<Vec<Key>> = alloc::vec![Vec::new(); groups.len()];
    for row in &body.extra_users {
        for &index_of_group in &row.groups {
            if let (Some(of_group), Some(&key)) = (members.get_mut(index_of_group), keys.get(index(row.user))) {
                of_group.push(key);
            }
        }
    }
    for (id, of_group) in groups.iter().zip(members) {
        if let Some(group) = core.groups.get_mut(id) {
            group.size = of_group.len();
            for key in of_group {
                group.members.insert(key, ());
            }
        }
    }
    if core.groups.iter().any(|(_, group)| group.is_empty()) {
        return Err(malformed("a group has neither members nor plans"));
    }
    Ok(())
}

fn at(seconds: i64) -> Result<DateTime<Utc>, SnapshotError> {
    let at = DateTime::from_timestamp(seconds, 0).filter(|&at| whole_second(at) == at);
    at.ok_or_else(|| malformed("invalid timestamp"))
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
