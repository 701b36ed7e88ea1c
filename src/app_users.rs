//! Lists to show beside the check: the apps that a user may open, the users who may open an app.

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::App;
use crate::catalog::app_rule::AppRule;
use crate::catalog::offer::AppEntry;
use crate::check::best;
use crate::tenant::Tenant;
use crate::tenant::bucket::Entry;
use crate::tenant::user::claim_on;
use crate::user_id::{UserId, UserRef};

/// Who may open an app.
#[derive(Debug, Clone, Copy)]
pub struct AppUsers<'a> {
    tenant: &'a Tenant,
    app: &'a App,
    at: DateTime<Utc>,
}

impl<'a> AppUsers<'a> {
    /// On what the app is open to everyone, also to users whom nobody has named, if it is: it is free, the offer is unmanaged, or
    /// a tenant plan opens it (K2).
    #[must_use]
    pub fn everyone(&self) -> Option<Basis> {
        let gate = self.gate()?;
        gate.open().or_else(|| best(self.tenant, gate, &[], self.app.id(), self.at).map(|opener| opener.basis))
    }

    /// Those who may open it among the users who have a claim or a membership; plan by plan in the order of the lines, each
    /// user once. Where it is open to everyone, all of them, in no order that means anything.
    ///
    /// Linear in the claims on the plans that list the app, but for logarithms; each user costs a check.
    pub fn users(&self) -> impl Iterator<Item = UserRef<'a>> + use<'a> {
        let Self { tenant, app, at } = *self;
        let state = tenant.state();
        let gate = self.gate().unwrap_or(AppRule::SHUT);
        let is_open = self.everyone().is_some();
        let all = is_open.then(|| state.users.iter()).into_iter().flatten();
        let plans = gate.user_plans().iter().filter(move |_| !is_open);
        let lines = plans.zip(0..).flat_map(move |(&plan, before)| {
            let line = state.core.catalog_plan(plan).into_iter().flat_map(|plan| state.in_line(plan));
            let earlier = gate.user_plans().get(..before).unwrap_or_default();
            line.filter(move |user| {
                let claims = user.held.claims();
                let claims = claims.as_slice();
                let in_line_before = |&plan: &usize| {
                    let number = state.core.of_catalog(plan);
                    number.is_some_and(|number| claim_on(claims, number).is_some())
                };
                !earlier.iter().any(in_line_before) && best(tenant, gate, claims, app.id(), at).is_some()
            })
        });
        all.chain(lines).map(|user: Entry<'a>| user.id)
    }

    fn gate(&self) -> Option<&'a AppRule> {
        self.tenant.catalog().gate_of(self.app)
    }
}

impl Tenant {
    /// The apps that a user may open, in the catalog's order: a list to show, no answer to gate by.
    ///
    /// Each app costs a check, but for looking the user up.
    pub fn apps_of<'a>(&'a self, user: &UserId, now: DateTime<Utc>) -> impl Iterator<Item = &'a AppEntry> + use<'a> {
        let (at, claims) = (self.raw_reading(now), self.state().claims(user));
        let apps = self.catalog().offer().apps.iter().zip(0..);
        let open = apps.filter(move |(app, number)| {
            let gate = self.catalog().gate(*number);
            gate.open().is_some() || best(self, gate, claims.as_slice(), &app.id, at).is_some()
        });
        open.map(|(app, _)| app)
    }

    /// Who may open an app: everyone, or which users.
    #[must_use]
    pub fn users_of<'a>(&'a self, app: &'a App, now: DateTime<Utc>) -> AppUsers<'a> {
        AppUsers { tenant: self, app, at: self.raw_reading(now) }
    }
}
