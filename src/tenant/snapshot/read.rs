//! Reading a snapshot.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::amount::Quantity;
use crate::catalog::Catalog;
use crate::id::{AppId, DrawId, GroupId, LicenseId, PlanId, TenantId, ThingId, excerpt, is_plain};
use crate::month::Month;
use crate::tenant::Tenant;
use crate::tenant::base::Base;
use crate::tenant::command::{SignUps, TrialName};
use crate::tenant::draws::Drawn;
use crate::tenant::leaf::{Key, index};
use crate::tenant::line::Line;
use crate::tenant::map::Map;
use crate::tenant::snapshot::write::fingerprint;
use crate::tenant::snapshot::{
    AssignedRow, Body, DrawnRow, LineRow, RELEASE, SnapshotError, StampRow, UserRow, checksum,
};
use crate::tenant::sources::{Came, Direct, Sources};
use crate::tenant::state::{Core, Group, Recorded, Stamp, State};
use crate::tenant::timeline::{Moment, Timeline};
use crate::tenant::user::{Claim, DenyList, Held};
use crate::tenant::users::Users;
use crate::tenant::users::crowd::Crowd;
use crate::time::whole_second;
use crate::token::Token;
use crate::token::ring::KeyRing;
use crate::user_id::UserRef;

impl Tenant {
    /// The tenant of a [`Tenant::snapshot`], to go on from: apply the events that came after its
    /// [`position`](Tenant::position).
    ///
    /// Which tenant it is, is the host's word, as for [`Tenant::new`]. Its documents are verified again, under this ring.
    /// What depends on a checkpoint gives nothing until [`Tenant::anchored`] is told again. Linear in the snapshot, but for
    /// sorting.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for bytes of another release, damaged ones, those of another tenant or catalog, and those that no
    /// release writes. The record rebuilds the tenant then.
    pub fn restore(catalog: &Catalog, ring: &KeyRing, tenant: TenantId, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (body, rest) =
            postcard::take_from_bytes::<Body<'_>>(opened(bytes)?).map_err(|_| malformed("a field cannot be read"))?;
        if !rest.is_empty() {
            return Err(malformed("something follows its end"));
        }
        if body.tenant != tenant.as_str() {
            return Err(SnapshotError::OtherTenant { found: excerpt(body.tenant), ours: tenant });
        }
        if body.catalog != fingerprint(catalog)? {
            return Err(SnapshotError::OtherCatalog);
        }
        let base = Base { catalog: catalog.clone(), ring: ring.clone(), tenant, contained: BTreeMap::new() };
        let mut state = State::new(catalog);
        record(&body, &base, &mut state.core)?;
        let groups = groups(&body, &mut state.core)?;
        let (users, keys) = users(&body, &groups, &mut state.core)?;
        state.users = users;
        members(&body, &groups, &keys, &mut state.core)?;
        for line in &body.lines {
            let users: Option<Vec<Key>> = numbers(line).map(|user| keys.get(index(user)).copied()).collect();
            let (Some(users), Some(plan)) = (users, state.core.plan_mut(line.plan)) else {
                return Err(malformed("a line has a user whom nobody knows"));
            };
            plan.line = Line::of(&users);
        }
        for row in &body.draws {
            draw(row, &mut state.core)?;
        }
        state.core.reckon_afresh();
        Ok(Self::of(base, state))
    }
}

fn malformed(what: &'static str) -> SnapshotError {
    SnapshotError::Malformed { what }
}

/// What stands behind the release and the hash, if they are right.
pub(super) fn opened(bytes: &[u8]) -> Result<&[u8], SnapshotError> {
    let Some(rest) = bytes.strip_prefix(RELEASE.as_bytes()) else {
        let beginning = bytes.get(..bytes.len().min(RELEASE.len())).unwrap_or_default();
        return Err(SnapshotError::OtherRelease { found: String::from_utf8_lossy(beginning).trim_end().into() });
    };
    let (sum, body) = rest.split_first_chunk().ok_or(SnapshotError::Damaged)?;
    if checksum(body) == *sum { Ok(body) } else { Err(SnapshotError::Damaged) }
}

fn at(seconds: i64) -> Result<DateTime<Utc>, SnapshotError> {
    let at = DateTime::from_timestamp(seconds, 0).filter(|&at| whole_second(at) == at);
    at.ok_or_else(|| malformed("a time is none"))
}

/// The numbers of the users of a line.
fn numbers<'a>(line: &'a LineRow<'_>) -> impl Iterator<Item = u32> + 'a {
    line.users.chunks_exact(4).filter_map(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
}

/// The times, the documents, what was recorded of trials, and the numbers of the plans.
fn record(body: &Body<'_>, base: &Base, core: &mut Core) -> Result<(), SnapshotError> {
    core.position = body.position;
    core.sign_ups = if body.sign_ups_are_off { SignUps::Off } else { SignUps::Allowed };
    let mut tokens = Vec::with_capacity(body.documents.len());
    for (kind, text) in &body.documents {
        let token: Token = text.parse().map_err(|_| malformed("a document is no token"))?;
        tokens.push((token, *kind));
    }
    let (documents, mends) = base.read(tokens.iter().map(|(token, kind)| (token, *kind)));
    if mends.len() != body.stretches.len() {
        return Err(malformed("the times do not belong to its time tickets"));
    }
    let latest = body.stretches.iter().map(|&seconds| at(seconds)).collect::<Result<_, _>>()?;
    core.documents = Arc::new(documents);
    core.timeline = Timeline::restored(latest, at(body.open)?, mends);
    for stranger in &body.strangers {
        let plan: PlanId = stranger.parse().map_err(|_| malformed("the id of a plan is none"))?;
        if core.number(&plan).is_some() {
            return Err(malformed("a plan is there twice"));
        }
        core.number_or_next(&plan);
    }
    let stamp = |row: &StampRow| {
        let StampRow(stretch, latest, documents) = *row;
        if stretch > body.stretches.len() || documents > tokens.len() {
            return Err(malformed("a trial was recorded where there is no record"));
        }
        Ok(Stamp { moment: Moment { stretch, latest: at(latest)? }, documents })
    };
    for row in &body.trials {
        let plan = row.plan.parse().map_err(|_| malformed("the id of a plan is none"))?;
        let name = TrialName::new(LicenseId::from_random(row.license.to_be_bytes()), plan);
        let extended = row.extended.iter().map(stamp).collect::<Result<_, _>>()?;
        if core.restore_trial(name, Recorded { started: stamp(&row.started)?, extended }).is_some() {
            return Err(malformed("a trial is there twice"));
        }
    }
    Ok(())
}

/// Assignments by plan, each plan once.
fn assigned(rows: &[AssignedRow<'_>], core: &Core) -> Result<Direct, SnapshotError> {
    let mut assigned: Direct = SmallVec::new();
    for AssignedRow(plan, off) in rows {
        let is_next = assigned.last().is_none_or(|(last, _)| last < plan);
        if !is_next || *plan >= core.numbering().len() || !off.is_sorted_by(|one, other| one < other) {
            return Err(malformed("the assignments of somebody are out of order"));
        }
        let off: Result<Vec<AppId>, _> = off.iter().map(|app| app.parse()).collect();
        let off = off.map_err(|_| malformed("the id of an app is none"))?;
        assigned.push((*plan, if off.is_empty() { DenyList::default() } else { off.into() }));
    }
    Ok(assigned)
}

/// The groups with their plans, not yet with their members; and their ids in the order of the snapshot.
fn groups(body: &Body<'_>, core: &mut Core) -> Result<Vec<GroupId>, SnapshotError> {
    let mut ids: Vec<GroupId> = Vec::with_capacity(body.groups.len());
    for row in &body.groups {
        let id: GroupId = row.id.parse().map_err(|_| malformed("the id of a group is none"))?;
        if ids.last().is_some_and(|last| *last >= id) {
            return Err(malformed("the groups are out of order"));
        }
        let plans = Arc::new(assigned(&row.plans, core)?.into_iter().collect());
        core.groups.insert(id.clone(), Group { plans, ..Group::new() });
        ids.push(id);
    }
    Ok(ids)
}

/// The users, with what they hold, and their keys in the order of the snapshot.
fn users(body: &Body<'_>, groups: &[GroupId], core: &mut Core) -> Result<(Users, Vec<Key>), SnapshotError> {
    if body.lengths.len() & 1 != 0 {
        return Err(mismeasured());
    }
    let (mut held, mut more) = claims(body, body.lengths.len().wrapping_div(2), core)?;
    let mut last = None;
    for row in &body.others {
        let there = held.get_mut(index(row.user)).filter(|_| last.is_none_or(|last| last < row.user));
        let there = there.ok_or_else(|| malformed("the users are out of order"))?;
        last = Some(row.user);
        let claims = together(there, more.remove(&row.user).unwrap_or_default());
        *there = settled(row, claims, groups, core)?;
    }
    for (user, claims) in more {
        if let Some(there) = held.get_mut(index(user)) {
            *there = Held::new(together(there, claims), Vec::new());
        }
    }
    let mut crowd = Crowd::of(held.len(), body.users.len());
    let (mut rest, all_are_plain) = (body.users, is_plain(body.users));
    let lengths = body.lengths.chunks_exact(2).filter_map(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
    for (held, length) in held.into_iter().zip(lengths) {
        let (id, after) = rest.split_at_checked(length.into()).ok_or_else(mismeasured)?;
        rest = after;
        let id = if all_are_plain { UserRef::plain(id) } else { UserRef::checked(id) };
        let id = id.map_err(|_| malformed("the id of a user is none"))?;
        if held.is_nothing() {
            return Err(malformed("a user has nothing"));
        }
        crowd.add(id, held);
    }
    if !rest.is_empty() {
        return Err(mismeasured());
    }
    crowd.settle().ok_or_else(|| malformed("a user is there twice"))
}

fn mismeasured() -> SnapshotError {
    malformed("the ids of the users are not as long as it says")
}

/// The claims of a user who has several, but for the first.
type More = SmallVec<[Claim; 1]>;

fn together(first: &Held, more: More) -> SmallVec<[Claim; 1]> {
    first.claims().as_slice().iter().cloned().chain(more).collect()
}

/// The claims in the lines, as if all were direct: of each user the first, and the others.
fn claims(body: &Body<'_>, users: usize, core: &mut Core) -> Result<(Vec<Held>, HashMap<u32, More>), SnapshotError> {
    let mut held = alloc::vec![Held::Nothing; users];
    let mut more: HashMap<u32, More> = HashMap::new();
    let mut last = None;
    for line in &body.lines {
        let is_next = last.is_none_or(|last| last < line.plan);
        let count = u64::try_from(line.users.len().wrapping_div(4)).unwrap_or(u64::MAX);
        let events = line.events.iter().try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count));
        if !is_next || core.plan_mut(line.plan).is_none() || events != Some(count) || line.users.len() & 3 != 0 {
            return Err(malformed("the lines are out of order"));
        }
        last = Some(line.plan);
        let (mut events, mut event, mut left) = (line.events.iter(), 0_u64, 0_u64);
        for (number, user) in (0_u64..).zip(numbers(line)) {
            while left == 0 {
                let before = event;
                (event, left) = events.next().copied().filter(|(event, _)| *event > before).unwrap_or((u64::MAX, 1));
            }
            left = left.saturating_sub(1);
            let there = held.get_mut(index(user)).filter(|_| event <= body.position);
            let there = there.ok_or_else(|| malformed("a line has a claim that nobody made"))?;
            if there.is_nothing() {
                *there = Held::plain(line.plan, number, event);
                continue;
            }
            let others = more.entry(user).or_default();
            let claims = there.claims();
            let before = others.last().or(claims.as_slice().last());
            if before.is_some_and(|before| before.plan >= line.plan) {
                return Err(malformed("a line has a user twice"));
            }
            others.push(Claim::plain(line.plan, number, event));
        }
    }
    Ok((held, more))
}

/// What a user holds by what is assigned to them and to their groups; the same claims must be in the lines.
fn settled(
    row: &UserRow<'_>,
    claims: SmallVec<[Claim; 1]>,
    groups: &[GroupId],
    core: &Core,
) -> Result<Held, SnapshotError> {
    if !row.groups.is_sorted_by(|one, other| one < other) {
        return Err(malformed("the groups of a user are out of order"));
    }
    let of_user: Option<Vec<GroupId>> = row.groups.iter().map(|&place| groups.get(place).cloned()).collect();
    let of_user = of_user.ok_or_else(|| malformed("a user is in a group that is not there"))?;
    let (count, before) = (claims.len(), Held::new(claims, Vec::new()));
    let mut came = Came::new();
    let held = core.settled(&Sources::new(&before, assigned(&row.direct, core)?, of_user), &mut came);
    if came.is_empty() && held.claims().as_slice().len() == count {
        Ok(held)
    } else {
        Err(malformed("the claims of a user are not those in the lines"))
    }
}

/// Makes the users members of their groups.
fn members(body: &Body<'_>, groups: &[GroupId], keys: &[Key], core: &mut Core) -> Result<(), SnapshotError> {
    for row in &body.others {
        for &place in &row.groups {
            let group = groups.get(place).and_then(|id| core.groups.get_mut(id));
            if let (Some(group), Some(&key)) = (group, keys.get(index(row.user))) {
                group.size = group.size.saturating_add(1);
                group.members.insert(key, ());
            }
        }
    }
    if core.groups.iter().any(|(_, group)| group.is_none()) {
        return Err(malformed("a group has nothing"));
    }
    Ok(())
}

fn draw(row: &DrawnRow<'_>, core: &mut Core) -> Result<(), SnapshotError> {
    let (mut things, mut ids) = (Map::new(), Map::new());
    for (thing, quantity) in &row.things {
        let thing: ThingId = thing.parse().map_err(|_| malformed("the id of a thing is none"))?;
        things.insert(thing, Quantity::of_millionths(*quantity));
    }
    for id in &row.ids {
        let id: DrawId = id.parse().map_err(|_| malformed("the id of a draw is none"))?;
        ids.insert(id, ());
    }
    let drawn = Drawn::restored(Quantity::of_millionths(row.total), things, ids);
    let plan = core.plan_mut(row.plan).ok_or_else(|| malformed("a plan is not there"))?;
    match plan.draws.restore(Month::of(at(row.month)?), drawn) {
        None => Ok(()),
        Some(_) => Err(malformed("a month is there twice")),
    }
}
