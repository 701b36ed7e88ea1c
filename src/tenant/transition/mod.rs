//! Answers what a command changes: it is decided under preconditions, its event is applied, and
//! seats are settled.
//! It takes a state, commands and an instant.
//! It must not know how answers are computed for a host.

pub(crate) mod touched_user;

pub(crate) mod touched_users;

pub(crate) mod apply;

pub(crate) mod preconditions;
pub(crate) mod settle;

pub(crate) mod decide;
