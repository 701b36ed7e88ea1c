//! What a publisher says and signs: deals with their grants, renewals, revocation lists, time
//! tickets and the checkpoints that they name. Unsigned data: tokens and keys are in `token`, and
//! no tenant is known here.

pub(crate) mod grant;

pub(crate) mod checkpoint;
pub(crate) mod phases;

pub(crate) mod deal;

pub(crate) mod renewal;
pub(crate) mod revocation;
pub(crate) mod time_ticket_draft;
