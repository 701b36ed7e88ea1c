//! What a user of a tenant holds: claims, each with where it comes from and what is turned off, and memberships.

use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::id::{AppId, GroupId};

/// A user's claim on a plan.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// The plan's number in the tenant.
    pub(crate) plan: usize,
    /// The claim's number in the line of the plan.
    pub(crate) number: u64,
    /// The event that made it.
    pub(crate) event: u64,
    direct: Direct,
    /// What is denied; nothing for most.
    denied: Option<Arc<Denied>>,
}

/// Whether a user has a claim from an assignment to themself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direct {
    Yes,
    /// From groups alone.
    No,
}

/// The deny lists of a claim.
#[derive(Debug)]
struct Denied {
    /// That of the direct source, if there is one.
    direct: DenyList,
    /// The apps that every source denies (S3).
    off: DenyList,
}

/// Apps of a plan that are off, sorted.
pub(crate) type DenyList = Arc<[AppId]>;

impl Claim {
    /// With the deny list of the direct source, if there is that source, and the apps that every source denies.
    pub(crate) fn new(plan: usize, number: u64, event: u64, direct: Option<&DenyList>, off: &DenyList) -> Self {
        let is_direct = if direct.is_some() { Direct::Yes } else { Direct::No };
        let denied = direct.is_some_and(|list| !list.is_empty()) || !off.is_empty();
        let lists = || Denied { direct: direct.cloned().unwrap_or_default(), off: Arc::clone(off) };
        let denied = denied.then(|| Arc::new(lists()));
        Self { plan, number, event, direct: is_direct, denied }
    }

    /// A direct one, with all apps.
    pub(crate) fn plain(plan: usize, number: u64, event: u64) -> Self {
        Self { plan, number, event, direct: Direct::Yes, denied: None }
    }

    /// Whether the user has it from an assignment to themself.
    pub(crate) fn is_direct(&self) -> bool {
        self.direct == Direct::Yes
    }

    /// The deny list of the direct source, if there is that source.
    pub(crate) fn denied_directly(&self) -> Option<DenyList> {
        let list = || self.denied.as_ref().map_or_else(DenyList::default, |denied| Arc::clone(&denied.direct));
        self.is_direct().then(list)
    }

    /// The same, without making a list of one's own.
    pub(crate) fn off_directly(&self) -> Option<&[AppId]> {
        self.is_direct().then(|| self.denied.as_ref().map_or(&[][..], |denied| &denied.direct))
    }

    /// Whether it is direct, with all apps.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_direct() && self.denied.is_none()
    }

    /// The apps that every source denies, sorted.
    pub(crate) fn off(&self) -> &[AppId] {
        self.denied.as_ref().map_or(&[][..], |denied| &denied.off)
    }

    /// Whether the app is not turned off; that the plan lists it is known elsewhere.
    #[inline]
    pub(crate) fn opens(&self, app: &AppId) -> bool {
        self.denied.as_ref().is_none_or(|denied| denied.off.binary_search(app).is_err())
    }
}

/// The claim on a plan among claims that are sorted by plan.
#[inline]
pub(crate) fn claim_on(claims: &[Claim], plan: usize) -> Option<&Claim> {
    match claims {
        [] => None,
        [only] => Some(only).filter(|claim| claim.plan == plan),
        _ => claims.binary_search_by_key(&plan, |claim| claim.plan).ok().and_then(|at| claims.get(at)),
    }
}

/// What a user holds, in as little room as most need.
#[derive(Debug, Clone, Default)]
pub(crate) enum UserEntitlements {
    #[default]
    Nothing,
    /// One plan, directly, with all its apps, and no membership.
    One(One),
    More(Arc<User>),
}

/// A direct claim without a deny list, whose numbers are small.
#[derive(Debug, Clone, Copy)]
pub(crate) struct One {
    plan: u16,
    number: u32,
    event: u32,
}

/// Claims and memberships.
#[derive(Debug)]
pub(crate) struct User {
    claims: Several,
    /// Sorted.
    groups: Vec<GroupId>,
}

/// Claims sorted by plan; one lies here.
#[derive(Debug)]
enum Several {
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

impl One {
    fn of(claim: &Claim) -> Option<Self> {
        if claim.is_plain() { Self::new(claim.plan, claim.number, claim.event) } else { None }
    }

    #[inline]
    fn new(plan: usize, number: u64, event: u64) -> Option<Self> {
        Some(Self {
            plan: u16::try_from(plan).ok()?,
            number: u32::try_from(number).ok()?,
            event: u32::try_from(event).ok()?,
        })
    }

    #[inline]
    fn claim(self) -> Claim {
        let Self { plan, number, event } = self;
        Claim { plan: plan.into(), number: number.into(), event: event.into(), direct: Direct::Yes, denied: None }
    }
}

impl UserEntitlements {
    /// Claims sorted by plan, and groups sorted.
    pub(crate) fn new(claims: SmallVec<[Claim; 1]>, groups: Vec<GroupId>) -> Self {
        match (claims.as_slice(), groups.as_slice()) {
            ([], []) => return Self::Nothing,
            ([only], []) => {
                if let Some(one) = One::of(only) {
                    return Self::One(one);
                }
            }
            _ => {}
        }
        let claims = claims.into_inner().map_or_else(|many| Several::Many(many.into_vec()), Several::One);
        Self::More(Arc::new(User { claims, groups }))
    }

    /// One claim that is direct, with all apps.
    #[inline]
    pub(crate) fn plain(plan: usize, number: u64, event: u64) -> Self {
        let large = || Self::new([Claim::plain(plan, number, event)].into_iter().collect(), Vec::new());
        One::new(plan, number, event).map_or_else(large, Self::One)
    }

    #[inline]
    pub(crate) fn claims(&self) -> Claims<'_> {
        match self {
            Self::Nothing => Claims::NONE,
            Self::One(one) => Claims::One(one.claim()),
            Self::More(_) => Claims::Many(self.claims_of_more()),
        }
    }

    /// Sorted; none for most.
    pub(crate) fn groups(&self) -> &[GroupId] {
        match self {
            Self::Nothing | Self::One(_) => &[],
            Self::More(user) => &user.groups,
        }
    }

    /// The claims of who holds more than one plain one.
    pub(crate) fn claims_of_more(&self) -> &[Claim] {
        match self {
            Self::Nothing | Self::One(_) => &[],
            Self::More(user) => match &user.claims {
                Several::One(claim) => claim,
                Several::Many(claims) => claims,
            },
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}
