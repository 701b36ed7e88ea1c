//! What a preview lists: the changes of access, queues, pools and warnings, and their totals.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::user::UserId;
use crate::id::{AppId, LicenseId, PlanId, QuotaId};
use crate::license::grant::Grant;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Total;
use crate::time::{End, Phase, instant};

/// The largest number of entries in each list of a [`Preview`]: the earliest ones. Its totals count
/// all (X8).
pub const MAX_PREVIEW_ENTRIES: usize = 1_000;

/// The largest number of instants at which a [`Preview`] compares: the first ones at which anything
/// can change by time alone (X8). A dozen different terms need fewer. If there are more,
/// [`Preview::looked_until`] is the first that is left out.
pub const MAX_PREVIEW_INSTANTS: usize = 200;

/// What a list of commands would change: the tenant without and with them, compared at the same
/// instants of the host's clock, from `now` on. It is owned data to show, store or send; its
/// `Display` is a summary.
///
/// All intervals are half-open. A change lasts from the first instant at which the two differ until
/// the first at which they agree again by time alone: an app that a user loses now and would lose
/// anyway next month is lost for a month. A change that lasts longer than the comparison ends at
/// [`looked_until`](Preview::looked_until).
///
/// Each list is sorted by the beginnings of its entries and contains the first
/// [`MAX_PREVIEW_ENTRIES`]. The [totals](Preview::totals) count all entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Preview {
    /// The host's instant for which the preview is made.
    #[serde(with = "instant")]
    pub now: DateTime<Utc>,
    /// The reading at `now` without the commands (X6).
    #[serde(with = "instant")]
    pub read_before: DateTime<Utc>,
    /// The reading at `now` with the commands: earlier if a time ticket among them corrects the
    /// time, later if they contain evidence of a later time (X6).
    #[serde(with = "instant")]
    pub read_after: DateTime<Utc>,
    /// The first instant that is not compared. If it is never, no change is missing.
    pub looked_until: End,
    /// The users who may no longer open an app because of the commands.
    pub lost: Vec<AccessChange>,
    /// The users who may open an app only because of the commands.
    pub gained: Vec<AccessChange>,
    /// When access that users have at `now` first ends with the commands, by time alone. The list
    /// covers users and apps in one of the two lists above.
    ///
    /// A renewal is often compared with a license that would end earlier, so a user without a seat
    /// in a smaller renewal gains some weeks and loses nothing. This list names such users, with
    /// the date.
    pub ending: Vec<AccessEnd>,
    /// The users with a claim and no seat because of the commands: they lose the seat, or the claim is
    /// new.
    pub waiting: Vec<WaitChange>,
    /// The users who hold a seat only because of the commands, and would wait otherwise.
    pub served: Vec<WaitChange>,
    /// The quotas of which somebody has more or less because of the commands.
    pub quotas: Vec<QuotaChange>,
    /// The grants that have not ended and that the new revision of their license leaves out (L3),
    /// sorted by license id and index.
    pub dropped: Vec<DroppedGrant>,
    /// The plans whose units the commands change, including plans that this catalog does not know
    /// (C11).
    pub pools: Vec<PoolChange>,
    /// The warnings that appear (K7).
    pub appearing: Vec<WarningChange>,
    /// The warnings that disappear (K7).
    pub disappearing: Vec<WarningChange>,
    /// The totals of all lists.
    pub totals: Totals,
}

/// The users whose access changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Everyone except users with a claim, without or with the commands, on a user plan that lists
    /// the app. These users have entries of their own if anything changes for them.
    Everyone,
    /// One user.
    User(UserId),
}

/// An interval in which a user may open an app only without or only with the commands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessChange {
    /// The first instant of the interval.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The end of the interval.
    pub until: End,
    /// The users.
    pub who: Subject,
    /// The app that they lose or gain.
    pub app: AppId,
}

/// The end of a user's access to an app with the commands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessEnd {
    /// The instant of the end; `now` if the commands end it at once.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The users.
    pub who: Subject,
    /// The app that they lose.
    pub app: AppId,
}

/// An interval in which a user waits for a seat only with the commands, or holds a seat only with
/// them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WaitChange {
    /// The first instant of the interval.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The end of the interval.
    pub until: End,
    /// The user.
    pub user: UserId,
    /// The plan of the seat.
    pub plan: PlanId,
}

/// A grant, neither ended nor revoked, for whose plan and kind (paid or trial) the new revision of
/// its license has no grant (L3). No access need be lost, since another license may grant the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DroppedGrant {
    /// The license.
    pub license: LicenseId,
    /// The revision with the grant.
    pub revision: NonZeroU32,
    /// The revision without it.
    pub replaced_by: NonZeroU32,
    /// The grant.
    pub grant: Grant,
    /// The phase of the grant without the commands.
    pub phase: Phase,
    /// The instant at which that phase would end by time alone.
    pub until: End,
}

/// An interval in which the commands change the units of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PoolChange {
    /// The first instant of the interval.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The end of the interval.
    pub until: End,
    /// The plan.
    pub plan: PlanId,
    /// The units without the commands.
    pub before: PoolUnits,
    /// The units with the commands.
    pub after: PoolUnits,
}

/// Whose quota changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaSubject {
    /// The organisation.
    Organisation,
    /// Everyone except users with a claim, without or with the commands, on a user plan that gives the
    /// quota. These users have entries of their own if anything changes for them.
    Everyone,
    /// One user.
    User(UserId),
}

/// An interval in which the commands change how much of a quota somebody has (Q3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaChange {
    /// The first instant of the interval.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The end of the interval.
    pub until: End,
    /// Whose quota it is.
    pub who: QuotaSubject,
    /// The quota.
    pub quota: QuotaId,
    /// The amount without the commands.
    pub before: QuotaAmount,
    /// The amount with the commands.
    pub after: QuotaAmount,
}

/// The units of a plan, as in its [`Pool`](crate::query::Pool).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PoolUnits {
    /// The usable units (L9).
    pub usable: Total,
    /// The number of claims that can hold a seat, with tolerances (S11); the usable units of a
    /// capacity plan.
    pub limit: Total,
}

/// A warning on a plan that appears or disappears. A plan causes warnings for everyone for whom it
/// is in effect, even if their decisions report another plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WarningChange {
    /// The first instant of the change.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
    /// The plan.
    pub plan: PlanId,
    /// The kind of the warning.
    pub warning: WarningKind,
    /// The users.
    pub affected: AffectedUsers,
}

/// The users who get a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AffectedUsers {
    /// Everyone, because the warning is on a tenant plan.
    Everyone,
    /// The number of users who get it at any time.
    Users(u64),
}

/// The kind of a [`Warning`](crate::explain::Warning) (K7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningKind {
    /// The term has ended, and access depends on the grace.
    InGrace,
    /// More seats are held than there are units.
    OverAssigned,
    /// The license requires a more recent revocation list (X5).
    ListWanted,
    /// The active units run out soon.
    ExpiringSoon,
}

/// The totals of the lists of a [`Preview`], including entries that are not listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Totals {
    /// The total of [`Preview::lost`]; a pair is a user and an app.
    pub lost: Tally,
    /// The total of [`Preview::gained`]; a pair is a user and an app.
    pub gained: Tally,
    /// The total of [`Preview::ending`]; a pair is a user and an app.
    pub ending: Tally,
    /// The total of those entries of [`Preview::ending`] that are no losses: without the commands the access
    /// would have ended then too, or before. A pair is a user and an app.
    #[serde(default)]
    pub ending_without_loss: Tally,
    /// The total of [`Preview::waiting`]; a pair is a user and a plan.
    pub waiting: Tally,
    /// The total of [`Preview::served`]; a pair is a user and a plan.
    pub served: Tally,
    /// The total of [`Preview::quotas`]; a pair is a user, or everyone or the organisation, and a quota.
    pub quotas: Tally,
    /// The number of entries of [`Preview::dropped`].
    pub dropped: u64,
    /// The number of entries of [`Preview::pools`].
    pub pools: u64,
    /// The number of entries of [`Preview::appearing`].
    pub appearing: u64,
    /// The number of entries of [`Preview::disappearing`].
    pub disappearing: u64,
}

/// The total of a list about users, whose entries are of apps, plans or quotas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tally {
    /// The number of entries, which are intervals.
    pub entries: u64,
    /// The number of users, each counted once. [`Subject::Everyone`] is not counted.
    pub users: u64,
    /// The number of pairs of a user and an app or a plan, each counted once. [`Subject::Everyone`]
    /// and an app are a pair.
    pub pairs: u64,
}

impl Preview {
    /// Returns whether the commands change nothing in any list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.totals == Totals::default()
    }
}
