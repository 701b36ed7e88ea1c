//! Answers which commands make the users, groups and members of a tenant those of a directory, and
//! which seats nobody uses (S19).
//! It takes a directory as values, and when plans were used from the host.
//! It must not know where a directory comes from, or decide or apply commands.

mod loss_limit;

mod desired;
mod json;

mod command_lists;

mod error;

mod losses;

mod reconciliation;
mod unused_seats;

pub use desired::Directory;
pub use error::ReconcileError;
pub use loss_limit::{LossLimit, LossLimitError};
pub use losses::PlanLoss;
pub use reconciliation::Reconciliation;
pub use unused_seats::{InheritedSeat, LastUse, RequiredSeat, UnusedSeats};
