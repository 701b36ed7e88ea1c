//! What changes for one user: their apps, their seats, and what they are warned of.

use core::cell::OnceCell;

use crate::catalog::offer::Management;
use crate::preview::access::{AtEach, BeforeAfter, Track, open};
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::preview::instant_view::{KINDS, Stand};
use crate::preview::{AffectedUsers, Subject, WaitChange};
use crate::sorted::sorted_once;
use crate::tenant::user::Claim;
use crate::user_id::{UserId, UserRef};

/// A user whose id is made only if there is anything to say of them.
struct Person<'a> {
    id: UserRef<'a>,
    made: OnceCell<UserId>,
}

impl Person<'_> {
    fn id(&self) -> UserId {
        self.made.get_or_init(|| self.id.to_id()).clone()
    }
}

impl Compared<'_> {
    pub(super) fn user(
        &self,
        id: UserRef<'_>,
        claims: BeforeAfter<&[Claim]>,
        everyone: &[AtEach<bool>],
        found: &mut PreviewBuilder,
    ) {
        let person = Person { id, made: OnceCell::new() };
        let tracks = self.tracks(claims);
        self.apps_of(&person, &tracks, everyone, found);
        self.seats_of(&person, &tracks, found);
        for track in tracks.iter().filter(|track| !track.is_same()) {
            self.warnings(track.plan, &track.stands, AffectedUsers::Users(1), found);
        }
    }

    fn apps_of(
        &self,
        person: &Person<'_>,
        tracks: &[Track<'_>],
        everyone: &[AtEach<bool>],
        found: &mut PreviewBuilder,
    ) {
        let listed = |track: &Track<'_>| self.extent.listed.get(track.plan).map_or(&[][..], |listed| listed);
        let apps = sorted_once(tracks.iter().flat_map(listed).copied());
        let mut is_any = [false; 3];
        for app in apps {
            let entry = self.extent.apps.get(app).and_then(|&app| self.before.catalog().offer().apps.get(app));
            let Some((entry, mut opened)) = entry.zip(everyone.get(app).cloned()) else { continue };
            for track in tracks.iter().filter(|track| listed(track).binary_search(&app).is_ok()) {
                let opens = track.claims.map(|claim| claim.is_some_and(|claim| claim.opens(&entry.id)));
                open(&mut opened, &track.stands, opens);
            }
            let of_app = self.app(app, &opened, || Subject::User(person.id()), found);
            is_any.iter_mut().zip(of_app).for_each(|(is_any, more)| *is_any |= more);
        }
        let [loses, gains, ends] = is_any;
        found.lost.user(loses);
        found.gained.user(gains);
        found.ending.user(ends);
    }

    fn seats_of(&self, person: &Person<'_>, tracks: &[Track<'_>], found: &mut PreviewBuilder) {
        let (mut waits, mut is_served) = (false, false);
        for track in tracks.iter().filter(|track| !track.is_same()) {
            let Some(plan) = self.before.catalog().plan_at(track.plan) else { continue };
            let changes = |differs: fn(&BeforeAfter<Stand>) -> bool| {
                let runs = self.moments.runs(track.stands.iter().map(|stands| differs(stands).then_some(())));
                runs.into_iter().map(|run| {
                    let (user, plan) = (person.id(), plan.id.clone());
                    WaitChange { from: run.from, until: run.until, user, plan }
                })
            };
            waits |= found.waiting.pair(changes(|&[was, is]| is == Stand::Waits && was != Stand::Waits));
            is_served |= found.served.pair(changes(|&[was, is]| was == Stand::Waits && is.is_seated()));
        }
        found.waiting.user(waits);
        found.served.user(is_served);
    }

    /// The warnings of a plan that come up or do not any more, given how it stands for somebody.
    pub(super) fn warnings(
        &self,
        plan: usize,
        stands: &AtEach<Stand>,
        whom: AffectedUsers,
        found: &mut PreviewBuilder,
    ) {
        // Where nothing is gated, no decision rests on a plan (C1).
        if self.before.catalog().offer().management == Management::Unmanaged {
            return;
        }
        for kind in KINDS {
            let mut warned = self.moments.all.iter().zip(stands).map(|(&at, stands)| {
                let [was, is] = stands.map(|stand| stand.warned().has(kind));
                (at, was, is)
            });
            let appears = warned.clone().find(|&(_, was, is)| is && !was);
            let disappears = warned.find(|&(_, was, is)| was && !is);
            if let Some((from, ..)) = appears {
                found.appearing.add(plan, kind, from, whom);
            }
            if let Some((from, ..)) = disappears {
                found.disappearing.add(plan, kind, from, whom);
            }
        }
    }
}
