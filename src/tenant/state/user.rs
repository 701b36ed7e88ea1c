//! What a user of a tenant holds: claims, each with its sources and the apps that are off, and
//! memberships.

use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::catalog::index::PlanNumber;
use crate::id::{AppId, GroupId};
use crate::tenant::state::claim_number::ClaimNumber;

/// A user's claim on a plan.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// The plan's number in the tenant.
    pub(crate) plan: PlanNumber,
    /// The claim's number in the queue of the plan.
    pub(crate) number: ClaimNumber,
    /// The event that made the claim.
    pub(crate) event: u64,
    origin: Origin,
    /// The deny lists; `None` for most claims.
    denied: Option<Arc<Denied>>,
}

/// Whether a user has a claim from a direct assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Direct,
    GroupsOnly,
}

/// The deny lists of a claim.
#[derive(Debug)]
struct Denied {
    /// The deny list of the direct source; empty without one.
    direct: DenyList,
    /// The apps that every source denies (S3).
    off: DenyList,
}

/// Apps of a plan that are off, sorted.
pub(crate) type DenyList = Arc<[AppId]>;

impl Claim {
    /// Returns a claim with the deny list of its direct source, if it has one, and the apps that
    /// every source denies.
    pub(crate) fn new(
        plan: PlanNumber,
        number: ClaimNumber,
        event: u64,
        direct: Option<&DenyList>,
        off: &DenyList,
    ) -> Self {
        let origin = if direct.is_some() { Origin::Direct } else { Origin::GroupsOnly };
        let denied = direct.is_some_and(|list| !list.is_empty()) || !off.is_empty();
        let lists = || Denied { direct: direct.cloned().unwrap_or_default(), off: Arc::clone(off) };
        let denied = denied.then(|| Arc::new(lists()));
        Self { plan, number, event, origin, denied }
    }

    /// Returns a direct claim with all apps.
    pub(crate) fn plain(plan: PlanNumber, number: ClaimNumber, event: u64) -> Self {
        Self { plan, number, event, origin: Origin::Direct, denied: None }
    }

    /// Returns whether the user has the claim from a direct assignment.
    pub(crate) fn is_direct(&self) -> bool {
        self.origin == Origin::Direct
    }

    /// Returns the deny list of the direct source; `None` without a direct source.
    pub(crate) fn direct_deny_list(&self) -> Option<DenyList> {
        let list = || self.denied.as_ref().map_or_else(DenyList::default, |denied| Arc::clone(&denied.direct));
        self.is_direct().then(list)
    }

    /// Returns the same list, borrowed.
    pub(crate) fn directly_denied(&self) -> Option<&[AppId]> {
        self.is_direct().then(|| self.denied.as_ref().map_or(&[][..], |denied| &denied.direct))
    }

    /// Returns whether the claim is direct, with all apps.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_direct() && self.denied.is_none()
    }

    /// Returns the apps that every source denies, sorted.
    pub(crate) fn off(&self) -> &[AppId] {
        self.denied.as_ref().map_or(&[][..], |denied| &denied.off)
    }

    /// Returns whether the app is not turned off; the caller knows that the plan lists it.
    #[inline]
    pub(crate) fn opens(&self, app: &AppId) -> bool {
        self.denied.as_ref().is_none_or(|denied| denied.off.binary_search(app).is_err())
    }
}

/// Returns the claim on a plan among claims sorted by plan.
#[inline]
pub(crate) fn claim_on(claims: &[Claim], plan: PlanNumber) -> Option<&Claim> {
    match claims {
        [] => None,
        [only] => Some(only).filter(|claim| claim.plan == plan),
        _ => claims.binary_search_by_key(&plan, |claim| claim.plan).ok().and_then(|at| claims.get(at)),
    }
}

/// What a user holds, stored as compactly as most users allow.
#[derive(Debug, Clone, Default)]
pub(crate) enum UserEntitlements {
    #[default]
    Nothing,
    /// One direct claim on one plan, with all apps, and no membership.
    OneClaim(CompactClaim),
    Many(Arc<ClaimsAndGroups>),
}

/// A direct claim without a deny list, whose numbers fit into ten bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CompactClaim {
    plan: u16,
    number: u32,
    event: u32,
}

/// Claims and memberships.
#[derive(Debug)]
pub(crate) struct ClaimsAndGroups {
    claims: ClaimList,
    groups: Memberships,
}

/// The groups of a user, sorted; a single group is stored inline.
pub(crate) type Memberships = SmallVec<[GroupId; 1]>;

/// Claims sorted by plan; a single claim is stored inline.
#[derive(Debug)]
enum ClaimList {
    One([Claim; 1]),
    Many(Vec<Claim>),
}

/// The claims of a user, sorted by plan.
#[derive(Debug)]
pub(crate) enum Claims<'a> {
    One(Claim),
    Many(&'a [Claim]),
}

impl Claims<'_> {
    pub(crate) const NONE: Self = Self::Many(&[]);

    #[inline]
    pub(crate) fn as_slice(&self) -> &[Claim] {
        match self {
            Self::One(claim) => core::slice::from_ref(claim),
            Self::Many(claims) => claims,
        }
    }
}

impl CompactClaim {
    fn of(claim: &Claim) -> Option<Self> {
        if claim.is_plain() { Self::new(claim.plan, claim.number, claim.event) } else { None }
    }

    #[inline]
    fn new(plan: PlanNumber, number: ClaimNumber, event: u64) -> Option<Self> {
        Some(Self {
            plan: u16::try_from(plan.0).ok()?,
            number: u32::try_from(number.0).ok()?,
            event: u32::try_from(event).ok()?,
        })
    }

    #[inline]
    fn claim(self) -> Claim {
        let Self { plan, number, event } = self;
        Claim::plain(PlanNumber(plan.into()), ClaimNumber(number.into()), event.into())
    }
}

impl UserEntitlements {
    /// Returns what a user holds with these claims, sorted by plan, and groups.
    pub(crate) fn new(claims: SmallVec<[Claim; 1]>, groups: Memberships) -> Self {
        match (claims.as_slice(), groups.as_slice()) {
            ([], []) => return Self::Nothing,
            ([only], []) => {
                if let Some(claim) = CompactClaim::of(only) {
                    return Self::OneClaim(claim);
                }
            }
            _ => {}
        }
        let claims = claims.into_inner().map_or_else(|many| ClaimList::Many(many.into_vec()), ClaimList::One);
        Self::Many(Arc::new(ClaimsAndGroups { claims, groups }))
    }

    /// Returns one direct claim with all apps.
    #[inline]
    pub(crate) fn plain(plan: PlanNumber, number: ClaimNumber, event: u64) -> Self {
        let large = || Self::new([Claim::plain(plan, number, event)].into_iter().collect(), Memberships::new());
        CompactClaim::new(plan, number, event).map_or_else(large, Self::OneClaim)
    }

    #[inline]
    pub(crate) fn claims(&self) -> Claims<'_> {
        match self {
            Self::Nothing => Claims::NONE,
            Self::OneClaim(claim) => Claims::One(claim.claim()),
            Self::Many(_) => Claims::Many(self.stored_claims()),
        }
    }

    /// Returns the groups, sorted; empty for most users.
    pub(crate) fn groups(&self) -> &[GroupId] {
        match self {
            Self::Nothing | Self::OneClaim(_) => &[],
            Self::Many(user) => &user.groups,
        }
    }

    /// Returns the claims stored as a list: those of a user who is neither `Nothing` nor
    /// `OneClaim`.
    pub(crate) fn stored_claims(&self) -> &[Claim] {
        match self {
            Self::Nothing | Self::OneClaim(_) => &[],
            Self::Many(user) => match &user.claims {
                ClaimList::One(claim) => claim,
                ClaimList::Many(claims) => claims,
            },
        }
    }

    /// Returns whether two users hold one list in memory, which is then the same in both.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Many(one), Self::Many(other)) if Arc::ptr_eq(one, other))
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}
