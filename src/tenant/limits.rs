//! Limits of a user and of a group of a tenant (X8).

/// The most groups of one user: about as many as a Windows access token holds. A change to a user
/// costs all their groups. A join beyond the limit is refused and, in a forged record, does not
/// count.
pub const MAX_GROUPS: usize = 1_000;

/// The most plans assigned to one user directly, or to one group: more than an administrator
/// assigns one by one. A change to a user costs all of them. An assignment beyond the limit is
/// refused and, in a forged record, does not count.
pub const MAX_ASSIGNED: usize = 1_000;
