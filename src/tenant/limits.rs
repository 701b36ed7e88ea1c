//! How much a user or a group of a tenant has at most (X8).

/// The most groups that one user is in, about as many as a Windows access token holds: whatever is done to a user costs all their
/// groups. A join beyond it is refused and, in a record that was forged, does not count.
pub const MAX_GROUPS: usize = 1_000;

/// The most plans that are assigned to one user directly, or to one group: more than any administrator assigns one by one, and
/// whatever is done to a user costs all of them. An assignment beyond it is refused and, in a record that was forged, does
/// not count.
pub const MAX_ASSIGNED: usize = 1_000;
