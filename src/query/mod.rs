//! Lists and figures beside the check: claims and their errors, grants, trials, capacity, installs
//! and the clock. Each takes a tenant and changes nothing.

pub(crate) mod app_users;
pub(crate) mod claims;
pub(crate) mod clock;
pub(crate) mod grants;
pub(crate) mod install;
pub(crate) mod session;
pub(crate) mod trials;
pub(crate) mod usage;
