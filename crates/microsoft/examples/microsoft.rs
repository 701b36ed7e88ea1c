//! Microsoft's formats, offline: plan files, two editions of the catalogue, and Graph's answers
//! about a tenant.
//!
//! `cargo run -p entitle-microsoft --example microsoft`

use core::error::Error;

use entitle::Catalog;
use entitle::catalog::Scope;
use entitle_microsoft::catalogue::{Edition, Scopes};
use entitle_microsoft::graph::{Skus, Subscriptions, Users, View};
use entitle_microsoft::isv::{Files, OfferDefaults, PlanDefaults};

const DEFINITION: &str = "ServiceID,Display name,More info URL
fabrikam.f365.base,Fabrikam Base,https://fabrikam.example/base
fabrikam.f365.gold,\"Fabrikam Gold, all of it\",https://fabrikam.example/gold";
const MAPPING: &str = "Service ID,Component name
fabrikam.f365.base,fab_Orders
fabrikam.f365.gold,fab_Orders
fabrikam.f365.gold,fab_Audit";

const HEADINGS: &str =
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names";
const DESK: &str = "00000000-0000-0000-0000-0000000000d1";
const MAIL: &str = "00000000-0000-0000-0000-000000000001";
const CHAT: &str = "00000000-0000-0000-0000-000000000002";

fn main() -> Result<(), Box<dyn Error>> {
    // The two files of `pac solution add-license`, and what they cannot express: the base plan is
    // for the whole organisation.
    let mut defaults = OfferDefaults::default();
    defaults.plans = vec![PlanDefaults::new("base".parse()?, Scope::Tenant)];
    let catalog = Files::new(DEFINITION, MAPPING).catalog(&defaults)?;
    println!("{} plans, {} apps", catalog.offer().plans.len(), catalog.apps().count());
    // The way back. What neither the files nor the defaults express is an error.
    print!("{}", Files::from_catalog(&catalog, &defaults)?.mapping);
    if let Err(error) = Files::from_catalog(&catalog, &OfferDefaults::default()) {
        println!("{error}");
    }
    // All faults are reported, each with its position.
    if let Err(error) = Files::new(&DEFINITION.replace("fabrikam.f365.gold", "gold"), MAPPING).catalog(&defaults) {
        println!("{error}\n");
    }

    // Two editions of the catalogue: data issues are repaired and listed; GUIDs identify products.
    let old = Edition::read(format!("{HEADINGS}\r\nDesk\u{a0}Basic,DESK ,{DESK},MAIL,{MAIL},Mail\r\n").as_bytes())?;
    let rows = format!("{HEADINGS}\nDesk,DESK,{DESK},MAIL,{MAIL},Mail\nDesk,DESK,{DESK},CHAT,{CHAT},Chat\n");
    let new = Edition::read(rows.as_bytes())?;
    old.data_issues().iter().for_each(|data_issue| println!("{data_issue}"));
    for change in old.changes_to(&new).changed {
        // On by default for everyone who has the product (C10).
        println!("`{}` gained {:?}", change.product, change.gained);
    }
    let offer = new.offer("microsoft".parse()?, "m365".parse()?, &Scopes::all(Scope::User));
    println!("proven: {} plan\n", Catalog::new(offer)?.offer().plans.len());

    // Graph's answers about a tenant: a finding, never an `Allow`.
    let skus = format!(
        r#"{{ "value": [{{ "skuId": "{DESK}", "skuPartNumber": "DESK", "appliesTo": "User", "capabilityStatus": "Enabled",
            "consumedUnits": 1, "prepaidUnits": {{ "enabled": 1, "warning": 0, "suspended": 0, "lockedOut": 0 }},
            "servicePlans": [{{ "servicePlanId": "{MAIL}", "servicePlanName": "MAIL", "provisioningStatus": "Success" }}] }}] }}"#
    );
    let subscriptions = format!(
        r#"{{ "value": [{{ "id": "s1", "skuId": "{DESK}", "status": "Enabled", "nextLifecycleDateTime": "2026-04-01T00:00:00Z" }}] }}"#
    );
    let user = |id: &str, state: &str| {
        format!(
            r#"{{ "id": "{id}", "licenseAssignmentStates": [{{ "skuId": "{DESK}", "disabledPlans": [], {state} }}] }}"#
        )
    };
    let (ada, bo) = (user("ada", r#""state": "Active""#), user("bo", r#""state": "Error", "error": "CountViolation""#));
    let view = View::new(Skus::read(&[&skus])?)
        .with_subscriptions(Subscriptions::read(&[&subscriptions])?)
        .with_users(Users::read(&[&format!(r#"{{ "value": [{ada}, {bo}] }}"#)])?);
    let now = "2026-03-01T00:00:00Z".parse()?;
    for who in ["ada", "bo", "cy"] {
        println!("{who}, mail: {}", view.may_open(who, MAIL.parse()?, now));
    }
    view.endings(now).iter().flat_map(|ends| &ends.next).for_each(|end| println!("`{}` ends {}", end.sku, end.at));
    view.errors().iter().flat_map(|errors| &errors.all).for_each(|error| println!("{}: {}", error.user, error.fix));
    Ok(())
}
