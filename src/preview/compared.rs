//! A tenant without and with some commands, prepared for comparison.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::preview::affected_scope::AffectedScope;
use crate::preview::instant_view::InstantView;
use crate::preview::moments::Moments;
use crate::tenant::Tenant;
use crate::tenant::command::Event;
use crate::tenant::transition::apply::EventTransaction;
use crate::tenant::transition::touched_user::UserDiff;
use crate::time::whole_second;

/// Both tenants, with the scope and the instants in which they may differ.
pub(super) struct Compared<'a> {
    pub(super) before: &'a Tenant,
    pub(super) after: &'a Tenant,
    /// The host's instant.
    pub(super) now: DateTime<Utc>,
    /// The users whom the commands touch, sorted by id.
    pub(super) settled: &'a [UserDiff<'a>],
    pub(super) scope: AffectedScope<'a>,
    pub(super) moments: Moments,
    /// Both tenants at each instant.
    pub(super) views: Vec<[InstantView; 2]>,
}

impl<'a> Compared<'a> {
    pub(super) fn new(before: &'a Tenant, after: &'a Tenant, settled: &'a [UserDiff<'a>], now: DateTime<Utc>) -> Self {
        let now = whole_second(now);
        let scope = AffectedScope::of(before, after, settled, now);
        let relevant = scope.relevant(after);
        let moments = Moments::of([before, after], &scope, &relevant, now);
        let both =
            |&now: &DateTime<Utc>| [before, after].map(|tenant| InstantView::new(tenant, &scope, &relevant, now));
        let views = moments.all.iter().map(both).collect();
        Self { before, after, now, settled, scope, moments, views }
    }
}

/// Returns the changes that an event makes to the users it touches, without applying it. It costs
/// as much as applying it.
pub(super) fn settled<'a>(tenant: &'a Tenant, event: &'a Event) -> SmallVec<[UserDiff<'a>; 1]> {
    let mut core = tenant.core().clone();
    let users = &tenant.state().users;
    let mut transaction = EventTransaction::begin(tenant.base(), users, &mut core, &event.actor.user, event.at);
    for command in &event.commands {
        transaction.perform(command);
    }
    transaction.settle(UserDiff::of)
}
