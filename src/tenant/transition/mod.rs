//! The transition from one state to the next: a command is decided under preconditions, its event
//! is applied, and seats are settled. No question of a host is answered here.

pub(crate) mod touched_user;

pub(crate) mod touched_users;

pub(crate) mod apply;

pub(crate) mod preconditions;
pub(crate) mod settle;

pub(crate) mod decide;
