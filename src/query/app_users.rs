//! Lists for display: the apps that a user may open, and the users who may open an app (K2).

use chrono::{DateTime, Utc};

use crate::catalog::App;
use crate::catalog::app_rule::AppRule;
use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::AppEntry;
use crate::decision::check::best;
use crate::id::user::{UserId, UserRef};
use crate::tenant::Tenant;
use crate::tenant::state::bucket::Entry;
use crate::tenant::state::user::claim_on;

/// The users who may open an app.
#[derive(Debug, Clone, Copy)]
pub struct AppUsers<'a> {
    tenant: &'a Tenant,
    app: &'a App,
    at: DateTime<Utc>,
}

impl<'a> AppUsers<'a> {
    /// Returns the basis on which everyone may open the app, users whom no command names included:
    /// it is free, the offer is unmanaged, or a tenant plan allows it (K2). `None` if it is not
    /// open to everyone.
    #[must_use]
    pub fn everyone(&self) -> Option<Basis> {
        let rule = self.rule()?;
        rule.open().or_else(|| best(self.tenant, rule, &[], self.app.id(), self.at).map(|plan| plan.basis))
    }

    /// Returns the users with a claim or a membership who may open the app, each once: plan by
    /// plan, in queue order. If the app is open to everyone, returns all users in unspecified
    /// order.
    ///
    /// `O(n log n)` in the claims on the plans that list the app; each user costs a check.
    pub fn users(&self) -> impl Iterator<Item = UserRef<'a>> + use<'a> {
        let Self { tenant, app, at } = *self;
        let state = tenant.state();
        let rule = self.rule().unwrap_or(AppRule::SHUT);
        let is_open = self.everyone().is_some();
        let all = is_open.then(|| state.users.iter()).into_iter().flatten();
        let plans = rule.user_plans().iter().filter(move |_| !is_open);
        let queues = plans.zip(0..).flat_map(move |(&plan, before)| {
            let queue = state.core.catalog_plan(plan).into_iter().flat_map(|plan| state.queue_users(plan));
            let earlier = rule.user_plans().get(..before).unwrap_or_default();
            queue.filter(move |user| {
                let claims = user.held.claims();
                let claims = claims.as_slice();
                let is_listed_already = |&plan: &PlanIndex| {
                    let number = state.core.of_catalog(plan);
                    number.is_some_and(|number| claim_on(claims, number).is_some())
                };
                !earlier.iter().any(is_listed_already) && best(tenant, rule, claims, app.id(), at).is_some()
            })
        });
        all.chain(queues).map(|user: Entry<'a>| user.id)
    }

    fn rule(&self) -> Option<&'a AppRule> {
        self.tenant.catalog().rule_of(self.app)
    }
}

impl Tenant {
    /// Returns the apps that a user may open, in the catalog's order: for display, not for
    /// enforcement.
    ///
    /// Each app costs a check; the user is looked up once.
    pub fn apps_of<'a>(&'a self, user: &UserId, now: DateTime<Utc>) -> impl Iterator<Item = &'a AppEntry> + use<'a> {
        let (at, claims) = (self.raw_reading(now), self.state().claims(user));
        let open = self.catalog().indexed_apps().filter(move |(index, app)| {
            let rule = self.catalog().rule(*index);
            rule.open().is_some() || best(self, rule, claims.as_slice(), &app.id, at).is_some()
        });
        open.map(|(_, app)| app)
    }

    /// Returns the users who may open an app, or that everyone may.
    #[must_use]
    pub fn users_of<'a>(&'a self, app: &'a App, now: DateTime<Utc>) -> AppUsers<'a> {
        AppUsers { tenant: self, app, at: self.raw_reading(now) }
    }
}
