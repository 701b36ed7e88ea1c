//! For whom plans are, which Microsoft's files do not say.

use core::fmt;
use core::str::FromStr;

use entitle::PlanId;
use entitle::catalog::Scope;

/// A plan and for whom it is: `base=tenant`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanScope {
    pub(super) plan: PlanId,
    pub(super) scope: Scope,
}

impl FromStr for PlanScope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (plan, scope) = text.rsplit_once('=').ok_or("say it as `base=tenant`, a plan and for whom it is")?;
        let plan = plan.parse().map_err(|error: entitle::id::TextError| error.to_string())?;
        Ok(Self { plan, scope: scope_of(scope)? })
    }
}

/// A scope in a word.
pub(super) fn scope_of(text: &str) -> Result<Scope, String> {
    match text {
        "tenant" => Ok(Scope::Tenant),
        "user" => Ok(Scope::User),
        "capacity" => Ok(Scope::Capacity),
        _ => Err(format!("`{text}` is none of tenant, user and capacity")),
    }
}

/// A list in words.
pub(super) fn quoted_list<T: fmt::Display>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|each| format!("`{each}`")).collect::<Vec<_>>().join(", ")
}
