//! Apps whose ids Microsoft's tool cannot take, and the components that stand for them.

use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
use entitle::{AppId, Catalog};
use entitle_microsoft::isv::{ComponentNames, Files, FilesError, OfferDefaults, Unexportable};
use proptest::prelude::*;

fn app(id: &str) -> AppId {
    id.parse().unwrap()
}

/// Returns a catalog with a plan of these apps, and a free one.
fn catalog(apps: &[&str]) -> Catalog {
    let management = Management::Managed(InstallPolicy::WithLicense);
    let mut offer = Offer::new("fab".parse().unwrap(), "desk".parse().unwrap(), management);
    let mut plan = Plan::new("gold".parse().unwrap(), Scope::User, "Gold".parse().unwrap());
    plan.apps = apps.iter().map(|id| app(id)).collect();
    offer.apps = plan.apps.iter().cloned().map(AppEntry::licensed).collect();
    offer.apps.push(AppEntry::free(app("free/help")));
    offer.plans.push(plan);
    Catalog::new(offer).unwrap()
}

fn names(pairs: &[(&str, &str)]) -> ComponentNames {
    let mut names = ComponentNames::new();
    for (id, component) in pairs {
        names.name(app(id), component).unwrap();
    }
    names
}

fn refused(catalog: &Catalog, names: &ComponentNames) -> Vec<Unexportable> {
    Files::from_catalog_named(catalog, &OfferDefaults::from_catalog(catalog), names).unwrap_err().0
}

#[test]
fn named_components_are_written_and_read_back() {
    let catalog = catalog(&["f365/audit", "Orders", "a=b"]);
    let defaults = OfferDefaults::from_catalog(&catalog);
    let names = names(&[("f365/audit", "fab_Audit"), ("a=b", "fab_Other")]);
    let files = Files::from_catalog_named(&catalog, &defaults, &names).unwrap();
    assert_eq!(
        files.mapping,
        "Service ID,Component name\r\nfab.desk.gold,fab_Audit\r\nfab.desk.gold,Orders\r\nfab.desk.gold,fab_Other\r\n"
    );
    assert_eq!(files.catalog_named(&defaults, &names).unwrap().offer(), catalog.offer());
    assert_eq!(names.component(&app("f365/audit")), "fab_Audit");
    assert_eq!(names.component(&app("Orders")), "Orders", "an app without a name is its own component");
    // A component in other letter case is another one.
    let upper = Files::new(&files.definition, &files.mapping.replace("fab_Audit", "FAB_AUDIT"));
    let other = upper.catalog_named(&OfferDefaults::default(), &names).unwrap();
    assert!(other.apps().any(|app| app.to_string() == "FAB_AUDIT"));
    // Without the names, the components are the apps.
    let plain = files.catalog(&OfferDefaults::default()).unwrap();
    assert!(plain.apps().any(|app| app.to_string() == "fab_Audit"));
}

#[test]
fn what_is_no_component_is_refused() {
    let catalog = catalog(&["f365/audit", "Orders"]);
    let not_a_component = Unexportable::NotAComponent { app: app("f365/audit") };
    assert_eq!(refused(&catalog, &ComponentNames::new()), [not_a_component]);
    // The component is another app, in whatever letter case.
    let (first, second) = (app("f365/audit"), app("Orders"));
    let shared = Unexportable::SharedComponent { component: "Orders".into(), first, second };
    assert_eq!(refused(&catalog, &names(&[("f365/audit", "ORDERS")])), [shared]);
    // An app that the catalog does not have; a free one is none of the files, and may be named.
    let wrong = names(&[("f365/audit", "a"), ("f365/audits", "b"), ("free/help", "c")]);
    assert_eq!(refused(&catalog, &wrong), [Unexportable::UnknownApp { app: app("f365/audits") }]);
    let mut names = names(&[("f365/audit", "fab_Audit")]);
    for (id, component, code) in [
        ("Orders", "", "isv.not-a-component-name"),
        ("Orders", "a b", "isv.not-a-component-name"),
        ("Orders", "ä", "isv.not-a-component-name"),
        ("f365/audit", "fab_Other", "isv.component-named-twice"),
        ("Orders", "FAB_audit", "isv.shared-component"),
    ] {
        assert_eq!(names.name(app(id), component).unwrap_err().code(), code, "{id} {component}");
    }
    assert_eq!(
        names.iter().collect::<Vec<_>>(),
        [(&app("f365/audit"), "fab_Audit")],
        "what is refused changes nothing"
    );
}

/// A component with the id of an app whose component is another one could be read as either.
#[test]
fn a_component_with_the_id_of_a_named_app_is_a_fault() {
    let files = Files::new(
        "ServiceID,Display name,More info URL\nfab.desk.gold,Gold,\n",
        "Service ID,Component name\nfab.desk.gold,Audit\nfab.desk.gold,fab_audit\n",
    );
    match files.catalog_named(&OfferDefaults::default(), &names(&[("Audit", "fab_Audit")])).unwrap_err() {
        FilesError::Faults(faults) => assert_eq!(
            faults.listed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "plan mapping, line 2, column 2: the app of this name has the component `fab_Audit`: correct the names of the \
              components"
            ]
        ),
        other => panic!("{other}"),
    }
}

#[test]
fn a_name_is_proposed_for_each_app_that_needs_one() {
    let names =
        ComponentNames::propose(&catalog(&["f365/audit", "f365_audit", "F365-Audit", "f365_audit_2", "ordersÄ"]));
    assert_eq!(
        names.iter().collect::<Vec<_>>(),
        [(&app("F365-Audit"), "F365_Audit_4"), (&app("f365/audit"), "f365_audit_3"), (&app("ordersÄ"), "orders_")]
    );
}

proptest! {
    /// With the names that are proposed, any catalog is written and read back as it was.
    #[test]
    fn any_apps_are_written_with_the_proposed_names(ids in prop::collection::btree_map("[a-z/_=2 ä-]{1,6}[a-z]", 0..9_u8, 1..8)) {
        let ids: Vec<&str> = ids.keys().map(|id| id.trim()).collect();
        prop_assume!(ids.iter().collect::<std::collections::BTreeSet<_>>().len() == ids.len());
        let catalog = catalog(&ids);
        let (defaults, names) = (OfferDefaults::from_catalog(&catalog), ComponentNames::propose(&catalog));
        let files = Files::from_catalog_named(&catalog, &defaults, &names).unwrap();
        let again = files.catalog_named(&defaults, &names).unwrap();
        prop_assert_eq!(again.offer(), catalog.offer());
    }
}
