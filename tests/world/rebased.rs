//! Laws of what is kept: the same record under another catalog and other keys, as a ledger, and for installing.

use chrono::TimeDelta;
use entitle::catalog::{InstallPolicy, Management};
use entitle::query::{InstallDecision, ListingAction};
use entitle::record::{Entries, Ledger, LedgerError, LedgerFault};
use entitle::testing::{Opinion, assume_proof, forge};
use entitle::{Catalog, Command, Entry, Tenant};
use proptest::prelude::*;

use super::anchors::beginning;
use super::answers::all;
use super::calendar::days;
use super::offers::{PLANS, offer, plan_id};
use super::test_licenses::Signer;
use super::{World, admin, any_world, cases, decide, floor, our_tenant, replay};

/// The key rings of other times: the usual one, one without the signer of most documents, one that trusts a stranger.
fn rings() -> impl Strategy<Value = Vec<Signer>> {
    use Signer::{Certifier, ForAnyone, ForLists, ForTenants, Reseller, Stranger, Trusted};
    prop_oneof![
        3 => Just(Signer::USUAL.to_vec()),
        1 => Just(vec![ForTenants, ForAnyone]),
        2 => Just(vec![Trusted, Stranger]),
        1 => Just(vec![Trusted, Stranger, ForLists]),
        1 => Just(vec![Trusted, Reseller, ForLists]),
        1 => Just(vec![Certifier, ForLists]),
    ]
}

/// The same record as another release of the application reads it.
fn other(world: &World, offer: &entitle::catalog::Offer, signers: &[Signer]) -> World {
    let mut other = world.clone().trusting(signers);
    other.offer = offer.clone();
    other.catalog = Catalog::new(offer.clone()).unwrap();
    assert!(
        other
            .test_licenses
            .iter()
            .all(|test_license| test_license.verifies == other.ring.verify(&test_license.token).is_ok())
    );
    assert!(
        other
            .test_tickets
            .iter()
            .all(|test_ticket| test_ticket.verifies == other.ring.verify_ticket(&test_ticket.token).is_ok())
    );
    assert!(
        other.test_lists.iter().all(|test_list| test_list.verifies == other.ring.verify_list(&test_list.token).is_ok())
    );
    other
}

/// Every answer about a tenant.
fn look(tenant: &Tenant) -> Vec<(Vec<Opinion>, Vec<entitle::query::Pool>, InstallDecision<'_>)> {
    let look = |now| {
        let pools = (0..PLANS.len()).map(|index| tenant.pool(&plan_id(index), now)).collect();
        (all(tenant, now), pools, tenant.may_install(now))
    };
    days().step_by(4).map(look).collect()
}

fn lines(tenant: &Tenant) -> Vec<Vec<String>> {
    let line = |index| tenant.queue(&plan_id(index)).map(|user| user.to_string()).collect();
    (0..PLANS.len()).map(line).collect()
}

pub(super) fn same(one: &Tenant, two: &Tenant) -> Result<(), TestCaseError> {
    prop_assert_eq!((one.position(), floor(one)), (two.position(), floor(two)));
    prop_assert_eq!(lines(one), lines(two));
    prop_assert_eq!(format!("{:?}", look(one)), format!("{:?}", look(two)));
    Ok(())
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn c11_another_catalog_reads_the_same_record(world in any_world(), offer in offer(), signers in rings()) {
        let other = other(&world, &offer, &signers);
        let (tenant, replayed) = (world.tenant(), other.tenant());
        let rebased = tenant.rebase(&other.catalog, &other.ring);
        same(&rebased, &replayed)?;
        let oracle = other.oracle(&other.record);
        for now in days().step_by(4) {
            for (user, app) in super::answers::questions(&rebased) {
                let found = super::answers::answer(&rebased, &user, &app, now);
                prop_assert_eq!(found, oracle.check(&user, app.id(), now), "{} and {} at {}", user, app, now);
            }
        }
        // A plan that comes back finds its claims in their places.
        prop_assert_eq!(lines(&rebased), lines(&tenant));
        same(&rebased.rebase(&world.catalog, &world.ring), &tenant)?;
    }

    #[test]
    fn x7_a_rebased_tenant_goes_on_like_a_replayed_one(
        world in any_world(),
        offer in offer(),
        signers in rings(),
        cut in any::<prop::sample::Index>(),
    ) {
        let other = other(&world, &offer, &signers);
        let cut = cut.index(world.record.len() + 1);
        let half = replay(world.blank(), &world.record[..cut]);
        let rebased = replay(half.rebase(&other.catalog, &other.ring), &world.record[cut..]);
        same(&rebased, &other.tenant())?;
        let marked = decide(&rebased, &admin(), &[Command::RecordTime], floor(&rebased)).unwrap();
        prop_assert_eq!(marked.number, rebased.position() + 1);
    }

    #[test]
    fn x7_keys_and_proofs_come_and_go_in_any_order(
        world in any_world(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), rings()), 1..=3),
        proofs in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..=6),
    ) {
        // Some proofs come meanwhile, in any order and more than once, the others at the end.
        let length = world.record.len() + 1;
        let mut tenant = Tenant::new(&world.catalog, &world.ring, &beginning());
        let mut then = world.clone();
        then.proofs.clear();
        for now in 0..length {
            for (_, proof) in proofs.iter().filter(|(when, _)| when.index(length) == now) {
                let Some(proof) = world.proofs.get(proof.index(world.proofs.len().max(1))) else { continue };
                tenant = assume_proof(&tenant, proof);
                then.proofs.push(proof.clone());
            }
            for (_, signers) in changes.iter().filter(|(when, _)| when.index(length) == now) {
                then = then.trusting(signers);
                tenant = tenant.rebase(&then.catalog, &then.ring);
                then.record = world.record[..now].to_vec();
                same(&tenant, &then.tenant())?;
            }
            tenant = replay(tenant, world.record.get(now).map_or(&[][..], core::slice::from_ref));
        }
        then.record = world.record.clone();
        same(&tenant, &then.tenant())?;
        let oracle = then.oracle(&then.record);
        prop_assert_eq!(floor(&tenant), oracle.floor());
        for now in days().step_by(8) {
            for (user, app) in super::answers::questions(&tenant) {
                let found = super::answers::answer(&tenant, &user, &app, now);
                prop_assert_eq!(found, oracle.check(&user, app.id(), now), "{} and {} at {}", user, app, now);
            }
        }
        let back = tenant.rebase(&world.catalog, &world.ring);
        same(&world.proofs.iter().rev().fold(back, |tenant, proof| assume_proof(&tenant, proof)), &world.tenant())?;
    }

    #[test]
    fn x7_a_ledger_gives_back_the_events_or_says_which_line_is_wrong(
        world in any_world(),
        cut in any::<prop::sample::Index>(),
    ) {
        let (mut lines, mut tenant) = (vec![format!("{}\n", beginning().text())], world.blank());
        for event in &world.record {
            let entry = forge(tenant.head(), event.clone()).unwrap();
            prop_assert!(entry.text().lines().count() == 1);
            prop_assert_eq!(&Entry::read(entry.text()).unwrap(), &entry);
            lines.push(format!("{}\n", entry.text()));
            tenant.apply(&entry).unwrap();
        }
        let read = |lines: &[String]| {
            let text = lines.concat();
            let ledger = Ledger::read(&our_tenant(), &text)?;
            let entries: Entries<'_> = ledger.entries();
            entries.collect::<Result<Vec<Entry>, LedgerError>>()
        };
        let entries = read(&lines).unwrap();
        prop_assert!(entries.iter().map(Entry::event).eq(&world.record));
        prop_assert_eq!(entries.last().map_or(beginning().head(), Entry::head), tenant.head());
        same(&tenant, &world.tenant())?;
        prop_assert!(Ledger::read(&"fabrikam".parse().unwrap(), &lines.concat()).is_err());
        if lines.len() > 2 {
            // A missing last line cannot be noticed; any other can.
            let cut = cut.index(lines.len() - 2) + 1;
            let gone = lines.remove(cut);
            let error = read(&lines).unwrap_err();
            prop_assert!(matches!(error.fault, LedgerFault::DoesNotContinue(_)), "{:?}", error);
            prop_assert_eq!(error.line, cut + 1);
            lines.insert(cut + 1, gone);
            prop_assert_eq!(read(&lines).unwrap_err().line, cut + 1);
        }
    }

    #[test]
    fn i2_who_owns_a_usable_unit_may_install(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let open = matches!(world.offer.management, Management::Unmanaged | Management::Managed(InstallPolicy::WithoutLicense));
        let counts = |plan: &entitle::PlanId| match &world.offer.management {
            Management::Managed(InstallPolicy::WithPlan(named)) => named.contains(plan),
            _ => true,
        };
        for now in days() {
            let at = tenant.reading(now);
            let owned = |plan: &&entitle::catalog::Plan| counts(&plan.id) && oracle.shut(&plan.id, at).is_none();
            let owns = world.offer.plans.iter().any(|plan| owned(&plan));
            let found = tenant.may_install(now);
            prop_assert_eq!(found.is_allowed(), open || owns, "at {}", now);
            let buttons = if open || owns { &[ListingAction::GetItNow, ListingAction::ContactMe][..] } else { &[ListingAction::ContactMe] };
            prop_assert_eq!(tenant.listing(now), buttons);
            match &found {
                InstallDecision::Allowed { plan, .. } => {
                    prop_assert_eq!(plan.is_none(), open);
                    prop_assert!(plan.iter().all(owned));
                }
                InstallDecision::Denied { misses, .. } => {
                    let named = world.offer.plans.iter().filter(|plan| counts(&plan.id));
                    prop_assert_eq!(misses.len(), named.count());
                    for miss in misses {
                        prop_assert_eq!(Some(miss.reason.clone()), oracle.shut(&miss.plan, at));
                    }
                }
            }
            match found.until() {
                entitle::time::End::At(until) => {
                    prop_assert!(until > at);
                    let just_before = tenant.may_install(until - TimeDelta::seconds(1));
                    prop_assert_eq!(format!("{just_before:?}"), format!("{found:?}"));
                }
                entitle::time::End::Never => {
                    let last = days().last().unwrap().max(at);
                    prop_assert_eq!(tenant.may_install(last).is_allowed(), found.is_allowed());
                }
            }
        }
    }
}
