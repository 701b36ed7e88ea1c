//! A tenant without some commands and with them, against what the preview says of the two.

use chrono::{DateTime, TimeDelta, Utc};
use core::fmt::Debug;
use entitle::catalog::{Management, Plan, Release, Scope};
use entitle::command::TrialName;
use entitle::explain::Basis;
use entitle::license::GrantKind;
use entitle::preview::{AccessChange, AccessEnd, AffectedUsers, Preview, Subject, Tally, WarningKind};
use entitle::quantity::Place;
use entitle::testing::Oracle;
use entitle::time::{End, Phase};
use entitle::{App, Catalog, Event, Grant, LicenseId, PlanId, Tenant, UserId};
use std::collections::{BTreeMap, BTreeSet};

use super::super::calendar::{around, day, days};
use super::super::offers::{PLANS, plan_id};
use super::super::{World, replay, user, users};

/// The licenses of the worlds are named by these bytes.
const LICENSES: [u8; 4] = [1, 2, 3, 9];

/// Those who may have a claim, and somebody who has none.
pub(super) fn people() -> Vec<UserId> {
    users().into_iter().chain([user("admin")]).collect()
}

/// Who is warned of what on which plan, and when somebody is for the first time.
type Warned<'a> = BTreeMap<(&'a PlanId, WarningKind), (DateTime<Utc>, BTreeSet<UserId>)>;

/// A tenant without some commands and with them, as the library and as the oracle know it.
pub(crate) struct BeforeAfter {
    pub(crate) world: World,
    pub(crate) now: DateTime<Utc>,
    pub(crate) tenants: [Tenant; 2],
    pub(crate) oracles: [Oracle; 2],
    pub(crate) preview: Preview,
}

impl BeforeAfter {
    pub(crate) fn of(world: World, event: &Event, preview: Preview, now: DateTime<Utc>) -> Self {
        let record: Vec<Event> = world.record.iter().chain([event]).cloned().collect();
        let tenants = [world.tenant(), replay(world.tenant(), core::slice::from_ref(event))];
        let oracles = [world.oracle(&world.record), world.oracle(&record)];
        Self { world, now, tenants, oracles, preview }
    }

    /// The tenant in its release and in another.
    pub(crate) fn of_release(world: World, release: Release, now: DateTime<Utc>) -> Self {
        let mut other = world.clone();
        other.offer.release = release;
        other.catalog = Catalog::new(other.offer.clone()).unwrap();
        let tenants = [world.tenant(), other.tenant()];
        let oracles = [world.oracle(&world.record), other.oracle(&world.record)];
        let preview = world.tenant().preview_release(release, now);
        Self { world, now, tenants, oracles, preview }
    }

    /// From the question on every day, some days of the far future, and whatever happens, with the seconds around it.
    pub(super) fn instants(&self) -> BTreeSet<DateTime<Utc>> {
        let notice = TimeDelta::days(self.world.offer.notice.get().into());
        let plans = (0..PLANS.len()).map(plan_id);
        let boundaries = plans.flat_map(|plan| self.oracles.iter().flat_map(move |oracle| oracle.boundaries(&plan)));
        let happens = boundaries.flat_map(|at| [at, at - notice]).flat_map(around);
        let far = (110..3100).step_by(131).map(day);
        let changes_at = self.preview.lost.iter().chain(&self.preview.gained).flat_map(|change| around(change.from));
        days().chain(happens).chain(far).chain(changes_at).chain([self.now]).filter(|at| *at >= self.now).collect()
    }

    pub(super) fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.world.offer.plans.iter()
    }

    /// Whether a user claims a user plan that lists the app, in either.
    fn is_reported_alone(&self, who: &UserId, app: &App) -> bool {
        let mut listing = self.plans().filter(|plan| plan.scope == Scope::User && plan.apps.contains(app.id()));
        listing.any(|plan| self.tenants.iter().any(|tenant| tenant.queue(&plan.id).any(|user| user == who)))
    }

    fn waits(&self, side: usize, who: &UserId, plan: &PlanId, now: DateTime<Utc>) -> Option<bool> {
        let tenant = &self.tenants[side];
        let place = (0..).map(Place::behind).zip(tenant.queue(plan)).find(|(_, user)| user == who)?.0;
        Some(!tenant.pool(plan, now).limit.reaches(place))
    }

    pub(crate) fn check_lists_nothing_else(&self) {
        let Preview { lost, gained, waiting, served, dropped, pools, appearing, disappearing, totals, ending, .. } =
            &self.preview;
        let seen = |tally: Tally| (tally.entries, tally.users, tally.pairs);
        for (list, total) in [(lost, totals.lost), (gained, totals.gained)] {
            let user = |change: &'_ AccessChange| match &change.who {
                Subject::User(user) => Some(user.clone()),
                Subject::Everyone => None,
            };
            let users: Vec<_> = list.iter().map(user).collect();
            assert_eq!(
                tally(
                    &users
                        .iter()
                        .map(Option::as_ref)
                        .zip(list.iter().map(|change| change.app.as_str()))
                        .collect::<Vec<_>>()
                ),
                seen(total)
            );
            in_order(list);
            is_apart(list.iter().map(|change| ((change.who.clone(), change.app.clone()), change.from, change.until)));
        }
        for (list, total) in [(waiting, totals.waiting), (served, totals.served)] {
            let waits: Vec<_> = list.iter().map(|wait| (Some(&wait.user), wait.plan.as_str())).collect();
            assert_eq!(tally(&waits), seen(total));
            in_order(list);
            is_apart(list.iter().map(|wait| ((wait.user.clone(), wait.plan.clone()), wait.from, wait.until)));
        }
        let users = ending.iter().map(|end| match &end.who {
            Subject::User(user) => Some(user),
            Subject::Everyone => None,
        });
        let ends = users.zip(ending.iter().map(|end| end.app.as_str()));
        let ends: Vec<_> = ends.collect();
        assert_eq!(tally(&ends), seen(totals.ending));
        let is_loss = |end: &&AccessEnd| {
            lost.iter().any(|lost| (&lost.who, &lost.app, lost.from) == (&end.who, &end.app, end.from))
        };
        let without_loss: Vec<_> =
            ends.into_iter().zip(ending).filter(|(_, end)| !is_loss(end)).map(|(end, _)| end).collect();
        assert_eq!(tally(&without_loss), seen(totals.ending_without_loss));
        in_order(ending);
        in_order(pools);
        in_order(appearing);
        in_order(disappearing);
        let lengths = [dropped.len(), pools.len(), appearing.len(), disappearing.len()];
        let totals = [totals.dropped, totals.pools, totals.appearing, totals.disappearing];
        assert_eq!(lengths.map(|length| u64::try_from(length).unwrap()), totals);
        assert_eq!(self.preview.looked_until, End::Never);
    }

    /// Who loses and gains which app, at every instant.
    pub(crate) fn check_access(&self) {
        let apps: Vec<App> = self.world.catalog.apps().collect();
        for now in self.instants() {
            for (who, app) in people().iter().flat_map(|who| apps.iter().map(move |app| (who, app))) {
                let key = if self.is_reported_alone(who, app) { Subject::User(who.clone()) } else { Subject::Everyone };
                let is_listed = |list: &[AccessChange]| {
                    let mut of = list.iter().filter(|change| change.who == key && change.app == *app.id());
                    of.any(|change| holds(change.from, change.until, now))
                };
                let [was, is] = [0, 1].map(|side| self.tenants[side].check(who, app, now).is_allowed());
                let found = (is_listed(&self.preview.lost), is_listed(&self.preview.gained));
                assert_eq!(found, (was && !is, is && !was), "{who} and {app} at {now}: {}", self.preview);
            }
        }
        let changes = self.preview.lost.iter().chain(&self.preview.gained);
        for change in changes.filter(|change| matches!(change.who, Subject::User(_))) {
            let Subject::User(who) = &change.who else { continue };
            assert!(self.is_reported_alone(who, &self.world.catalog.app(change.app.as_str()).unwrap()));
        }
    }

    /// When what people have now goes, of those for whom anything changes.
    pub(crate) fn check_what_ends(&self) {
        let apps: Vec<App> = self.world.catalog.apps().collect();
        let instants = self.instants();
        let Preview { lost, gained, ending, .. } = &self.preview;
        let pairs: BTreeSet<_> = lost.iter().chain(gained).map(|change| (&change.who, &change.app)).collect();
        let mut expected = 0;
        for (who, id) in pairs {
            let app = apps.iter().find(|app| app.id() == id).unwrap();
            let is_covered = |person: &&UserId| !self.is_reported_alone(person, app);
            let person = match who {
                Subject::User(person) => person.clone(),
                Subject::Everyone => people().iter().find(is_covered).unwrap().clone(),
            };
            let is_open = |side: usize, now| self.tenants[side].check(&person, app, now).is_allowed();
            let first = instants.iter().find(|&&now| is_open(0, self.now) && !is_open(1, now));
            let reported = ending.iter().find(|end| end.who == *who && end.app == *id).map(|end| end.from);
            assert_eq!(reported.as_ref(), first, "{who} and {id}");
            expected += usize::from(first.is_some());
        }
        assert_eq!(ending.len(), expected);
    }

    /// Who waits, who is served, and how many units there are, at every instant.
    pub(crate) fn check_seats_and_units(&self) {
        for now in self.instants() {
            for plan in self.plans().filter(|plan| plan.scope == Scope::User) {
                for who in people() {
                    let [was, is] = [0, 1].map(|side| self.waits(side, &who, &plan.id, now));
                    let is_listed = |list: &[entitle::preview::WaitChange]| {
                        let mut of = list.iter().filter(|wait| wait.user == who && wait.plan == plan.id);
                        of.any(|wait| holds(wait.from, wait.until, now))
                    };
                    assert_eq!(
                        is_listed(&self.preview.waiting),
                        is == Some(true) && was != Some(true),
                        "{who} at {now}"
                    );
                    assert_eq!(
                        is_listed(&self.preview.served),
                        was == Some(true) && is == Some(false),
                        "{who} at {now}"
                    );
                }
            }
            for plan in (0..PLANS.len()).map(plan_id) {
                let [was, is] = [0, 1].map(|side| self.tenants[side].pool(&plan, now));
                let mut of = self.preview.pools.iter().filter(|change| change.plan == plan);
                let reported = of.find(|change| holds(change.from, change.until, now));
                let found =
                    reported.map(|change| [change.before, change.after].map(|units| (units.usable, units.limit)));
                let expected = [(was.usable, was.limit), (is.usable, is.limit)];
                assert_eq!(found, (expected[0] != expected[1]).then_some(expected), "{plan} at {now}");
            }
        }
    }

    /// On what plan each is warned of what, and when for the first time.
    pub(crate) fn check_warnings(&self) {
        let nobody = user("nobody");
        let mut seen: [Warned<'_>; 2] = Default::default();
        for now in self.instants() {
            for plan in self.plans() {
                let whom = if plan.scope == Scope::User { people() } else { vec![nobody.clone()] };
                for who in whom {
                    let [was, is] = [0, 1].map(|side| self.warned(side, plan, &who, now));
                    for (seen, kinds) in seen.iter_mut().zip([&is - &was, &was - &is]) {
                        for kind in kinds {
                            let new = || (now, BTreeSet::new());
                            seen.entry((&plan.id, kind)).or_insert_with(new).1.insert(who.clone());
                        }
                    }
                }
            }
        }
        for (seen, reported) in seen.iter().zip([&self.preview.appearing, &self.preview.disappearing]) {
            let reported: BTreeMap<_, _> =
                reported.iter().map(|it| ((&it.plan, it.warning), (it.from, it.affected))).collect();
            let affected = |plan: &PlanId, users: &BTreeSet<UserId>| match self.world.catalog.plan(plan).unwrap().scope
            {
                Scope::User => AffectedUsers::Users(u64::try_from(users.len()).unwrap()),
                _ => AffectedUsers::Everyone,
            };
            let seen =
                seen.iter().map(|((plan, kind), (from, users))| ((*plan, *kind), (*from, affected(plan, users))));
            assert_eq!(reported, seen.collect::<BTreeMap<_, _>>(), "{}", self.preview);
        }
    }

    fn warned(&self, side: usize, plan: &Plan, who: &UserId, now: DateTime<Utc>) -> BTreeSet<WarningKind> {
        let oracle = &self.oracles[side];
        let at = self.tenants[side].reading(now);
        if self.world.offer.management == Management::Unmanaged || !oracle.in_effect(plan, who, at) {
            return BTreeSet::new();
        }
        let place = if plan.scope == Scope::Tenant { Place::FIRST } else { oracle.place(who, &plan.id).unwrap() };
        let order = [Basis::Paid, Basis::Trial, Basis::Grace, Basis::Tolerance];
        let basis = order.into_iter().find(|&basis| oracle.reach(&plan.id, basis, at).reaches(place)).unwrap();
        let notice = TimeDelta::days(self.world.offer.notice.get().into());
        let runs_out = |next: &DateTime<Utc>| {
            at < *next && *next <= at + notice && !oracle.reach(&plan.id, Basis::Trial, *next).reaches(place)
        };
        let kind = match basis {
            Basis::Grace => Some(WarningKind::InGrace),
            Basis::Tolerance => Some(WarningKind::OverAssigned),
            _ => oracle.boundaries(&plan.id).iter().any(runs_out).then_some(WarningKind::ExpiringSoon),
        };
        let list = self.is_list_wanted(side, plan, at).then_some(WarningKind::ListWanted);
        kind.into_iter().chain(list).collect()
    }

    /// Whether a usable grant of the plan is in a license that asks for a more recent list (X5).
    fn is_list_wanted(&self, side: usize, plan: &Plan, at: DateTime<Utc>) -> bool {
        let grants = self.oracles[side].grants(&plan.id);
        grants.iter().any(|(_, timeline)| timeline.wanted(at).is_some())
    }

    /// What a revision drops, by the documents in force before and after.
    pub(crate) fn check_what_is_dropped(&self) {
        let mut expected = Vec::new();
        let [before, after] = &self.oracles;
        let at = self.tenants[0].reading(self.now);
        for id in LICENSES.map(|byte| LicenseId::from_random([byte; 16])) {
            let (Some(old), Some(new)) = (before.facts().in_force(id), after.facts().in_force(id)) else { continue };
            for grant in old.grants.iter().filter(|_| old.revision != new.revision) {
                let is_paid = |kind: &GrantKind| matches!(kind, GrantKind::Paid(_));
                let is_repeated = |it: &Grant| it.plan == grant.plan && is_paid(&it.kind) == is_paid(&grant.kind);
                let phase = match before.facts().trial(&TrialName::new(id, grant.plan.clone())) {
                    Some((_, timeline)) if !is_paid(&grant.kind) => timeline.phase(at),
                    // Of another license there may be the same grant, which a list has ended.
                    _ => before
                        .grants(&grant.plan)
                        .iter()
                        .filter(|(it, _)| it == grant)
                        .map(|(_, timeline)| timeline.phase(at))
                        .max()
                        .unwrap(),
                };
                if !new.grants.iter().any(is_repeated) && !matches!(phase, Phase::Ended | Phase::Revoked) {
                    expected.push((id, old.revision, new.revision, grant.clone()));
                }
            }
        }
        let reported = self.preview.dropped.iter();
        let reported: Vec<_> = reported.map(|it| (it.license, it.revision, it.replaced_by, it.grant.clone())).collect();
        assert_eq!(reported.len(), expected.len(), "{reported:?} {expected:?}");
        assert!(expected.iter().all(|it| reported.contains(it)), "{reported:?} {expected:?}");
    }
}

/// How many entries there are, of how many users, and how many pairs of a user and an app, a plan or a quota.
pub(super) fn tally(entries: &[(Option<&UserId>, &str)]) -> (u64, u64, u64) {
    let users: BTreeSet<_> = entries.iter().filter_map(|(user, _)| *user).collect();
    let pairs: BTreeSet<_> = entries.iter().collect();
    let of = |n: usize| u64::try_from(n).unwrap();
    (of(entries.len()), of(users.len()), of(pairs.len()))
}

pub(super) fn holds(from: DateTime<Utc>, until: End, now: DateTime<Utc>) -> bool {
    from <= now && End::At(now) < until
}

pub(super) fn in_order<T: Ord + Debug>(list: &[T]) {
    assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
}

/// No two times of one pair meet or overlap, and none is empty.
pub(super) fn is_apart<K: Ord>(runs: impl Iterator<Item = (K, DateTime<Utc>, End)>) {
    let mut last: BTreeMap<K, End> = BTreeMap::new();
    for (key, from, until) in runs {
        assert!(until > End::At(from));
        assert!(last.insert(key, until).is_none_or(|last| last < End::At(from)));
    }
}
