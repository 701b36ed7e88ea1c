//! A few time tickets, the same in every world: of two ids each twice, for another tenant, and by a key not trusted for it
//! (X6).

use chrono::{DateTime, Utc};
use entitle::{Correction, Management, Offer, TicketId, Token};
use std::sync::OnceLock;

use super::calendar::day;
use super::papers::Signer;
use super::{World, our_tenant};

/// A time ticket as the tests know it.
#[derive(Debug, Clone)]
pub(crate) struct Slip {
    pub(crate) token: Token,
    pub(crate) id: u8,
    pub(crate) issued: DateTime<Utc>,
    is_ours: bool,
    signer: Signer,
}

impl Slip {
    /// Whether it counts in a world, if it is used for the first time.
    pub(crate) fn counts(&self, world: &World) -> bool {
        self.is_ours && self.signer == Signer::ForLists && world.signers.contains(&self.signer)
    }
}

pub(crate) fn slips() -> &'static [Slip] {
    static SLIPS: OnceLock<Vec<Slip>> = OnceLock::new();
    SLIPS.get_or_init(|| {
        let slip = |id: u8, on: i64, tenant: &str, signer: Signer| {
            let seller = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), Management::Unmanaged);
            let said = Correction::new(TicketId::from_random([id; 16]), &seller, tenant.parse().unwrap(), day(on));
            let is_ours = our_tenant().as_str() == tenant;
            Slip { token: signer.key().seal_ticket(&said).unwrap(), id, issued: day(on), is_ours, signer }
        };
        let ours = |id, on| slip(id, on, "contoso", Signer::ForLists);
        vec![
            ours(1, 3),
            ours(2, 6),
            ours(3, 12),
            ours(1, 5),
            ours(4, 0),
            slip(5, 4, "fabrikam", Signer::ForLists),
            slip(6, 4, "contoso", Signer::ForTenants),
        ]
    })
}
