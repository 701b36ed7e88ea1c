//! The publisher's desk: deals, customers and renewals, as the deal book has them.

mod view;

mod options;
mod renewal;

mod customers;
mod ending;
mod history;
mod import;
mod list;
mod show;

pub(super) use customers::Customers;
pub(super) use ending::Ending;
pub(super) use history::History;
pub(super) use import::Import;
pub(super) use list::List;
pub(crate) use options::TRUST;
pub(super) use show::Show;
