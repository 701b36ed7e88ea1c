//! Random time tickets: of a key that is trusted for them and of some that are not, some for somebody else (X6).

use chrono::{DateTime, Utc};
use entitle::catalog::{Management, Offer};
use entitle::license::TimeTicketDraft;
use entitle::record::Anchor;
use entitle::{TicketId, Token};
use proptest::prelude::*;

use super::World;
use super::anchors::{Hook, hook};
use super::calendar::day;
use super::our_tenant;
use super::test_licenses::Signer;

/// A time ticket as the tests know it: what it says, and whether the ring of the world takes it.
#[derive(Debug, Clone)]
pub(crate) struct TestTicket {
    pub(crate) token: Token,
    pub(crate) draft: TimeTicketDraft,
    pub(crate) signer: Signer,
    pub(crate) verifies: bool,
    pub(crate) hook: Hook,
}

impl TestTicket {
    /// Whether it counts in a world, if it was not used.
    pub(crate) fn counts(&self, world: &World) -> bool {
        let (offer, draft) = (&world.offer, &self.draft);
        let is_ours =
            (&draft.publisher, &draft.offer, &draft.tenant) == (&offer.publisher, &offer.offer, &our_tenant());
        self.verifies && is_ours && world.is_contained(&draft.anchor)
    }

    /// The number of events up to its anchor.
    pub(crate) fn anchored(&self) -> Option<u64> {
        match &self.draft.anchor {
            Anchor::Record(checkpoint) => Some(checkpoint.position()),
            Anchor::Anywhere => None,
        }
    }
}

fn issued() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![8 => 1..12_i64, 1 => 0..60_i64].prop_map(day)
}

pub(crate) fn test_ticket() -> impl Strategy<Value = TestTicket> {
    let signer = prop_oneof![
        10 => Just(Signer::ForTenants),
        1 => Just(Signer::ForLists),
        // The one that lists may end.
        4 => Just(Signer::Trusted),
        2 => Just(Signer::Stranger),
    ];
    let whose = prop_oneof![
        20 => Just(("publisher", "product", "contoso")),
        2 => Just(("publisher", "product", "fabrikam")),
        1 => Just(("publisher", "other", "contoso")),
        1 => Just(("other", "product", "contoso")),
    ];
    (1..=4_u8, issued(), signer, whose, hook(1)).prop_map(|(id, issued, signer, (publisher, offer, tenant), hook)| {
        let offer = Offer::new(publisher.parse().unwrap(), offer.parse().unwrap(), Management::Unmanaged);
        let draft = TimeTicketDraft::new(TicketId::from_random([id; 16]), &offer, tenant.parse().unwrap(), issued);
        TestTicket { token: signer.key().seal_ticket(&draft).unwrap(), draft, signer, verifies: false, hook }
    })
}

pub(crate) fn test_tickets() -> impl Strategy<Value = Vec<TestTicket>> {
    prop_oneof![1 => Just(Vec::new()), 3 => prop::collection::vec(test_ticket(), 1..=4)]
}
