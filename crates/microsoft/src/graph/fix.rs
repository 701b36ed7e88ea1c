//! How to fix an assignment in error, as a value and as text.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU64;

use entitle::language::{Message, Value, Wording};

use crate::graph::missing_data::MissingData;
use crate::graph::units::SkuUnits;
use crate::guid::Guid;

/// How many products or service plans a fix names: more than a person looks through. Where there are more, it
/// names none.
pub const MAX_NAMED: usize = 100;

/// How to fix an assignment in error, as far as Graph's answers tell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fix {
    /// There are too few units for all waiting users: free or buy this many, or renew suspended
    /// ones.
    FreeOrBuy {
        /// The product.
        sku: Guid,
        /// The number of units.
        units: NonZeroU64,
        /// The number of suspended units, which a renewal makes usable.
        suspended: u64,
    },
    /// There are enough units now: reprocess the assignment.
    Reprocess {
        /// The product.
        sku: Guid,
    },
    /// Another product of the user excludes this one: remove it, or turn off the service plan in
    /// one of the two.
    RemoveExcluding {
        /// The product in error.
        sku: Guid,
        /// The user's other products. Graph does not report which one excludes it. If the list is
        /// empty, the excluding product is no longer assigned.
        among: Vec<Guid>,
    },
    /// The user lacks a product that this one requires: assign it. Graph does not report which one.
    AssignPrerequisite {
        /// The product in error.
        sku: Guid,
        /// Service plans that are turned off for the user; one of them may be the required one. None is
        /// named of more than [`MAX_NAMED`].
        turned_off: Vec<Guid>,
    },
    /// The user has no usage location: set one.
    SetUsageLocation {
        /// The user's id.
        user: String,
    },
    /// A service of the product is not offered at the user's location: turn it off, or correct the
    /// usage location.
    NotOfferedThere {
        /// The product.
        sku: Guid,
        /// The user's id.
        user: String,
        /// The user's usage location.
        usage_location: String,
    },
    /// Graph reports no more than that something is wrong with the user, or the user has more than
    /// [`MAX_NAMED`] products one of which excludes this one.
    LookAtUser {
        /// The user's id.
        user: String,
    },
    /// Data from Graph is missing to tell.
    AskGraph(MissingData),
}

impl Fix {
    /// Returns the fix for this many users who wait for a unit.
    pub(crate) fn for_units(units: &SkuUnits, waiting: u64) -> Self {
        let (sku, wanted) = (units.sku, units.consumed.saturating_add(waiting));
        let suspended = units.prepaid.in_phase(entitle::time::Phase::Suspended);
        match NonZeroU64::new(wanted.saturating_sub(units.prepaid.usable())) {
            Some(units) => Self::FreeOrBuy { sku, units, suspended },
            None => Self::Reprocess { sku },
        }
    }

    /// Returns the fix as a message, which a host may translate.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::FreeOrBuy { sku, units, suspended } => {
                let message = match (units.get(), suspended) {
                    (1, 0) => Wording::new("fix.free-or-buy-one", "free or buy 1 unit of {sku}").message(),
                    (_, 0) => Wording::new("fix.free-or-buy", "free or buy {units} units of {sku}").message(),
                    (1, _) => Wording::new(
                        "fix.free-buy-or-renew-one",
                        "free or buy 1 unit of {sku}, or renew suspended units ({suspended})",
                    ).message(),
                    (_, _) => Wording::new(
                        "fix.free-buy-or-renew",
                        "free or buy {units} units of {sku}, or renew suspended units ({suspended})",
                    ).message(),
                };
                message.with("units", units.get()).with("sku", id(sku)).with("suspended", suspended)
            }
            Self::Reprocess { sku } => {
                Wording::new("fix.reprocess", "{sku} now has enough units: reprocess the assignment").message()
                    .with("sku", id(sku))
            }
            Self::RemoveExcluding { sku, among } => {
                let message = match among.as_slice() {
                    [] => Wording::new(
                        "fix.nothing-excludes",
                        "no other assigned product can exclude {sku}: reprocess the assignment",
                    ).message(),
                    [_] => Wording::new(
                        "fix.remove-the-excluding",
                        "remove {among}, the only product that can exclude {sku}",
                    ).message(),
                    _ => Wording::new("fix.remove-excluding", "remove the product that excludes {sku}, one of {among}").message(),
                };
                message.with("sku", id(sku)).with("among", Value::AnyOf(among.iter().map(id).collect()))
            }
            Self::AssignPrerequisite { sku, turned_off } => {
                let message = match turned_off.as_slice() {
                    [] => Wording::new("fix.assign-prerequisite", "assign the product that {sku} requires").message(),
                    _ => Wording::new(
                        "fix.turn-on-prerequisite",
                        "assign the product that {sku} requires; service plans turned off for the user: {turned_off}",
                    ).message(),
                };
                message.with("sku", id(sku)).with("turned_off", Value::All(turned_off.iter().map(id).collect()))
            }
            Self::SetUsageLocation { user } => {
                Wording::new("fix.set-usage-location", "set a usage location for {user}").message().with("user", user)
            }
            Self::NotOfferedThere { sku, user, usage_location } => Wording::new(
                "fix.not-offered-there",
                "turn off the service of {sku} that is not offered in {usage_location}, or correct the usage location of {user}",
            ).message()
            .with("sku", id(sku))
            .with("user", user)
            .with("usage_location", usage_location),
            Self::LookAtUser { user } => {
                Wording::new("fix.look-at-user", "check the user {user}: Graph does not report what is wrong").message().with("user", user)
            }
            Self::AskGraph(missing) => Wording::new("fix.ask-graph", "query Graph: {gap}").message().with("gap", Value::Detail(missing.to_string())),
        }
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().to_string())
    }
}

fn id(guid: &Guid) -> Value {
    Value::Id(guid.to_string())
}
