//! A tenant without some commands and with them, side by side.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::preview::affected_scope::AffectedScope;
use crate::preview::instant_view::InstantView;
use crate::preview::moments::Moments;
use crate::tenant::Tenant;
use crate::tenant::apply::EventTransaction;
use crate::tenant::command::Event;
use crate::tenant::settle::UserDiff;
use crate::time::whole_second;

/// The two, and where they may differ.
pub(super) struct Compared<'a> {
    pub(super) before: &'a Tenant,
    pub(super) after: &'a Tenant,
    /// The host's instant.
    pub(super) now: DateTime<Utc>,
    /// The users whom the commands touch, by the bytes of their ids.
    pub(super) settled: &'a [UserDiff<'a>],
    pub(super) extent: AffectedScope,
    pub(super) moments: Moments,
    /// Both at each moment.
    pub(super) lenses: Vec<[InstantView; 2]>,
}

impl<'a> Compared<'a> {
    pub(super) fn new(before: &'a Tenant, after: &'a Tenant, settled: &'a [UserDiff<'a>], now: DateTime<Utc>) -> Self {
        let now = whole_second(now);
        let extent = AffectedScope::of(before, after, settled, now);
        let relevant = extent.relevant(after);
        let moments = Moments::of([before, after], &extent, &relevant, now);
        let both =
            |&now: &DateTime<Utc>| [before, after].map(|tenant| InstantView::new(tenant, &extent, &relevant, now));
        let lenses = moments.all.iter().map(both).collect();
        Self { before, after, now, settled, extent, moments, lenses }
    }
}

/// What an event makes of the users it touches. Its cost is that of applying it, and it changes nothing.
pub(super) fn settled<'a>(tenant: &'a Tenant, event: &'a Event) -> SmallVec<[UserDiff<'a>; 1]> {
    let mut core = tenant.core().clone();
    let users = &tenant.state().users;
    let mut transaction = EventTransaction::begin(tenant.base(), users, &mut core, &event.actor.user, event.at);
    event.commands.iter().for_each(|command| transaction.perform(command));
    transaction.settle(UserDiff::of)
}
