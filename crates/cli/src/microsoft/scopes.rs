//! Scopes of plans, which Microsoft's files do not contain.

use core::fmt;
use core::str::FromStr;

use entitle::PlanId;
use entitle::catalog::Scope;

/// A plan and its scope: `base=tenant`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanScope {
    pub(super) plan: PlanId,
    pub(super) scope: Scope,
}

impl FromStr for PlanScope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (plan, scope) = text.rsplit_once('=').ok_or("write it as `base=tenant`: a plan and its scope")?;
        let plan = plan.parse().map_err(|error: entitle::id::TextError| error.to_string())?;
        Ok(Self { plan, scope: scope_of(scope)? })
    }
}

/// Parses a scope.
pub(super) fn scope_of(text: &str) -> Result<Scope, String> {
    match text {
        "tenant" => Ok(Scope::Tenant),
        "user" => Ok(Scope::User),
        "capacity" => Ok(Scope::Capacity),
        _ => Err(format!("`{text}` is not a scope: use tenant, user or capacity")),
    }
}

/// Returns a list of items in backticks.
pub(super) fn quoted_list<T: fmt::Display>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|each| format!("`{each}`")).collect::<Vec<_>>().join(", ")
}
