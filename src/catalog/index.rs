//! Indexes into a catalog, one type for each list, and the numbers that plans have in a tenant.

/// The index of a plan in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PlanIndex(pub(crate) usize);

/// The index of an app in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AppIndex(pub(crate) usize);

/// The number of a plan in a tenant: plans of the catalog, and others that its record names (C11).
/// A number is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PlanNumber(pub(crate) usize);
