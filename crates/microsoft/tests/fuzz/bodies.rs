//! The fuzzed functions: any text in place of Microsoft's files causes no panic, faults have
//! positions, and results contain nothing that is not in the text.
//!
//! ```text
//! cargo +nightly fuzz run isv --fuzz-dir crates/microsoft/tests/fuzz -- -max_total_time=600 -rss_limit_mb=1024
//! ```
//!
//! The targets are `isv` (plan definition and plan mapping), `catalogue` (two editions) and `graph` (subscribedSkus,
//! subscriptions, users, one user's licenseDetails, a request to assignLicense); the texts of one input are parted by the character U+001E.
//! `tests/corpus.rs` replays what is kept in `tests/fuzz/corpus` through the same functions.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "each target uses one of these, and fails by panicking"
)]

use entitle::Catalog;
use entitle::catalog::Scope;
use entitle::chrono::{DateTime, Utc};
use entitle_microsoft::catalogue::{Edition, EditionError, Scopes};
use entitle_microsoft::graph::{
    AppliesTo, Assignee, Details, Outcome, Request, Sku, Skus, Status, Subscriptions, Users, Verdict, View,
};
use entitle_microsoft::isv::{ComponentNames, Files, FilesError, OfferDefaults};
use entitle_microsoft::{Faults, Guid, MAX_FAULTS};

const PARTS: u8 = 0x1e;

/// Every fault is within the file, and they are sorted.
fn placed(faults: &Faults, lines: usize) {
    assert!(faults.total >= faults.listed.len() && faults.listed.len() <= MAX_FAULTS && faults.total > 0);
    for fault in &faults.listed {
        assert!((1..=u64::try_from(lines).unwrap()).contains(&fault.line), "{fault}");
        assert!(fault.column >= 1 && !fault.to_string().is_empty() && !fault.what.code().is_empty());
    }
    let places: Vec<_> = faults.listed.iter().map(|fault| (fault.file, fault.line, fault.column)).collect();
    assert!(places.is_sorted());
}

fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1
}

/// The two files of an ISV: a catalog that is read is written again, and reads as the same.
pub(crate) fn isv(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let (definition, mapping) = text.split_once(char::from(PARTS)).unwrap_or((text, ""));
    let defaults = OfferDefaults::default();
    match Files::new(definition, mapping).catalog(&defaults) {
        Ok(catalog) => {
            if let Ok(files) = Files::from_catalog(&catalog, &defaults) {
                assert_eq!(files.catalog(&defaults).unwrap().offer(), catalog.offer());
                assert_eq!(Files::from_catalog(&catalog, &OfferDefaults::from_catalog(&catalog)).unwrap(), files);
            }
            // With the components that are proposed, any apps are written and read as the same.
            let (all, names) = (OfferDefaults::from_catalog(&catalog), ComponentNames::propose(&catalog));
            if let Ok(files) = Files::from_catalog_named(&catalog, &all, &names) {
                assert_eq!(files.catalog_named(&all, &names).unwrap().offer(), catalog.offer());
            }
            // Every plan and app is in the files.
            for plan in &catalog.offer().plans {
                assert!(definition.contains(plan.id.as_str()));
                assert!(plan.apps.iter().all(|app| mapping.replace("\"\"", "\"").contains(app.as_str())));
            }
        }
        Err(FilesError::Faults(faults)) => placed(&faults, lines(definition.as_bytes()).max(lines(mapping.as_bytes()))),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Two editions: each is counted, validated and written again; gains of one are losses of the
/// other.
pub(crate) fn catalogue(input: &[u8]) {
    let mut parts = input.splitn(2, |&byte| byte == PARTS);
    let (old, new) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let [Some(old), Some(new)] = [old, new].map(edition) else { return };
    let (there, back) = (old.changes_to(&new), new.changes_to(&old));
    assert_eq!((&there.new_products, &there.gone_products), (&back.gone_products, &back.new_products));
    assert_eq!(
        (&there.new_service_plans, &there.gone_service_plans),
        (&back.gone_service_plans, &back.new_service_plans)
    );
    assert_eq!((there.changed.len(), there.renamed_products.len()), (back.changed.len(), back.renamed_products.len()));
    assert_eq!(there.is_same_content(), back.is_same_content());
}

fn edition(bytes: &[u8]) -> Option<Edition> {
    let edition = match Edition::read(bytes) {
        Ok(edition) => edition,
        Err(EditionError::Faults(faults)) => {
            placed(&faults, lines(bytes));
            return None;
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    let pairs: usize = edition.products().iter().map(|product| product.service_plans.len()).sum();
    assert!(pairs < lines(bytes) && pairs >= edition.products().len().max(edition.service_plans().len()));
    assert!(edition.data_issues().iter().all(|each| !each.to_string().is_empty()));
    let offer = edition.offer("m".parse().unwrap(), "o".parse().unwrap(), &Scopes::all(Scope::User));
    let catalog = Catalog::new(offer).unwrap();
    assert_eq!(catalog.offer().plans.iter().map(|plan| plan.apps.len()).sum::<usize>(), pairs);
    // After its data issues are repaired it is the same, and has none.
    let again = Edition::read(clean(&edition).as_bytes()).unwrap();
    let changes = edition.changes_to(&again);
    assert!(
        changes.is_same_content() && changes.renamed_products.is_empty() && changes.renamed_service_plans.is_empty()
    );
    Some(edition)
}

/// Returns an edition as a file without data issues.
fn clean(edition: &Edition) -> String {
    let mut text = "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,\
                    Service_Plans_Included_Friendly_Names"
        .to_string();
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    for product in edition.products() {
        for id in &product.service_plans {
            let plan = edition.service_plan(*id).unwrap();
            let [name, string_id] = [&product.name, &product.string_id].map(|cell| quoted(cell.as_str()));
            let [technical, friendly] = [&plan.name, &plan.friendly_name].map(|cell| quoted(cell.as_str()));
            let row =
                ["\n", &name, ",", &string_id, ",", &product.id.to_string(), ",", &technical, ",", &id.to_string()];
            text.extend(row.into_iter().chain([",", &friendly]));
        }
    }
    text
}

/// Graph's answers: every question has an answer, and an enabled verdict has a usable SKU.
pub(crate) fn graph(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let mut parts = text.splitn(5, char::from(PARTS));
    let mut next = || parts.next().unwrap_or_default();
    let (skus, subscriptions, users, details, request) = (next(), next(), next(), next(), next());
    _ = Users::read_one(users);
    let subscriptions = Subscriptions::read(&[subscriptions]);
    let (users, details) = (Users::read(&[users]), Details::read(&[details]));
    // Repeated pages are not a list.
    assert!(
        skus.is_empty()
            || Skus::read(&[skus, skus]).is_err()
            || Skus::read(&[skus]).is_ok_and(|skus| skus.all().is_empty())
    );
    let Ok(skus) = Skus::read(&[skus]) else { return };
    let mut view = View::new(skus.clone());
    view = subscriptions.map_or(view.clone(), |read| view.with_subscriptions(read));
    view = users.clone().map_or(view.clone(), |read| view.with_users(read));
    view = details.clone().map_or(view.clone(), |read| view.with_details("ada", read));
    let now: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    let plans: Vec<Guid> =
        skus.all().iter().flat_map(|sku| sku.service_plans.iter().flatten()).map(|plan| plan.service_plan_id).collect();
    let known: Vec<&str> = users.iter().flat_map(Users::all).map(|user| user.id.as_str()).collect();
    for user in known.into_iter().take(5).chain(["ada", "nobody"]) {
        for &plan in plans.iter().take(20) {
            let verdict = view.may_open(user, plan, now);
            assert!(!verdict.to_string().is_empty() && !verdict.code().is_empty());
            if verdict.is_enabled() {
                assert!(skus.all().iter().any(|sku| gives(
                    sku,
                    plan,
                    user,
                    users.as_ref().ok(),
                    details.as_ref().ok()
                )));
            }
        }
        for finding in view.findings(user, now).into_iter().flatten() {
            assert!(!finding.verdict.is_enabled() || is_usable(skus.sku(finding.sku).unwrap()));
            assert!(finding.until.is_none_or(|until| until > now));
        }
    }
    for finding in view.company_findings(now) {
        assert!(!matches!(finding.verdict, Verdict::NotKnown(_)) || !finding.verdict.is_enabled());
    }
    for sku in skus.all() {
        if let Ok(units) = view.units(sku.sku_id) {
            assert!(units.free() == 0 || units.over() == 0);
        }
    }
    if let Ok(request) = Request::read(request) {
        for whom in [Assignee::User("ada".to_string()), Assignee::Group("sales".to_string())] {
            let effects: Vec<_> = view.effects(&whom, &request).collect();
            assert_eq!(effects.len(), request.add.len() + request.remove.len());
            for effect in effects {
                let takes =
                    matches!(effect.outcome, Outcome::Takes { free } if free == view.units(effect.sku).unwrap().free());
                assert!(
                    takes || !matches!(effect.outcome, Outcome::Takes { .. }) && !effect.outcome.to_string().is_empty()
                );
            }
        }
    }
    if let Ok(ends) = view.endings(now) {
        assert!(ends.next.iter().all(|ending| ending.at > now) && ends.past.iter().all(|ending| ending.at <= now));
    }
    for error in view.errors().into_iter().flat_map(|errors| errors.all) {
        assert!(!error.fix.to_string().is_empty());
    }
}

/// Returns whether a SKU could grant this user a service plan at all.
fn gives(sku: &Sku, plan: Guid, user: &str, users: Option<&Users>, details: Option<&Details>) -> bool {
    let contains = sku.service_plans.iter().flatten().any(|each| each.service_plan_id == plan);
    let detailed = details.filter(|_| user == "ada").and_then(|details| details.sku(sku.sku_id));
    let in_details =
        detailed.is_some_and(|each| each.service_plans.iter().flatten().any(|each| each.service_plan_id == plan));
    let states = users.and_then(|users| users.user(user)).and_then(|user| user.license_assignment_states.as_ref());
    let assigned = states.is_some_and(|all| {
        let turned_on = |off: &Vec<Guid>| !off.contains(&plan);
        all.iter().any(|each| each.sku_id == sku.sku_id && each.disabled_plans.as_ref().is_some_and(turned_on))
    });
    let company = sku.applies_to == Some(AppliesTo::Company);
    is_usable(sku) && (contains || in_details) && (company || assigned || detailed.is_some())
}

fn is_usable(sku: &Sku) -> bool {
    matches!(sku.capability_status, Some(Status::Enabled | Status::Warning))
        && sku.prepaid_units.is_some_and(|units| units.usable() > 0)
}
