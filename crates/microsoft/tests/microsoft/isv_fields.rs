//! Every field of an offer is in the two files or in the defaults beside them.

use entitle::Catalog;
use entitle::catalog::{Combination, Offer, PlanQuota, QuotaEntry, QuotaScope, Release, Scope};
use entitle::quantity::QuotaAmount;
use entitle_microsoft::isv::{Files, OfferDefaults, PlanDefaults, Unexportable};

use crate::isv::{DEFINITION, MAPPING, read};

/// Without its release no fallback covers anyone, and without its quotas nobody has any.
#[test]
fn quotas_and_the_release_are_read_back_or_differ() {
    let mut offer = read(DEFINITION, MAPPING).unwrap().offer().clone();
    let plain = offer.clone();
    let refused = |offer: &Offer| {
        let error = Files::from_catalog(&Catalog::new(offer.clone()).unwrap(), &OfferDefaults::default()).unwrap_err();
        error.0.iter().map(Unexportable::code).collect::<Vec<_>>()
    };
    offer.release = release();
    assert_eq!(refused(&offer), ["isv.release-differs"]);
    (offer.release, offer.quotas) = (Release::Undated, vec![projects()]);
    assert_eq!(refused(&offer), ["isv.quotas-differ"]);
    offer.plans[1].quotas.push(PlanQuota::new("projects".parse().unwrap(), QuotaAmount::Unlimited));
    assert_eq!(refused(&offer), ["isv.quotas-differ", "isv.plan-differs"]);

    offer.release = release();
    let catalog = Catalog::new(offer.clone()).unwrap();
    let defaults = OfferDefaults::from_catalog(&catalog);
    let files = Files::from_catalog(&catalog, &defaults).unwrap();
    assert_eq!(files.catalog(&defaults).unwrap().offer(), &offer);
    assert_eq!(Files::from_catalog(&Catalog::new(plain).unwrap(), &OfferDefaults::default()).unwrap(), files);
}

/// Every field of an offer and of a plan is in the files or in the defaults: a new one is to be added
/// to `OfferDefaults` or `PlanDefaults`, and here.
#[test]
fn each_field_is_in_the_files_or_in_the_defaults() {
    let offer = read(DEFINITION, MAPPING).unwrap().offer().clone();
    let plan = offer.plans[0].clone();
    let defaults = PlanDefaults::new(plan.id.clone(), Scope::User);
    let all = |in_files: &[&str], in_defaults: Vec<String>| {
        let mut all: Vec<_> = in_files.iter().map(ToString::to_string).chain(in_defaults).collect();
        all.sort();
        all.dedup();
        all
    };
    let sorted = |mut fields: Vec<String>| {
        fields.sort();
        fields
    };
    let in_files = all(&["publisher", "offer", "apps", "plans"], fields(&OfferDefaults::default()));
    assert_eq!(sorted(fields(&offer)), in_files);
    let in_files = all(&["id", "name", "more_info", "apps"], fields(&defaults));
    assert_eq!(sorted(fields(&plan)), in_files);
}

/// Returns the names of the fields of a structure.
fn fields(structure: &impl core::fmt::Debug) -> Vec<String> {
    let text = format!("{structure:#?}");
    let own =
        text.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| line.starts_with(char::is_alphabetic));
    own.filter_map(|line| line.split_once(": ").map(|(name, _)| name.to_string())).collect()
}

pub(crate) fn release() -> Release {
    "2027-05-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn projects() -> QuotaEntry {
    let label = || "projects".parse().unwrap();
    QuotaEntry::new("projects".parse().unwrap(), label(), label(), QuotaScope::User, Combination::Largest)
}
