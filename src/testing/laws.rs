//! Laws about a catalog: what a price list promises for every purchase.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use thiserror::Error;

use crate::catalog::index::{AppIndex, PlanIndex};
use crate::catalog::{Catalog, UnknownApp, UnknownQuota};
use crate::id::{PlanId, QuotaId};
use crate::quantity::units::Units;
use crate::testing::cases::{Case, CaseHolder, Cases, MAX_DECIDED, TooMany};
use crate::testing::story::{Story, StoryQuestion};

/// The laws that a catalog can be checked for. Each law is decided for all cases, or reported as
/// undecided.
#[derive(Debug, Clone)]
pub struct Laws {
    catalog: Catalog,
}

/// Why a law is not proven for a catalog. It is for the publisher's developers, whose tests it fails,
/// and in English: it has no wordings in other languages (K11 is about what people are shown).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LawFailure {
    /// The law names a plan that the catalog does not have.
    #[error("no plan of this catalog has the id `{}`", plan.escape_debug())]
    UnknownPlan {
        /// The plan in the law.
        plan: String,
    },
    /// The law names an app that the catalog does not have.
    #[error(transparent)]
    UnknownApp(#[from] UnknownApp),
    /// The law names a quota that the catalog does not have.
    #[error(transparent)]
    UnknownQuota(#[from] UnknownQuota),
    /// The law does not hold in a case. No case with fewer plans breaks it.
    #[error("{law} is broken\n{story}")]
    Broken {
        /// The law as text.
        law: String,
        /// The case.
        story: Story,
    },
    /// The app is open in no case, whatever is bought and assigned.
    #[error("no purchase and assignment opens `{app}`")]
    NeverOpens {
        /// The app.
        app: String,
    },
    /// The law holds only because its plan is never in effect.
    #[error("{law} holds only because `{plan}` is never in effect, whatever is bought and assigned")]
    SaysNothing {
        /// The law as text.
        law: String,
        /// The plan.
        plan: PlanId,
    },
    /// The law holds only because its plan gives nothing of the quota.
    #[error("{law} holds only because `{plan}` gives nothing of `{quota}`")]
    GivesNothing {
        /// The law as text.
        law: String,
        /// The plan.
        plan: PlanId,
        /// The quota.
        quota: QuotaId,
    },
    /// The law depends on more than [`MAX_DECIDED`] plans, so not all cases are tried.
    #[error("{law} is undecided: it depends on {plans} plans, and all cases are tried for at most {MAX_DECIDED}")]
    Undecided {
        /// The law as text.
        law: String,
        /// The number of plans on which it depends.
        plans: usize,
    },
}

impl LawFailure {
    /// Returns a stable name of this failure for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPlan { .. } => "law.unknown-plan",
            Self::UnknownApp(error) => error.code(),
            Self::UnknownQuota(error) => error.code(),
            Self::Broken { .. } => "law.broken",
            Self::NeverOpens { .. } => "law.never-opens",
            Self::SaysNothing { .. } => "law.says-nothing",
            Self::GivesNothing { .. } => "law.gives-nothing",
            Self::Undecided { .. } => "law.undecided",
        }
    }
}

impl Laws {
    /// Returns the laws for a catalog.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        Self { catalog: catalog.clone() }
    }

    /// Checks that everyone with `more` in effect may open every app that `less` lists.
    ///
    /// # Errors
    ///
    /// [`LawFailure`] with the smallest case in which an app of `less` is not open.
    pub fn unlocks_all_of(&self, more: &str, less: &str) -> Result<(), LawFailure> {
        let law = alloc::format!("`{more}` unlocks all of `{less}`");
        let (more, less) = (self.plan(more)?, self.plan(less)?);
        let apps = self.apps_of(less);
        let cases = self.cases(&law, &[more])?;
        if cases.smallest(|case| case.in_effect(more)).is_none() {
            return Err(self.vacuous(law, more));
        }
        let shut = |case: Case<'_>| apps.iter().copied().find(|&app| !case.opens(app));
        match cases.smallest(|case| case.in_effect(more) && shut(case).is_some()) {
            None => Ok(()),
            Some(case) => Err(self.broken(law, case, shut(case))),
        }
    }

    /// Checks that everyone who may open `app` has `plan` in effect, or the organisation has.
    ///
    /// # Errors
    ///
    /// [`LawFailure`] with the smallest case in which the app is open without the plan.
    pub fn opens_only_with(&self, app: &str, plan: &str) -> Result<(), LawFailure> {
        let law = alloc::format!("`{app}` opens only with `{plan}`");
        let (app, plan) = (self.app(app)?, self.plan(plan)?);
        if self.is_open_to_all(app) {
            let cases = self.cases(&law, &[])?;
            let nothing = cases.smallest(|_| true);
            return nothing.map_or(Ok(()), |case| Err(self.broken(law, case, Some(app))));
        }
        self.every_app(Some(app))?;
        let mut smallest: Option<LawFailure> = None;
        let mut size = usize::MAX;
        for &opener in self.catalog.rule(app).plans() {
            let cases = self.cases(&law, &[opener])?;
            let found = cases.smallest(|case| case.in_effect(opener) && !case.in_effect(plan));
            if let Some(case) = found.filter(|case| case.held().count() < size) {
                size = case.held().count();
                smallest = Some(self.broken(law.clone(), case, Some(app)));
            }
        }
        smallest.map_or(Ok(()), Err)
    }

    /// Checks that no user has both plans in effect at once.
    ///
    /// # Errors
    ///
    /// [`LawFailure`] with the smallest case in which a user has both.
    pub fn never_together(&self, one: &str, other: &str) -> Result<(), LawFailure> {
        let law = alloc::format!("never `{one}` and `{other}` together");
        let (one, other) = (self.plan(one)?, self.plan(other)?);
        let cases = self.cases(&law, &[one, other])?;
        for plan in [one, other] {
            if cases.smallest(|case| case.in_effect(plan)).is_none() {
                return Err(self.vacuous(law, plan));
            }
        }
        match cases.smallest(|case| case.in_effect(one) && case.in_effect(other)) {
            None => Ok(()),
            Some(case) => Err(self.broken(law, case, self.apps_of(one).into_iter().chain(self.apps_of(other)))),
        }
    }

    /// Checks that each app that is not open to everyone is open after some purchase and
    /// assignment.
    ///
    /// # Errors
    ///
    /// [`LawFailure`] with the first app in the catalog's order that is open in no case.
    pub fn every_app_can_be_opened(&self) -> Result<(), LawFailure> {
        self.every_app(self.catalog.indexed_apps().map(|(app, _)| app))
    }

    fn every_app(&self, apps: impl IntoIterator<Item = AppIndex>) -> Result<(), LawFailure> {
        for app in apps.into_iter().filter(|&app| !self.is_open_to_all(app)) {
            let name = self.app_name(app);
            let law = alloc::format!("`{name}` can be opened");
            let mut undecided = None;
            let mut opens = false;
            for &opener in self.catalog.rule(app).plans() {
                match self.cases(&law, &[opener]) {
                    Ok(cases) => opens |= cases.smallest(|case| case.in_effect(opener)).is_some(),
                    Err(failure) => undecided = Some(failure),
                }
            }
            if !opens {
                return Err(undecided.unwrap_or(LawFailure::NeverOpens { app: name }));
            }
        }
        Ok(())
    }

    pub(super) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn cases(&self, law: &str, about: &[PlanIndex]) -> Result<Cases<'_>, LawFailure> {
        self.cases_of(law, about, CaseHolder::User)
    }

    pub(super) fn cases_of(&self, law: &str, about: &[PlanIndex], whose: CaseHolder) -> Result<Cases<'_>, LawFailure> {
        Cases::of(&self.catalog, about, whose)
            .map_err(|TooMany(plans)| LawFailure::Undecided { law: law.to_string(), plans })
    }

    fn broken(&self, law: String, case: Case<'_>, asked: impl IntoIterator<Item = AppIndex>) -> LawFailure {
        let asked = asked.into_iter().map(|app| StoryQuestion::App(self.app_name(app))).collect();
        let granted = case.held().map(|plan| (plan, Units::Unlimited));
        LawFailure::Broken { law, story: Story::new(&self.catalog, granted, CaseHolder::User, asked) }
    }

    pub(super) fn vacuous(&self, law: String, plan: PlanIndex) -> LawFailure {
        match self.catalog.plan_at(plan) {
            Some(plan) => LawFailure::SaysNothing { law, plan: plan.id.clone() },
            None => LawFailure::UnknownPlan { plan: plan.0.to_string() },
        }
    }

    pub(super) fn plan(&self, id: &str) -> Result<PlanIndex, LawFailure> {
        let index = id.parse().ok().and_then(|plan| self.catalog.plan_index(&plan));
        index.ok_or_else(|| LawFailure::UnknownPlan { plan: crate::id::excerpt(id) })
    }

    fn app(&self, id: &str) -> Result<AppIndex, LawFailure> {
        let app = self.catalog.app(id)?;
        let unknown = || UnknownApp { app: crate::id::excerpt(id) };
        self.catalog.app_index(&app).ok_or_else(|| unknown().into())
    }

    fn app_name(&self, app: AppIndex) -> String {
        self.catalog.offer().apps.get(app.0).map_or(String::new(), |app| app.id.to_string())
    }

    /// Returns the apps that a plan lists.
    fn apps_of(&self, plan: PlanIndex) -> Vec<AppIndex> {
        let apps = self.catalog.indexed_apps().map(|(app, _)| app);
        apps.filter(|&app| self.catalog.rule(app).plans().contains(&plan)).collect()
    }

    fn is_open_to_all(&self, app: AppIndex) -> bool {
        self.catalog.rule(app).open().is_some()
    }
}
