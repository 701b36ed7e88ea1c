//! Who has more or less of which quota, against what the preview says.

use entitle::UserId;
use entitle::catalog::Scope;
use entitle::preview::QuotaSubject;
use std::collections::BTreeSet;

use super::super::offers::QUOTAS;
use super::before_after::{BeforeAfter, holds, in_order, is_apart, people, tally};

impl BeforeAfter {
    /// How much of each quota everyone and the organisation have, at every instant, by the oracles.
    pub(crate) fn check_quotas(&self) {
        let subjects = people().into_iter().map(Some).chain([None]);
        let subjects: Vec<Option<UserId>> = subjects.collect();
        for now in self.instants() {
            for who in &subjects {
                let quota = QUOTAS[usize::from(who.is_none())].parse().unwrap();
                let key = match who {
                    None => QuotaSubject::Organisation,
                    Some(user) if self.has_an_entry_of_quotas(user) => QuotaSubject::User(user.clone()),
                    Some(_) => QuotaSubject::Everyone,
                };
                let mut of = self.preview.quotas.iter().filter(|change| change.who == key && change.quota == quota);
                let reported = of.find(|change| holds(change.from, change.until, now));
                let reported = reported.map(|change| [change.before, change.after]);
                let amounts =
                    [0, 1].map(|side| self.oracles[side].quota(who.as_ref(), &quota, self.tenants[side].reading(now)));
                let expected = (amounts[0] != amounts[1]).then_some(amounts);
                assert_eq!(reported, expected, "{who:?} and {quota} at {now}: {}", self.preview);
            }
        }
        self.check_lists_no_other_quotas();
    }

    /// Whether a user claims a user plan that gives the quota of users, in either.
    fn has_an_entry_of_quotas(&self, who: &UserId) -> bool {
        let gives = |plan: &&entitle::catalog::Plan| plan.quotas.iter().any(|given| given.quota.as_str() == QUOTAS[0]);
        let mut giving = self.plans().filter(|plan| plan.scope == Scope::User).filter(gives);
        giving.any(|plan| self.tenants.iter().any(|tenant| tenant.queue(&plan.id).any(|user| user == who)))
    }

    fn check_lists_no_other_quotas(&self) {
        let quotas = &self.preview.quotas;
        let user = |who: &QuotaSubject| match who {
            QuotaSubject::User(user) => Some(user.clone()),
            QuotaSubject::Organisation | QuotaSubject::Everyone => None,
        };
        let users: Vec<_> = quotas.iter().map(|change| user(&change.who)).collect();
        let pairs = users.iter().map(Option::as_ref).zip(quotas.iter().map(|change| change.quota.as_str()));
        let total = self.preview.totals.quotas;
        assert_eq!(tally(&pairs.collect::<Vec<_>>()), (total.entries, total.users, total.pairs));
        in_order(quotas);
        // Two intervals of one quota may meet where the amounts differ otherwise.
        let keys = quotas.iter().map(|it| ((it.who.clone(), it.quota.clone(), it.before, it.after), it.from, it.until));
        is_apart(keys);
        let claimants: BTreeSet<_> = users.into_iter().flatten().collect();
        assert!(claimants.iter().all(|user| self.has_an_entry_of_quotas(user)));
    }
}
