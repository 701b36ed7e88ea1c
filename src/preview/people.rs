//! Changes for one user: their apps, their seats, their quotas and their warnings.

use alloc::vec::Vec;

use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Management;
use crate::id::user::UserRef;
use crate::preview::access::{Track, open};
use crate::preview::at_each::{AtEach, BeforeAfter};
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::preview::instant_view::{KINDS, PlanStatus};
use crate::preview::person::Person;
use crate::preview::quotas::UserQuotaTrack;
use crate::preview::{AffectedUsers, Subject, WaitChange};
use crate::tenant::state::user::Claim;

impl Compared<'_> {
    pub(super) fn user(
        &self,
        id: UserRef<'_>,
        claims: BeforeAfter<&[Claim]>,
        everyone: &[AtEach<bool>],
        quotas: &[UserQuotaTrack<'_>],
        builder: &mut PreviewBuilder,
    ) {
        let person = Person::new(id);
        let tracks = self.tracks(claims);
        self.apps_of(&person, &tracks, everyone, builder);
        self.seats_of(&person, &tracks, builder);
        self.quotas_of(&person, claims, quotas, builder);
        for track in tracks.iter().filter(|track| !track.is_same()) {
            self.warnings(track.plan, &track.states, AffectedUsers::Users(1), builder);
        }
    }

    fn apps_of(
        &self,
        person: &Person<'_>,
        tracks: &[Track<'_>],
        everyone: &[AtEach<bool>],
        builder: &mut PreviewBuilder,
    ) {
        let listed = |track: &Track<'_>| self.scope.listed.get(track.plan.0).map_or(&[][..], |listed| listed);
        let mut apps: Vec<usize> = tracks.iter().flat_map(listed).copied().collect();
        apps.sort_unstable();
        apps.dedup();
        let mut is_any = [false; 4];
        for app in apps {
            let entry = self.scope.apps.get(app).and_then(|&app| self.before.catalog().offer().apps.get(app.0));
            let Some((entry, mut opened)) = entry.zip(everyone.get(app).cloned()) else { continue };
            for track in tracks.iter().filter(|track| listed(track).binary_search(&app).is_ok()) {
                let opens = track.claims.map(|claim| claim.is_some_and(|claim| claim.opens(&entry.id)));
                open(&mut opened, &track.states, opens);
            }
            let of_app = self.app(app, &opened, || Subject::User(person.id()), builder);
            is_any.iter_mut().zip(of_app).for_each(|(is_any, more)| *is_any |= more);
        }
        let [loses, gains, ends, ends_without_loss] = is_any;
        builder.lost.user(loses);
        builder.gained.user(gains);
        builder.ending.user(ends);
        let tally = &mut builder.ending_without_loss;
        tally.users = tally.users.saturating_add(u64::from(ends_without_loss));
    }

    fn seats_of(&self, person: &Person<'_>, tracks: &[Track<'_>], builder: &mut PreviewBuilder) {
        let (mut waits, mut is_served) = (false, false);
        for track in tracks.iter().filter(|track| !track.is_same()) {
            let Some(plan) = self.before.catalog().plan_at(track.plan) else { continue };
            let changes = |differs: fn(&BeforeAfter<PlanStatus>) -> bool| {
                let runs = self.moments.runs(track.states.iter().map(|states| differs(states).then_some(())));
                runs.into_iter().map(|run| {
                    let (user, plan) = (person.id(), plan.id.clone());
                    WaitChange { from: run.from, until: run.until, user, plan }
                })
            };
            waits |= builder.waiting.pair(changes(|&[was, is]| is == PlanStatus::Waits && was != PlanStatus::Waits));
            is_served |= builder.served.pair(changes(|&[was, is]| was == PlanStatus::Waits && is.is_seated()));
        }
        builder.waiting.user(waits);
        builder.served.user(is_served);
    }

    /// Adds the warnings of a plan that appear or disappear, given its states for some users.
    pub(super) fn warnings(
        &self,
        plan: PlanIndex,
        states: &AtEach<PlanStatus>,
        whom: AffectedUsers,
        builder: &mut PreviewBuilder,
    ) {
        // In an unmanaged offer, no decision depends on a plan (C1).
        if self.before.catalog().offer().management == Management::Unmanaged {
            return;
        }
        for kind in KINDS {
            let mut warned = self.moments.all.iter().zip(states).map(|(&at, states)| {
                let [was, is] = states.map(|state| state.warned().has(kind));
                (at, was, is)
            });
            let appears = warned.clone().find(|&(_, was, is)| is && !was);
            let disappears = warned.find(|&(_, was, is)| was && !is);
            if let Some((from, ..)) = appears {
                builder.appearing.add(plan, kind, from, whom);
            }
            if let Some((from, ..)) = disappears {
                builder.disappearing.add(plan, kind, from, whom);
            }
        }
    }
}
