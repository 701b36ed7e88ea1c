//! For whom anything changes: everyone, and each user who claims a plan that the commands reach.

use alloc::vec::Vec;

use crate::catalog::offer::Scope;
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::preview::instant_view::{InstantView, Stand};
use crate::preview::{AccessChange, AccessEnd, AffectedUsers, Subject};
use crate::sorted::sorted_once;
use crate::tenant::user::{Claim, claim_on};
use crate::user_id::UserRef;

/// What is so without the commands, and with them.
pub(super) type BeforeAfter<T> = [T; 2];

/// Something at each moment, without the commands and with them.
pub(super) type AtEach<T> = Vec<BeforeAfter<T>>;

/// A plan that a user claims, without the commands or with them.
pub(super) struct Track<'c> {
    /// By its number in the catalog.
    pub(super) plan: usize,
    pub(super) claims: BeforeAfter<Option<&'c Claim>>,
    /// How it stands at each moment.
    pub(super) stands: AtEach<Stand>,
}

impl Track<'_> {
    /// Whether it stands alike at every moment.
    pub(super) fn is_same(&self) -> bool {
        self.stands.iter().all(|[before, after]| before == after)
    }
}

impl Compared<'_> {
    /// Linear in the users who claim a plan that is reached, or one that lists an app that everyone loses or gains, each
    /// times their claims times the moments; and in what changes.
    pub(super) fn access(&self, found: &mut PreviewBuilder) {
        let everyone = self.everyone(found);
        let wanted = self.wanted(&everyone);
        for settled in self.settled {
            let (before, after) = (settled.before.claims(), settled.after.claims());
            self.user(UserRef::new(settled.id), [before.as_slice(), after.as_slice()], &everyone, found);
        }
        let state = self.before.state();
        let is_touched = |user: &str| self.settled.binary_search_by_key(&user, |settled| settled.id).is_ok();
        for &number in &wanted {
            let line = state.core.plan(number).into_iter().flat_map(|plan| state.in_line(plan));
            for user in line {
                let claims = user.held.claims();
                // In how many lines they may be, each is looked at once.
                let first = claims.as_slice().iter().find(|claim| wanted.binary_search(&claim.plan).is_ok());
                if first.is_some_and(|first| first.plan == number) && !is_touched(user.id.as_str()) {
                    self.user(user.id, [claims.as_slice(); 2], &everyone, found);
                }
            }
        }
    }

    /// Which apps that are reached are open to those who claim nothing: tenant plans open them.
    fn everyone(&self, found: &mut PreviewBuilder) -> Vec<AtEach<bool>> {
        let catalog = self.before.catalog();
        let mut everyone = alloc::vec![alloc::vec![[false; 2]; self.moments.all.len()]; self.extent.apps.len()];
        for (plan, listed) in (0..).zip(&self.extent.listed) {
            let is_reached = self.extent.reaches(plan);
            if catalog.scope_of(plan) != Some(Scope::Tenant) || !is_reached && listed.is_empty() {
                continue;
            }
            let stands = self.stands(plan, [&[]; 2]);
            for &app in listed {
                everyone.get_mut(app).into_iter().for_each(|app| open(app, &stands, [true; 2]));
            }
            if is_reached {
                self.warnings(plan, &stands, AffectedUsers::Everyone, found);
            }
        }
        for (app, open) in (0..).zip(&everyone) {
            self.app(app, open, || Subject::Everyone, found);
        }
        everyone
    }

    /// The plans whose lines have the users to look at, by their numbers in the tenant; sorted.
    fn wanted(&self, everyone: &[AtEach<bool>]) -> Vec<usize> {
        let differs = |app: &usize| everyone.get(*app).is_some_and(|open| open.iter().any(|[is, was]| is != was));
        let plans = (0..).zip(&self.extent.listed).filter(|(plan, listed)| {
            self.before.catalog().scope_of(*plan) == Some(Scope::User)
                && (self.extent.reaches(*plan) || listed.iter().any(differs))
        });
        sorted_once(plans.filter_map(|(plan, _)| self.after.core().of_catalog(plan)))
    }

    /// How the plans stand that a user claims and that are reached or list an app that is.
    pub(super) fn tracks<'c>(&self, claims: BeforeAfter<&'c [Claim]>) -> Vec<Track<'c>> {
        let [before, after] = claims;
        let new = after.iter().filter(|claim| claim_on(before, claim.plan).is_none());
        let tracks = before.iter().chain(new).filter_map(|claim| {
            let plan = self.after.core().numbering().in_catalog(claim.plan)?;
            let is_listing = self.extent.listed.get(plan).is_some_and(|listed| !listed.is_empty());
            let is_claimed = self.before.catalog().scope_of(plan) == Some(Scope::User);
            (is_claimed && (is_listing || self.extent.reaches(plan))).then(|| Track {
                plan,
                claims: claims.map(|claims| claim_on(claims, claim.plan)),
                stands: self.stands(plan, claims),
            })
        });
        tracks.collect()
    }

    fn stands(&self, plan: usize, [before, after]: BeforeAfter<&[Claim]>) -> AtEach<Stand> {
        let catalog = self.before.catalog();
        let at_each =
            |[was, is]: &BeforeAfter<InstantView>| [was.stand(catalog, plan, before), is.stand(catalog, plan, after)];
        self.lenses.iter().map(at_each).collect()
    }

    /// What changes for somebody about an app, given whether it is open to them: whether they lose it for a time, whether
    /// they gain it, and whether what they have now ends.
    pub(super) fn app(
        &self,
        app: usize,
        open: &AtEach<bool>,
        who: impl Fn() -> Subject,
        found: &mut PreviewBuilder,
    ) -> [bool; 3] {
        let id = self.extent.apps.get(app).and_then(|&app| self.before.catalog().offer().apps.get(app));
        let Some(app) = id.filter(|_| open.iter().any(|[was, is]| was != is)) else { return [false; 3] };
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
        let end = end.map(|(&from, _)| AccessEnd { from, who: who(), app: app.id.clone() });
        let lost = found.lost.pair(changes(|&[was, is]| was && !is));
        let gained = found.gained.pair(changes(|&[was, is]| is && !was));
        [lost, gained, found.ending.pair(end.into_iter())]
    }
}

/// Opens an app where a plan is in effect, unless it is turned off.
pub(super) fn open(app: &mut AtEach<bool>, stands: &AtEach<Stand>, opens: BeforeAfter<bool>) {
    for (open, stands) in app.iter_mut().zip(stands) {
        for ((open, stand), opens) in open.iter_mut().zip(stands).zip(opens) {
            *open |= opens && stand.is_in_effect();
        }
    }
}
