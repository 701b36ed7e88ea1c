//! The two files of `pac solution add-license`.

use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, PlanQuota, Release, Scope};
use entitle::quantity::{Percent, QuotaAmount, QuotaNumber};
use entitle::{Catalog, PlanId};
use entitle_microsoft::isv::{Files, FilesError, MAX_FILE_BYTES, OfferDefaults, PlanDefaults, Unexportable};
use entitle_microsoft::{FaultKind, MAX_FAULTS};
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::isv_fields::{projects, release};

pub(crate) const DEFINITION: &str = "ServiceID,Display name,More info URL\n\
    fab_1.desk.bronze,Desk Bronze,https://fab.example/b\n\
    fab_1.desk.gold,\"Desk \"\"Gold\"\", all of it\",\n";
pub(crate) const MAPPING: &str = "Service ID,Component name\n\
    fab_1.desk.bronze,fab_Orders\nfab_1.desk.gold,fab_Audit\nfab_1.desk.gold,fab_Orders\n";

pub(crate) fn read(definition: &str, mapping: &str) -> Result<Catalog, FilesError> {
    Files::new(definition, mapping).catalog(&OfferDefaults::default())
}

/// Returns the faults as text.
fn faults(definition: &str, mapping: &str) -> Vec<String> {
    match read(definition, mapping).unwrap_err() {
        FilesError::Faults(faults) => faults.listed.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn c9_the_two_files_are_a_catalog() {
    let catalog = read(DEFINITION, MAPPING).unwrap();
    let offer = catalog.offer();
    assert_eq!((offer.publisher.as_str(), offer.offer.as_str()), ("fab_1", "desk"));
    let plans: Vec<_> = offer.plans.iter().map(|plan| (plan.id.as_str(), plan.name.as_str(), plan.scope)).collect();
    assert_eq!(plans, [("bronze", "Desk Bronze", Scope::User), ("gold", "Desk \"Gold\", all of it", Scope::User)]);
    assert_eq!(offer.plans[0].more_info.as_ref().unwrap().as_str(), "https://fab.example/b");
    assert_eq!(offer.plans[1].more_info, None);
    let apps: Vec<_> = offer.plans[1].apps.iter().map(ToString::to_string).collect();
    assert_eq!(apps, ["fab_Audit", "fab_Orders"], "in the mapping's order");
    let apps: Vec<_> = catalog.apps().map(|app| app.to_string()).collect();
    assert_eq!(apps, ["fab_Orders", "fab_Audit"], "as they are first named");
    assert_eq!(catalog.service_id(&"gold".parse().unwrap()).unwrap(), "fab_1.desk.gold");
}

#[test]
fn spellings_marks_line_ends_quotes_and_the_order_of_columns_do_not_matter() {
    let plain = read(DEFINITION, MAPPING).unwrap();
    let other_ids = read(&DEFINITION.replace("ServiceID", "Service ID"), &MAPPING.replace("Service ID", "ServiceID"));
    assert_eq!(other_ids.unwrap().offer(), plain.offer());
    for ends in ["\r\n", "\r", "\n\n"] {
        let text = |text: &str| format!("\u{feff}{}", text.replace('\n', ends));
        assert_eq!(read(&text(DEFINITION), &text(MAPPING)).unwrap().offer(), plain.offer(), "{ends:?}");
    }
    let unended = (DEFINITION.trim_end(), MAPPING.trim_end());
    assert_eq!(read(unended.0, unended.1).unwrap().offer(), plain.offer());
    let lines = MAPPING.lines().map(|line| line.split_once(',').unwrap());
    let turned = lines.fold(String::new(), |text, (id, app)| format!("{text}\"{app}\",{id}\n"));
    assert_eq!(read(DEFINITION, &turned).unwrap().offer(), plain.offer());
}

#[test]
fn c8_all_faults_are_reported_with_file_line_and_column() {
    let definition = "ServiceID,Display name,More info URL\r\n\
        fab.desk.bronze,Bronze,\r\n\
        fab.desk.Gold,Gold,\r\n\
        fab.desk.silver,, http://x\r\n\
        other.desk.tin,Tin,\r\n\
        fab.desk.bronze,\"Bronze\r\nagain\",\r\n\
        fab.desk.lead,Lead\r\n\
        fab.desk.bronze,Bronze,\r\n";
    let mapping = "Service ID,Component name\n\
        fab.desk.bronze,App\n\
        fab.desk.bronze,app\n\
        fab.desk.bronze,App\n\n\
        fab.desk.copper,App\n\
        fab.desk.silver,\n\
        fab.desk,\"open\n";
    assert_eq!(
        faults(definition, mapping),
        [
            "plan definition, line 3, column 1: `fab.desk.Gold` is not a service id like `publisher.offer.plan`: three \
             parts of at most 50 characters of a-z 0-9 - _",
            "plan definition, line 4, column 2: label is empty: at least one character is needed",
            "plan definition, line 4, column 3: label ` http://x` begins or ends with white space",
            "plan definition, line 5, column 1: the service id belongs to the offer `other.desk`, earlier ones belong to \
             `fab.desk`: use one offer per file",
            "plan definition, line 6, column 2: label `Bronze\\r\\nagain` has a control character at byte 6",
            "plan definition, line 8, column 3: the row has 2 cells, the heading line has 3",
            "plan definition, line 9, column 1: the plan is already defined on line 2",
            "plan mapping, line 3, column 2: the component differs from `App` only in letter case",
            "plan mapping, line 4, column 2: the component is already mapped to this plan on line 2",
            "plan mapping, line 6, column 1: no plan of the plan definition has this service id",
            "plan mapping, line 7, column 2: app id is empty: at least one character is needed",
            "plan mapping, line 8, column 2: the quote opened here is never closed",
        ]
    );
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let mapping = "Service ID,Component name\nfab_1.desk.bronze,App\n\n\nfab_1.desk.tin,App";
    for ends in ["\n", "\r", "\r\n"] {
        let faults_found = faults(DEFINITION, &mapping.replace('\n', ends));
        assert_eq!(
            faults_found,
            ["plan mapping, line 5, column 1: no plan of the plan definition has this service id"],
            "{ends:?}"
        );
    }
}

/// Microsoft's tool takes commas only.
#[test]
fn files_with_semicolons_are_refused_with_the_cure() {
    let found = faults(&format!("\n{}", DEFINITION.replace(',', ";")), MAPPING);
    assert_eq!(
        found[0],
        "plan definition, line 2, column 1: the cells are separated by semicolons: save the file with commas"
    );
    let found = faults(DEFINITION, &MAPPING.replace(',', "\t"));
    assert_eq!(found, ["plan mapping, line 1, column 1: the cells are separated by tabs: save the file with commas"]);
}

#[test]
fn headings_are_asked_for() {
    assert_eq!(
        faults("Service ID,ServiceID,Display name,Colour\n", ""),
        [
            "plan definition, line 1, column 2: the heading line has the column `ServiceID` twice: remove one",
            "plan definition, line 1, column 4: the heading line has an unknown column `Colour`: remove it, or correct the heading",
            "plan definition, line 1, column 5: the heading line has no column `More info URL`",
            "plan mapping, line 1, column 1: the heading line has no column `ServiceID`",
            "plan mapping, line 1, column 1: the heading line has no column `Component name`",
        ]
    );
    assert_eq!(
        faults("ServiceID,Display name,More info URL\n", "Service ID,Component name\n"),
        ["plan definition, line 1, column 1: there is no row below the heading line"]
    );
}

#[test]
fn x8_input_and_listed_faults_are_bounded() {
    let long = " ".repeat(MAX_FILE_BYTES + 1);
    let error = read(DEFINITION, &long).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("isv.too-long", "the plan mapping has 1048577 bytes, at most 1048576 are read")
    );
    let rows = MAX_FAULTS + 7;
    match read(&format!("ServiceID,Display name,More info URL\n{}", "x,y,\n".repeat(rows)), MAPPING).unwrap_err() {
        // In the mapping: three rows of undefined plans.
        FilesError::Faults(faults) => {
            assert_eq!((faults.listed.len(), faults.total), (MAX_FAULTS, rows + 3));
            assert!(faults.to_string().ends_with("\n  and 10 more"));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn what_the_files_do_not_say_is_handed_in() {
    let mut defaults = OfferDefaults::default();
    defaults.management = Management::Managed(InstallPolicy::WithoutLicense);
    defaults.apps = vec![AppEntry::free("fab_Portal".parse().unwrap())];
    defaults.plans = vec![PlanDefaults::new("bronze".parse().unwrap(), Scope::Tenant)];
    let mut gold = PlanDefaults::new("gold".parse().unwrap(), Scope::User);
    gold.requires = vec![vec!["bronze".parse().unwrap()]];
    defaults.plans.push(gold);
    let catalog = Files::new(DEFINITION, MAPPING).catalog(&defaults).unwrap();
    assert_eq!(catalog.plan(&"bronze".parse().unwrap()).unwrap().scope, Scope::Tenant);
    assert_eq!(catalog.plan(&"gold".parse().unwrap()).unwrap().requires, [["bronze".parse::<PlanId>().unwrap()]]);
    assert_eq!(catalog.apps().next().unwrap().to_string(), "fab_Portal");
    assert_eq!(OfferDefaults::from_catalog(&catalog).plans, defaults.plans);

    defaults.plans.push(PlanDefaults::new("tin".parse().unwrap(), Scope::User));
    defaults.plans.push(PlanDefaults::new("gold".parse().unwrap(), Scope::User));
    match Files::new(DEFINITION, MAPPING).catalog(&defaults).unwrap_err() {
        FilesError::OfferDefaults { plans } => {
            assert_eq!(plans, ["tin", "gold"].map(|id| id.parse::<PlanId>().unwrap()));
        }
        other => panic!("{other}"),
    }
    // A free app that a plan lists is a fault of the offer, not of a file (C3).
    let mut free = OfferDefaults::default();
    free.apps = vec![AppEntry::free("fab_Audit".parse().unwrap())];
    assert_eq!(Files::new(DEFINITION, MAPPING).catalog(&free).unwrap_err().code(), "catalog.unsound");
}

#[test]
fn what_neither_says_is_not_written() {
    let mut offer = read(DEFINITION, MAPPING).unwrap().offer().clone();
    offer.name = Some("Desk".parse().unwrap());
    offer.management = Management::Unmanaged;
    offer.notice = entitle::time::Days::new(7);
    offer.clock_tolerance = entitle::time::Days::new(2);
    offer.release = release();
    offer.quotas.push(projects());
    offer.apps.push(AppEntry::free("fab_Portal".parse().unwrap()));
    offer.plans[1].excludes = vec!["bronze".parse().unwrap()];
    offer.plans.push(Plan::new("Tin".parse().unwrap(), Scope::Capacity, "Tin".parse().unwrap()));
    offer.plans[2].overage = Some(Percent::new(3));
    offer.plans[0].apps.push("fab/audit".parse().unwrap());
    offer.apps.push(AppEntry::licensed("fab/audit".parse().unwrap()));
    let catalog = Catalog::new(offer).unwrap();
    let error = Files::from_catalog(&catalog, &OfferDefaults::default()).unwrap_err();
    let codes: Vec<_> = error.0.iter().map(Unexportable::code).collect();
    assert_eq!(
        codes,
        [
            "service-id.not-of-the-form",
            "isv.not-a-component",
            "isv.name-differs",
            "isv.management-differs",
            "isv.notice-differs",
            "isv.clock-tolerance-differs",
            "isv.release-differs",
            "isv.quotas-differ",
            "isv.apps-differ",
            "isv.plan-differs",
            "isv.plan-differs",
        ]
    );
    let error = Files::from_catalog(&catalog, &OfferDefaults::from_catalog(&catalog)).unwrap_err();
    let codes: Vec<_> = error.0.iter().map(Unexportable::code).collect();
    assert_eq!(codes, ["service-id.not-of-the-form", "isv.not-a-component"], "the defaults express the rest");
}

/// A fault of the offer's own ids is reported once, not for every plan.
#[test]
fn an_invalid_publisher_is_reported_once() {
    let mut offer = read(DEFINITION, MAPPING).unwrap().offer().clone();
    offer.publisher = "Fab".parse().unwrap();
    let error = Files::from_catalog(&Catalog::new(offer).unwrap(), &OfferDefaults::default()).unwrap_err();
    assert_eq!(error.0.len(), 1);
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-zäß\"',;= ]{1,12}".prop_map(|text| text.trim().to_string()).prop_filter("not empty", |text| !text.is_empty())
}

prop_compose! {
    fn offers()(
        plans in 1_usize..5,
        names in prop::collection::vec((name(), prop::option::of(name())), 5),
        listed in prop::collection::vec(subsequence(vec!["a_A", "b_B", "c9", "D"], 1..=4).prop_shuffle(), 5),
        scopes in prop::collection::vec(0..3_usize, 5),
        excluded in prop::bool::ANY,
        name in prop::option::of(name()),
        free in 0_usize..3,
        shuffled in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        management in 0..3,
        notice in 0..40_u32,
        is_dated in prop::bool::ANY,
        amounts in prop::collection::vec(prop::option::of(0..9_u64), 5),
        has_quota in prop::bool::ANY,
    ) -> Offer {
        let management = match management {
            0 => Management::Unmanaged,
            1 => Management::Managed(InstallPolicy::WithoutLicense),
            _ => Management::Managed(InstallPolicy::WithPlan(vec!["p0".parse().unwrap()])),
        };
        let mut offer = Offer::new("fab".parse().unwrap(), "d-1".parse().unwrap(), management);
        offer.name = name.map(|name| name.parse().unwrap());
        offer.notice = entitle::time::Days::new(notice);
        offer.release = if is_dated { release() } else { Release::Undated };
        offer.quotas.extend(has_quota.then(projects));
        for at in 0..plans {
            let scope = [Scope::User, Scope::Tenant, Scope::Capacity][scopes[at]];
            let mut plan = Plan::new(format!("p{at}").parse().unwrap(), scope, names[at].0.parse().unwrap());
            plan.more_info = names[at].1.as_ref().map(|text| text.parse().unwrap());
            if scope != Scope::Capacity {
                plan.apps = listed[at].iter().map(|app| app.parse().unwrap()).collect();
            }
            if let Some(amount) = amounts[at].filter(|_| has_quota && scope != Scope::Capacity) {
                plan.quotas.push(PlanQuota::new("projects".parse().unwrap(), QuotaAmount::Limited(QuotaNumber::new(amount).unwrap())));
            }
            if excluded && at > 0 && scopes[at] == 0 && scopes[0] == 0 {
                plan.excludes.push("p0".parse().unwrap());
            }
            offer.plans.push(plan);
        }
        let mut apps: Vec<AppEntry> = Vec::new();
        for app in offer.plans.iter().flat_map(|plan| &plan.apps) {
            if apps.iter().all(|entry| entry.id != *app) {
                apps.push(AppEntry::licensed(app.clone()));
            }
        }
        apps.extend((0..free).map(|at| AppEntry::free(format!("free {at}").parse().unwrap())));
        offer.apps = shuffled.iter().filter_map(|&at| apps.get(at).cloned()).collect();
        offer
    }
}

proptest! {
    /// Written files read as the same offer; what would not is not written.
    #[test]
    fn writing_and_reading_give_the_same_offer(offer in offers(), beside in 0..3) {
        let catalog = Catalog::new(offer.clone()).unwrap();
        let defaults = match beside {
            0 => OfferDefaults::default(),
            _ => OfferDefaults::from_catalog(&catalog),
        };
        if let Ok(files) = Files::from_catalog(&catalog, &defaults) {
            let again = files.catalog(&defaults).unwrap();
            prop_assert_eq!(again.offer(), &offer);
            // Another CSV reader reads the same cells.
            let mut reader = csv::Reader::from_reader(files.definition.as_bytes());
            let cells: Vec<_> = reader.records().map(|row| row.unwrap()[1].to_string()).collect();
            let names: Vec<_> = offer.plans.iter().map(|plan| plan.name.to_string()).collect();
            prop_assert_eq!(cells, names);
        } else {
            prop_assert_eq!(beside, 0, "complete defaults make the catalog exportable");
            let plain = Files::from_catalog(&catalog, &OfferDefaults::from_catalog(&catalog)).unwrap();
            let read = plain.catalog(&defaults);
            prop_assert!(read.is_err() || read.unwrap().offer() != &offer);
        }
    }

    /// Any text is read, or refused with a position in it.
    #[test]
    fn x8_any_text_is_read_or_refused(definition in "(ServiceID,Display name,More info URL\n)?[a-c.,\"\r\n ü]{0,60}", mapping in ".{0,40}") {
        match read(&definition, &mapping) {
            Ok(_) => {}
            Err(FilesError::Faults(faults)) => {
                prop_assert!(faults.total > 0 && !faults.listed.is_empty());
                let lines = |text: &str| u64::try_from(text.len()).unwrap() + 1;
                let most = lines(&definition).max(lines(&mapping));
                prop_assert!(faults.listed.iter().all(|fault| fault.line >= 1 && fault.line <= most && fault.column >= 1));
                prop_assert!(faults.listed.iter().all(|fault| fault.what != FaultKind::NoRows || faults.total == 1 || fault.line == 1));
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

/// Three parts of 1 to 50 characters of a-z 0-9 - _, no more and no fewer.
#[test]
fn c9_a_service_id_has_three_short_parts() {
    let text = |id: &str| DEFINITION.replace("fab_1.desk", id);
    let reads = |id: &str| read(&text(id), &MAPPING.replace("fab_1.desk", id)).is_ok();
    let [most, more] = [50, 51].map(|length| "p".repeat(length));
    assert!(reads("a.b") && reads("0-_.z") && reads(&format!("{most}.{most}")));
    for wrong in [&format!("{more}.b"), &format!("a.{more}"), "a.", ".b", "a", "a.b.c", "a b.c", "ä.b", "A.b", "a..b"]
    {
        assert!(!reads(wrong), "{wrong}");
    }
    // Another offer whose id has the same length.
    let other = DEFINITION.replace("fab_1.desk.gold", "fab_2.desk.gold");
    assert!(
        faults(&other, MAPPING)[0]
            .starts_with("plan definition, line 3, column 1: the service id belongs to the offer `fab_2.desk`")
    );
}
