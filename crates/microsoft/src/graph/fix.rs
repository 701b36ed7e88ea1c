//! What would mend an assignment in error: typed, and in words.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU64;

use entitle::explain::Message;

use crate::graph::missing_data::MissingData;
use crate::graph::units::SkuUnits;
use crate::guid::Guid;

/// What would mend an assignment in error, as far as Graph's answers tell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fix {
    /// There are too few units for all who were read: so many have to be freed or bought, or renewed where there are any.
    FreeOrBuy {
        /// The product.
        sku: Guid,
        /// How many.
        units: NonZeroU64,
        /// Suspended units, which a renewal would make usable.
        suspended: u64,
    },
    /// There are units enough by now: have the assignment processed again.
    Reprocess {
        /// The product.
        sku: Guid,
    },
    /// Another product of the user excludes this one: remove it, or turn the service plan off in one of the two.
    RemoveExcluding {
        /// The product in error.
        sku: Guid,
        /// The user's other products. Which of them excludes it, Graph does not say; if there is none, what excluded it is
        /// gone.
        among: Vec<Guid>,
    },
    /// The user lacks what the product requires: assign it. What it is, Graph does not say.
    AssignPrerequisite {
        /// The product in error.
        sku: Guid,
        /// Service plans that are turned off for the user, of which one may be what is required.
        turned_off: Vec<Guid>,
    },
    /// The user has no usage location: set one.
    SetUsageLocation {
        /// The user's id.
        user: String,
    },
    /// A service of the product is not offered where the user is: turn it off, or correct the usage location.
    NotOfferedThere {
        /// The product.
        sku: Guid,
        /// The user's id.
        user: String,
        /// Where they are.
        usage_location: String,
    },
    /// Graph says no more than that something is wrong with the user.
    LookAtUser {
        /// The user's id.
        user: String,
    },
    /// Graph did not say what is needed to tell.
    AskGraph(MissingData),
}

impl Fix {
    /// For so many users who wait for a unit.
    pub(crate) fn for_units(units: &SkuUnits, waiting: u64) -> Self {
        let (sku, wanted) = (units.sku, units.consumed.saturating_add(waiting));
        let suspended = units.prepaid.in_phase(entitle::time::Phase::Suspended);
        match NonZeroU64::new(wanted.saturating_sub(units.prepaid.usable())) {
            Some(units) => Self::FreeOrBuy { sku, units, suspended },
            None => Self::Reprocess { sku },
        }
    }

    /// The fix in words, which a host may say in its own.
    #[must_use]
    pub fn sentence(&self) -> Message {
        match self {
            Self::FreeOrBuy { sku, units, suspended } => {
                let message = match (units.get(), suspended) {
                    (1, 0) => Message::new("fix.free-or-buy-one", "free or buy 1 unit of `{sku}`"),
                    (_, 0) => Message::new("fix.free-or-buy", "free or buy {units} units of `{sku}`"),
                    (1, _) => Message::new(
                        "fix.free-buy-or-renew-one",
                        "free or buy 1 unit of `{sku}`, or renew: {suspended} are suspended",
                    ),
                    (_, _) => Message::new(
                        "fix.free-buy-or-renew",
                        "free or buy {units} units of `{sku}`, or renew: {suspended} are suspended",
                    ),
                };
                message.with("units", units).with("sku", sku).with("suspended", suspended)
            }
            Self::Reprocess { sku } => {
                Message::new("fix.reprocess", "`{sku}` has units enough by now: have the assignment processed again")
                    .with("sku", sku)
            }
            Self::RemoveExcluding { sku, among } => {
                let message = match among.as_slice() {
                    [] => Message::new(
                        "fix.nothing-excludes",
                        "nothing else is assigned that could exclude `{sku}`: have it processed again",
                    ),
                    [_] => Message::new(
                        "fix.remove-the-excluding",
                        "remove what excludes `{sku}`, which can only be {among}",
                    ),
                    _ => Message::new("fix.remove-excluding", "remove what excludes `{sku}`, one of {among}"),
                };
                message.with("sku", sku).with("among", Listed(among))
            }
            Self::AssignPrerequisite { sku, turned_off } => {
                let message = match turned_off.as_slice() {
                    [] => Message::new("fix.assign-prerequisite", "assign what `{sku}` requires"),
                    _ => Message::new(
                        "fix.turn-on-prerequisite",
                        "assign what `{sku}` requires; turned off for the user: {turned_off}",
                    ),
                };
                message.with("sku", sku).with("turned_off", Listed(turned_off))
            }
            Self::SetUsageLocation { user } => {
                Message::new("fix.set-usage-location", "set a usage location for `{user}`").with("user", user)
            }
            Self::NotOfferedThere { sku, user, usage_location } => Message::new(
                "fix.not-offered-there",
                "turn off in `{sku}` what is not offered in {usage_location}, or correct the usage location of `{user}`",
            )
            .with("sku", sku)
            .with("user", user)
            .with("usage_location", usage_location),
            Self::LookAtUser { user } => {
                Message::new("fix.look-at-user", "look at `{user}`: Graph does not say what is wrong").with("user", user)
            }
            Self::AskGraph(missing) => Message::new("fix.ask-graph", "ask Graph: {gap}").with("gap", missing),
        }
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence().to_string())
    }
}

/// GUIDs in backticks.
struct Listed<'a>(&'a [Guid]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, id)| write!(f, "{}`{id}`", if at == 0 { "" } else { ", " }))
    }
}
