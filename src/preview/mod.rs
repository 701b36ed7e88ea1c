//! The dry run: what a list of commands would change, for whom and when.

mod access;
mod affected_scope;
mod builder;
mod compared;
mod dropped;
mod instant_view;
mod moments;
mod people;
mod pools;
mod text;

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::grant::Grant;
use crate::id::{AppId, LicenseId, PlanId};
use crate::role::Actor;
use crate::tenant::Tenant;
use crate::tenant::command::Command;
use crate::tenant::refusal::Refusal;
use crate::time::{End, Phase, instant};
use crate::units::Total;
use crate::user_id::UserId;
use builder::PreviewBuilder;
use compared::Compared;

/// The most entries in each list of a [`Preview`]: those that come first, by time. Its totals count all.
pub const MAX_PREVIEW_ENTRIES: usize = 1_000;

/// The most instants at which a [`Preview`] compares: the first ones at which anything can change by time alone. A dozen
/// terms that all differ need fewer; where there are more, [`Preview::looked_until`] says how far it looked.
pub const MAX_PREVIEW_INSTANTS: usize = 200;

/// What a list of commands would change: the tenant without them and with them, compared at the same instants of the
/// host's clock, from `now` on. Owned, to be shown, kept or sent; its `Display` is a summary in short lines.
///
/// All times are half-open. A change lasts from the first instant at which the two differ until the first at which they
/// agree again by time alone: an app that goes now and would have gone anyway next month is lost for a month. What still
/// differs where the preview stopped looking ends there: at [`looked_until`](Preview::looked_until).
///
/// Each list is in the order of its entries' beginnings and holds the first [`MAX_PREVIEW_ENTRIES`]; the
/// [totals](Preview::totals) count those that were left off too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Preview {
    /// The host's instant that it was made for.
    #[serde(with = "instant")]
    pub now: DateTime<Utc>,
    /// At which instant the tenant is read then without the commands (X6).
    #[serde(with = "instant")]
    pub read_before: DateTime<Utc>,
    /// At which instant with them: earlier, if a time ticket among them mends the time; later, if they bring evidence of a
    /// later one.
    #[serde(with = "instant")]
    pub read_after: DateTime<Utc>,
    /// The first instant that was not looked at; never, if none was left out, and then no change is missing.
    pub looked_until: End,
    /// Who may not open an app that they could have opened without the commands.
    pub lost: Vec<AccessChange>,
    /// Who may open an app that they could not have opened without them.
    pub gained: Vec<AccessChange>,
    /// What people have at `now` and, with the commands, will not have from some later instant on: when it goes for the
    /// first time, by time alone. Of users and apps that are in one of the two lists above.
    ///
    /// A renewal is often compared with a license that would have ended first, so that who goes without a seat in the
    /// smaller one gains some weeks and loses nothing. This is the list that names them, with the date.
    pub ending: Vec<AccessEnd>,
    /// Who waits for a seat, and would not have: because the seat goes, or the claim is new.
    pub waiting: Vec<WaitChange>,
    /// Who holds a seat, and would have waited for one.
    pub served: Vec<WaitChange>,
    /// The grants that still run and that the new revision of their license leaves out (L3), in the order of the licenses'
    /// ids and of their grants.
    pub dropped: Vec<DroppedGrant>,
    /// The plans of which there are more or fewer units than without the commands, those that this catalog does not know
    /// too (C11).
    pub pools: Vec<PoolChange>,
    /// The warnings that come up (K7).
    pub appearing: Vec<WarningChange>,
    /// The warnings that do not come up any more.
    pub disappearing: Vec<WarningChange>,
    /// How much there is of each.
    pub totals: Totals,
}

/// Whose access changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Everyone but who claims, without the commands or with them, a user plan that lists the app: these have entries of
    /// their own, where anything changes for them.
    Everyone,
    /// One user.
    User(UserId),
}

/// A time in which a user may open an app without the commands and not with them, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessChange {
    /// From when on.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: End,
    /// For whom.
    pub who: Subject,
    /// What they lose or gain.
    pub app: AppId,
}

/// The end of what a user has, with the commands done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessEnd {
    /// From when on it is no more; `now` itself, if the commands take it away.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// For whom.
    pub who: Subject,
    /// What they lose.
    pub app: AppId,
}

/// A time in which a user waits for a seat with the commands and not without them, or holds one that they would have
/// waited for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WaitChange {
    /// From when on.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: End,
    /// Who.
    pub user: UserId,
    /// For a seat of what.
    pub plan: PlanId,
}

/// A grant that still runs, neither ended nor revoked, of whose plan and kind, paid or trial, the new revision of its
/// license holds none (L3). Nothing else need be lost: another license may hold the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DroppedGrant {
    /// The license.
    pub license: LicenseId,
    /// Its revision that holds the grant.
    pub revision: NonZeroU32,
    /// The revision that does not.
    pub replaced_by: NonZeroU32,
    /// What is dropped.
    pub grant: Grant,
    /// Its phase without the commands.
    pub phase: Phase,
    /// When that phase would have ended by time alone.
    pub until: End,
}

/// A time in which a plan has other units than without the commands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PoolChange {
    /// From when on.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: End,
    /// The plan.
    pub plan: PlanId,
    /// What there is without the commands.
    pub before: PoolUnits,
    /// What there is with them.
    pub after: PoolUnits,
}

/// The units of a plan, as in its [`Pool`](crate::Pool).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PoolUnits {
    /// What can be assigned (L9).
    pub usable: Total,
    /// How many claims are covered: with tolerances (S11); of a capacity plan what is usable.
    pub limit: Total,
}

/// A warning on a plan that some get or do not get any more. A plan warns whomever it is in effect for, also where a
/// decision names another plan first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WarningChange {
    /// When that is so for the first time.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The plan.
    pub plan: PlanId,
    /// Of what is warned.
    pub warning: WarningKind,
    /// For whom.
    pub affected: AffectedUsers,
}

/// Whom a warning is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AffectedUsers {
    /// Everyone: it is on a tenant plan.
    Everyone,
    /// So many users, at one time or another.
    Users(u64),
}

/// Of what a [`Warning`](crate::Warning) warns (K7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningKind {
    /// The term is over; it rests on the grace.
    InGrace,
    /// More seats are taken than there are units.
    OverAssigned,
    /// The license asks for a more recent revocation list (X5).
    ListWanted,
    /// The active units run out soon.
    ExpiringSoon,
}

/// How much there is of each list of a [`Preview`], whether it was listed or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Totals {
    /// Of [`Preview::lost`]: apps of users.
    pub lost: Tally,
    /// Of [`Preview::gained`]: apps of users.
    pub gained: Tally,
    /// Of [`Preview::ending`]: apps of users.
    pub ending: Tally,
    /// Of [`Preview::waiting`]: plans of users.
    pub waiting: Tally,
    /// Of [`Preview::served`]: plans of users.
    pub served: Tally,
    /// Entries of [`Preview::dropped`].
    pub dropped: u64,
    /// Entries of [`Preview::pools`].
    pub pools: u64,
    /// Entries of [`Preview::appearing`].
    pub appearing: u64,
    /// Entries of [`Preview::disappearing`].
    pub disappearing: u64,
}

/// How much there is of a list about users.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tally {
    /// Entries: times in which it is so.
    pub entries: u64,
    /// Users, each once; [`Subject::Everyone`] is none of them, since nobody can count everyone.
    pub users: u64,
    /// Users with an app or a plan, each pair once; [`Subject::Everyone`] with an app is a pair.
    pub pairs: u64,
}

impl Tenant {
    /// What these commands would change: at `now`, and at every later instant at which time alone changes anything in what
    /// they touch. Nothing of the tenant changes.
    ///
    /// What [`decide`](Tenant::decide) refuses is refused here alike. Every kind of command is compared in the same way: the
    /// tenant as it is and as it would be after [`apply`](Tenant::apply), each at its own
    /// [reading](Tenant::reading) of the same clock. Draws and the setting for sign-ups open and shut nothing, so a list of
    /// these alone changes nothing here.
    ///
    /// It costs two times [`decide`](Tenant::decide) and [`apply`](Tenant::apply), and is then linear in the users who claim
    /// a plan that the commands touch, or one that requires or excludes it or lists an app that everyone loses or gains,
    /// times their claims, times at most [`MAX_PREVIEW_INSTANTS`]; and in what changes. It keeps at most
    /// [`MAX_PREVIEW_ENTRIES`] entries of a list, whatever the size of the tenant. A renewal of all plans at 100,000 users and
    /// 40 apps takes some 0.15 s in a release build; one with 200 instants, 3 s.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] of [`decide`](Tenant::decide).
    pub fn preview(&self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Preview, Refusal> {
        let event = self.decide(actor, commands, now)?;
        let mut after = self.clone();
        // The event of a decision is the one that comes next.
        _ = after.apply(&event);
        let settled = compared::settled(self, &event);
        let compared = Compared::new(self, &after, &settled, now);
        let mut found = PreviewBuilder::default();
        compared.access(&mut found);
        compared.pools(&mut found);
        compared.dropped(&mut found);
        Ok(found.told(&compared))
    }
}

impl Preview {
    /// Whether the commands change nothing of what a preview tells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.totals == Totals::default()
    }
}

impl WarningKind {
    /// The stable name, that of the [`Warning`](crate::Warning).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InGrace => "warning.in-grace",
            Self::OverAssigned => "warning.over-assigned",
            Self::ListWanted => "warning.list-wanted",
            Self::ExpiringSoon => "warning.expiring-soon",
        }
    }
}
