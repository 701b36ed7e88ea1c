//! Changes of access and quotas: for everyone, and for each user who claims a plan that the commands
//! affect.

use alloc::vec::Vec;

use crate::catalog::index::{PlanIndex, PlanNumber};
use crate::catalog::offer::Scope;
use crate::id::user::UserRef;
use crate::preview::at_each::{AtEach, BeforeAfter};
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::preview::instant_view::{InstantView, PlanStatus};
use crate::preview::quotas::UserQuotaTrack;
use crate::preview::{AccessChange, AccessEnd, AffectedUsers, Subject};
use crate::tenant::state::user::{Claim, claim_on};

/// A plan that a user claims, without the commands or with them.
pub(super) struct Track<'c> {
    /// The plan's index in the catalog.
    pub(super) plan: PlanIndex,
    pub(super) claims: BeforeAfter<Option<&'c Claim>>,
    /// The state of the plan at each instant.
    pub(super) states: AtEach<PlanStatus>,
}

impl Track<'_> {
    /// Returns whether the state is the same without and with the commands at every instant.
    pub(super) fn is_same(&self) -> bool {
        self.states.iter().all(|[before, after]| before == after)
    }
}

impl Compared<'_> {
    /// Adds all changes of access and quotas. `O(u · c · t)` in the users who claim an affected plan,
    /// or one that lists an app or gives a quota of which everyone loses or gains, their claims, and
    /// the instants; for quotas times the plans that give each.
    pub(super) fn access(&self, builder: &mut PreviewBuilder) {
        let everyone = self.everyone(builder);
        let quotas = self.quotas(builder);
        let wanted = self.wanted(&everyone, &quotas);
        for settled in self.settled {
            let (before, after) = (settled.before.claims(), settled.after.claims());
            self.user(UserRef::new(settled.id), [before.as_slice(), after.as_slice()], &everyone, &quotas, builder);
        }
        let state = self.before.state();
        let is_touched = |user: &str| self.settled.binary_search_by_key(&user, |settled| settled.id).is_ok();
        for &number in &wanted {
            let queue = state.core.plan(number).into_iter().flat_map(|plan| state.queue_users(plan));
            for user in queue {
                let claims = user.held.claims();
                // Each user is visited once, however many of these queues they are in.
                let first = claims.as_slice().iter().find(|claim| wanted.binary_search(&claim.plan).is_ok());
                if first.is_some_and(|first| first.plan == number) && !is_touched(user.id.as_str()) {
                    self.user(user.id, [claims.as_slice(); 2], &everyone, &quotas, builder);
                }
            }
        }
    }

    /// Returns whether tenant plans allow each affected app to users without claims, at each
    /// instant.
    fn everyone(&self, builder: &mut PreviewBuilder) -> Vec<AtEach<bool>> {
        let catalog = self.before.catalog();
        let mut everyone = alloc::vec![alloc::vec![[false; 2]; self.moments.all.len()]; self.scope.apps.len()];
        for (plan, listed) in (0..).map(PlanIndex).zip(&self.scope.listed) {
            if catalog.scope_of(plan) != Some(Scope::Tenant) {
                continue;
            }
            let states = self.states(plan, [&[]; 2]);
            for &app in listed {
                if let Some(app) = everyone.get_mut(app) {
                    open(app, &states, [true; 2]);
                }
            }
            if self.scope.affects(plan) {
                self.warnings(plan, &states, AffectedUsers::Everyone, builder);
            }
        }
        for (app, open) in (0..).zip(&everyone) {
            self.app(app, open, || Subject::Everyone, builder);
        }
        everyone
    }

    /// Returns the plans whose queues contain the users to visit, as numbers of the tenant; sorted.
    fn wanted(&self, everyone: &[AtEach<bool>], quotas: &[UserQuotaTrack<'_>]) -> Vec<PlanNumber> {
        let differs = |app: &usize| everyone.get(*app).is_some_and(|open| open.iter().any(|[is, was]| is != was));
        let plans = (0..).map(PlanIndex).zip(&self.scope.listed).filter(|(plan, listed)| {
            self.before.catalog().scope_of(*plan) == Some(Scope::User)
                && (self.scope.affects(*plan) || listed.iter().any(differs))
        });
        let mut numbers: Vec<PlanNumber> = plans.filter_map(|(plan, _)| self.after.core().of_catalog(plan)).collect();
        numbers.extend(quotas.iter().flat_map(UserQuotaTrack::visited));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Returns the states of the plans that a user claims and that are affected or list an affected
    /// app.
    pub(super) fn tracks<'c>(&self, claims: BeforeAfter<&'c [Claim]>) -> Vec<Track<'c>> {
        let [before, after] = claims;
        let new = after.iter().filter(|claim| claim_on(before, claim.plan).is_none());
        let tracks = before.iter().chain(new).filter_map(|claim| {
            let plan = self.after.core().numbering().in_catalog(claim.plan)?;
            let is_listing = self.scope.listed.get(plan.0).is_some_and(|listed| !listed.is_empty());
            let is_claimed = self.before.catalog().scope_of(plan) == Some(Scope::User);
            (is_claimed && (is_listing || self.scope.affects(plan))).then(|| Track {
                plan,
                claims: claims.map(|claims| claim_on(claims, claim.plan)),
                states: self.states(plan, claims),
            })
        });
        tracks.collect()
    }

    fn states(&self, plan: PlanIndex, [before, after]: BeforeAfter<&[Claim]>) -> AtEach<PlanStatus> {
        let catalog = self.before.catalog();
        let at_each = |[was, is]: &BeforeAfter<InstantView>| {
            [was.plan_status(catalog, plan, before), is.plan_status(catalog, plan, after)]
        };
        self.views.iter().map(at_each).collect()
    }

    /// Adds the changes of a subject's access to an app. Returns whether they lose it for a time,
    /// whether they gain it, whether their present access ends, and whether that is no loss.
    pub(super) fn app(
        &self,
        app: usize,
        open: &AtEach<bool>,
        who: impl Fn() -> Subject,
        builder: &mut PreviewBuilder,
    ) -> [bool; 4] {
        let id = self.scope.apps.get(app).and_then(|&app| self.before.catalog().offer().apps.get(app.0));
        let Some(app) = id.filter(|_| open.iter().any(|[was, is]| was != is)) else { return [false; 4] };
        let changes = |differs: fn(&BeforeAfter<bool>) -> bool| {
            let runs = self.moments.runs(open.iter().map(|open| differs(open).then_some(())));
            runs.into_iter().map(|run| AccessChange {
                from: run.from,
                until: run.until,
                who: who(),
                app: app.id.clone(),
            })
        };
        let has_it_now = open.first().is_some_and(|&[was, _]| was);
        let end = self.moments.all.iter().zip(open).find(|&(_, &[_, is])| has_it_now && !is);
        let is_no_loss = end.is_some_and(|(_, &[was, _])| !was);
        if is_no_loss {
            builder.ends_without_loss();
        }
        let end = end.map(|(&from, _)| AccessEnd { from, who: who(), app: app.id.clone() });
        let lost = builder.lost.pair(changes(|&[was, is]| was && !is));
        let gained = builder.gained.pair(changes(|&[was, is]| is && !was));
        [lost, gained, builder.ending.pair(end.into_iter()), is_no_loss]
    }
}

/// Marks an app as open where a plan is in effect, unless the app is turned off.
pub(super) fn open(app: &mut AtEach<bool>, states: &AtEach<PlanStatus>, opens: BeforeAfter<bool>) {
    for (open, states) in app.iter_mut().zip(states) {
        for ((open, state), opens) in open.iter_mut().zip(states).zip(opens) {
            *open |= opens && state.is_in_effect();
        }
    }
}
