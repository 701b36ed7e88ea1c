//! Laws about a catalog: what a price list promises, whoever buys what.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use thiserror::Error;

use crate::catalog::{Catalog, UnknownApp};
use crate::id::PlanId;
use crate::testing::cases::{Case, Cases, MAX_DECIDED, TooMany};
use crate::testing::story::Story;

/// What may be asked of a catalog. Each law is decided for all cases, or said to be undecided.
#[derive(Debug, Clone)]
pub struct Laws {
    catalog: Catalog,
}

/// Why a law is not proven.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LawFailure {
    /// The law names a plan that the catalog does not have.
    #[error("no plan of this catalog has the id `{}`", plan.escape_debug())]
    UnknownPlan {
        /// The plan that was named.
        plan: String,
    },
    /// The law names an app that the catalog does not have.
    #[error(transparent)]
    UnknownApp(#[from] UnknownApp),
    /// There is a case in which the law does not hold; no case with fewer plans is one.
    #[error("{law} is broken\n{story}")]
    Broken {
        /// The law, in words.
        law: String,
        /// The case.
        story: Story,
    },
    /// No case opens the app, whatever is bought and assigned.
    #[error("nothing that can be bought and assigned opens `{app}`")]
    NeverOpens {
        /// The app.
        app: String,
    },
    /// The law holds only because its plan is never in effect, whatever is bought and assigned.
    #[error("{law} says nothing: `{plan}` is never in effect, whatever is bought and assigned")]
    SaysNothing {
        /// The law, in words.
        law: String,
        /// The plan.
        plan: PlanId,
    },
    /// More than [`MAX_DECIDED`] plans bear on it, so not all cases were tried.
    #[error("{law} is undecided: {plans} plans bear on it, all cases are tried of at most {MAX_DECIDED}")]
    Undecided {
        /// The law, in words.
        law: String,
        /// How many plans bear on it.
        plans: usize,
    },
}

impl LawFailure {
    /// A stable name of this doubt for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPlan { .. } => "law.unknown-plan",
            Self::UnknownApp(error) => error.code(),
            Self::Broken { .. } => "law.broken",
            Self::NeverOpens { .. } => "law.never-opens",
            Self::SaysNothing { .. } => "law.says-nothing",
            Self::Undecided { .. } => "law.undecided",
        }
    }
}

impl Laws {
    /// Laws about this catalog.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        Self { catalog: catalog.clone() }
    }

    /// Whoever has `more` in effect may open every app that `less` lists.
    ///
    /// # Errors
    ///
    /// [`LawFailure`], with the smallest case in which an app of `less` stays shut.
    pub fn unlocks_all_of(&self, more: &str, less: &str) -> Result<(), LawFailure> {
        let law = alloc::format!("`{more}` unlocks all of `{less}`");
        let (more, less) = (self.plan(more)?, self.plan(less)?);
        let apps = self.apps_of(less);
        let cases = self.cases(&law, &[more])?;
        if cases.smallest(|case| case.in_effect(more)).is_none() {
            return Err(self.says_nothing(law, more));
        }
        let shut = |case: Case<'_>| apps.iter().copied().find(|&app| !case.opens(app));
        match cases.smallest(|case| case.in_effect(more) && shut(case).is_some()) {
            None => Ok(()),
            Some(case) => Err(self.broken(law, case, shut(case))),
        }
    }

    /// Whoever may open `app` has `plan` in effect, or their organisation has.
    ///
    /// # Errors
    ///
    /// [`LawFailure`], with the smallest case in which the app is open without the plan.
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
        for &opener in self.catalog.gate(app).plans() {
            let cases = self.cases(&law, &[opener])?;
            let found = cases.smallest(|case| case.in_effect(opener) && !case.in_effect(plan));
            if let Some(case) = found.filter(|case| case.held().count() < size) {
                size = case.held().count();
                smallest = Some(self.broken(law.clone(), case, Some(app)));
            }
        }
        smallest.map_or(Ok(()), Err)
    }

    /// No user has both plans in effect at once.
    ///
    /// # Errors
    ///
    /// [`LawFailure`], with the smallest case in which somebody has.
    pub fn never_together(&self, one: &str, other: &str) -> Result<(), LawFailure> {
        let law = alloc::format!("never `{one}` and `{other}` together");
        let (one, other) = (self.plan(one)?, self.plan(other)?);
        let cases = self.cases(&law, &[one, other])?;
        for plan in [one, other] {
            if cases.smallest(|case| case.in_effect(plan)).is_none() {
                return Err(self.says_nothing(law, plan));
            }
        }
        match cases.smallest(|case| case.in_effect(one) && case.in_effect(other)) {
            None => Ok(()),
            Some(case) => Err(self.broken(law, case, self.apps_of(one).into_iter().chain(self.apps_of(other)))),
        }
    }

    /// Each app is opened by something that can be bought and assigned, if not open to everyone.
    ///
    /// # Errors
    ///
    /// [`LawFailure`], with the first app, in the catalog's order, that stays shut in every case.
    pub fn every_app_can_be_opened(&self) -> Result<(), LawFailure> {
        self.every_app(0..self.catalog.offer().apps.len())
    }

    fn every_app(&self, apps: impl IntoIterator<Item = usize>) -> Result<(), LawFailure> {
        for app in apps.into_iter().filter(|&app| !self.is_open_to_all(app)) {
            let name = self.app_name(app);
            let law = alloc::format!("`{name}` can be opened");
            let mut undecided = None;
            let mut opens = false;
            for &opener in self.catalog.gate(app).plans() {
                match self.cases(&law, &[opener]) {
                    Ok(cases) => opens |= cases.smallest(|case| case.in_effect(opener)).is_some(),
                    Err(doubt) => undecided = Some(doubt),
                }
            }
            if !opens {
                return Err(undecided.unwrap_or(LawFailure::NeverOpens { app: name }));
            }
        }
        Ok(())
    }

    fn cases(&self, law: &str, about: &[usize]) -> Result<Cases<'_>, LawFailure> {
        Cases::of(&self.catalog, about).map_err(|TooMany(plans)| LawFailure::Undecided { law: law.to_string(), plans })
    }

    fn broken(&self, law: String, case: Case<'_>, asked: impl IntoIterator<Item = usize>) -> LawFailure {
        let asked = asked.into_iter().map(|app| self.app_name(app)).collect();
        LawFailure::Broken { law, story: Story::tell(&self.catalog, case.held(), asked) }
    }

    fn says_nothing(&self, law: String, plan: usize) -> LawFailure {
        match self.catalog.plan_at(plan) {
            Some(plan) => LawFailure::SaysNothing { law, plan: plan.id.clone() },
            None => LawFailure::UnknownPlan { plan: plan.to_string() },
        }
    }

    fn plan(&self, id: &str) -> Result<usize, LawFailure> {
        let number = id.parse().ok().and_then(|plan| self.catalog.plan_index(&plan));
        number.ok_or_else(|| LawFailure::UnknownPlan { plan: crate::id::excerpt(id) })
    }

    fn app(&self, id: &str) -> Result<usize, LawFailure> {
        let app = self.catalog.app(id)?;
        let unknown = || UnknownApp { app: crate::id::excerpt(id) };
        self.catalog.number_of(&app).ok_or_else(|| unknown().into())
    }

    fn app_name(&self, app: usize) -> String {
        self.catalog.offer().apps.get(app).map_or(String::new(), |app| app.id.to_string())
    }

    /// The apps that a plan lists.
    fn apps_of(&self, plan: usize) -> Vec<usize> {
        let apps = 0..self.catalog.offer().apps.len();
        apps.filter(|&app| self.catalog.gate(app).plans().contains(&plan)).collect()
    }

    fn is_open_to_all(&self, app: usize) -> bool {
        self.catalog.gate(app).open().is_some()
    }
}
