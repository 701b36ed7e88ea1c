//! P1: the License report, capacities and claims in error, with every number computed by hand.

use entitle::capacity::Consumption;
use entitle::command::TrialName;
use entitle::license::{
    Customer, Freshness, FreshnessLimit, Licensee, Revocation, RevocationListDraft, RevokedLicense, Termination,
};
use entitle::quantity::{Amount, Total};
use entitle::time::{Days, Length, Phase};
use entitle::{Actor, Catalog, Command, Deal, Grant, LicenseId, Role, Tenant, Term, Units};
use serde::Serialize;

use crate::support::{Scenario, Vendor, admin, assign, beginning, day, days, join, paid, request, units, window};

/// What a host writes to a file.
pub(crate) fn csv(rows: impl IntoIterator<Item = impl Serialize>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.into_iter().for_each(|row| writer.serialize(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A plan of each scope, a name, and a plan whose id has no place in a service id.
pub(crate) const STUDIO: &str = r#"{ "publisher": "fabrikam", "offer": "studio", "name": "Fabrikam Studio",
    "management": { "managed": "with_license" },
    "apps": [{ "id": "chat", "access": "licensed" }, { "id": "author", "access": "licensed" }],
    "plans": [
      { "id": "site", "scope": "tenant", "name": "Studio Site", "apps": ["chat"] },
      { "id": "Author", "scope": "user", "name": "Studio Author", "apps": ["author"], "requires": [["site"]] },
      { "id": "sessions", "scope": "capacity", "name": "Studio Sessions" } ] }"#;

pub(crate) fn customer(id: &str, name: &str, country: &str) -> Licensee {
    Licensee::Tenant(Customer::new(id.parse().unwrap(), name.parse().unwrap(), country.parse().unwrap()))
}

fn rows(tenant: &Tenant, on: i64) -> Vec<(String, Total, u64, Phase, Option<i64>)> {
    let row = |row: entitle::report::LicenseRow| {
        let activated = row.activation_date.map(|at| (at - day(0)).num_days());
        (row.sku_name.to_string(), row.licenses_provisioned, row.licenses_assigned, row.license_state, activated)
    };
    tenant.license_rows(day(on)).map(row).collect()
}

pub(crate) const fn limited(units: u64) -> Total {
    Total::Limited(units)
}

#[test]
fn p1_the_license_report_has_twelve_columns() {
    let vendor = Vendor::of(STUDIO);
    let deal = vendor.deal(1, customer("contoso", "Contoso, Ltd", "DE"));
    let deal = [paid("site", 1, days(0, 365)), paid("Author", 2, days(3, 365)), paid("sessions", 500, days(0, 365))]
        .into_iter()
        .fold(deal, Deal::with);
    let mut tenant = vendor.tenant("contoso");
    tenant.run(5, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.run(6, [assign("ada", "Author"), join("bo", "staff"), join("cy", "staff")]).unwrap();
    tenant.run(6, [Command::assign_group("staff".parse().unwrap(), "Author".parse().unwrap())]).unwrap();
    // Two of the three who claim Author hold a seat. `Author` has a capital, so that its service id cannot be written.
    assert_eq!(
        csv(tenant.license_rows(day(7))),
        "Customer Country,Customer Country Code,Customer Name,Activation Date,Product Display Name,Product ID,\
         Licenses Provisioned,Licenses Assigned,SKU Name,Tenant ID,License State,Service ID\n\
         Germany,DE,\"Contoso, Ltd\",2026-03-01T00:00:00Z,Fabrikam Studio,studio,1,0,Studio Site,contoso,active,\
         fabrikam.studio.site\n\
         Germany,DE,\"Contoso, Ltd\",2026-03-04T00:00:00Z,Fabrikam Studio,studio,2,2,Studio Author,contoso,active,\n\
         Germany,DE,\"Contoso, Ltd\",2026-03-01T00:00:00Z,Fabrikam Studio,studio,500,0,Studio Sessions,contoso,active,\
         fabrikam.studio.sessions\n"
    );
    let json = serde_json::to_value(tenant.license_rows(day(7)).nth(1).unwrap()).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "Customer Country": "Germany", "Customer Country Code": "DE", "Customer Name": "Contoso, Ltd",
            "Activation Date": "2026-03-04T00:00:00Z", "Product Display Name": "Fabrikam Studio", "Product ID": "studio",
            "Licenses Provisioned": 2, "Licenses Assigned": 2, "SKU Name": "Studio Author", "Tenant ID": "contoso",
            "License State": "active", "Service ID": null
        })
    );
}

#[test]
fn p1_what_is_not_known_is_empty_and_unlimited_is_a_word() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let anyone = vendor.deal(2, Licensee::Anyone).with(Grant::trial(
        "gold".parse().unwrap(),
        Units::Unlimited,
        window(0, 60),
        Length::days(30).unwrap(),
    ));
    tenant.run(0, [Command::Install(vendor.seal(&anyone))]).unwrap();
    let trial = || TrialName::new(LicenseId::from_random([2; 16]), "gold".parse().unwrap());
    // Not started: nothing is provisioned, and there is no activation. The offer has no name, so that its id is shown.
    assert_eq!(
        csv(tenant.license_rows(day(1))).lines().nth(1).unwrap(),
        ",,,,f365,f365,0,0,F365 Gold,contoso,not_started,fabrikam.f365.gold"
    );
    tenant.run(2, [Command::StartTrial(trial()), assign("ada", "gold")]).unwrap();
    assert_eq!(
        csv(tenant.license_rows(day(3))).lines().nth(1).unwrap(),
        ",,,2026-03-03T00:00:00Z,f365,f365,unlimited,1,F365 Gold,contoso,active,fabrikam.f365.gold"
    );
    let json = serde_json::to_value(tenant.license_rows(day(3)).next().unwrap()).unwrap();
    assert_eq!((&json["Licenses Provisioned"], &json["Customer Name"]), (&"unlimited".into(), &().into()));
    // A country that ISO 3166-1 does not name has a code and no name.
    let deal = vendor.deal(3, customer("contoso", "Contoso", "XX")).with(paid("bronze", 1, days(0, 9)));
    tenant.run(4, [Command::Install(vendor.seal(&deal))]).unwrap();
    assert!(csv(tenant.license_rows(day(4))).lines().nth(1).unwrap().starts_with(",XX,Contoso,"));
}

#[test]
fn p1_state_is_the_best_phase_and_activation_the_earliest_start() {
    let vendor = Vendor::fabrikam();
    let early = |plan, early| paid(plan, 4, days(10, 100)).ending(early);
    let tenant = vendor.contoso([
        paid("bronze", 2, days(0, 10)),
        paid("bronze", 3, days(20, 30)),
        // Withdrawn before its term: it never starts.
        early("silver", Termination::Withdrawn(day(5))),
        // Withdrawn within it: it did start.
        early("gold", Termination::Withdrawn(day(50))),
    ]);
    let silver = ("F365 Silver".to_string(), limited(0), 0, Phase::Ended, None);
    let bronze = |units, phase| ("F365 Bronze".to_string(), limited(units), 0, phase, Some(0));
    let gold = |units, phase| ("F365 Gold".to_string(), limited(units), 0, phase, Some(10));
    // Before its start a grant is pending, and its activation is still to come.
    assert_eq!(rows(&tenant, 0), [bronze(2, Phase::Active), silver.clone(), gold(0, Phase::Pending)]);
    // Bronze: 2 in grace from day 10 to 40, 3 active from 20 to 30, in grace to 60, all suspended to 130 and 150.
    assert_eq!(rows(&tenant, 15), [bronze(2, Phase::Grace), silver.clone(), gold(4, Phase::Active)]);
    assert_eq!(rows(&tenant, 25), [bronze(5, Phase::Active), silver.clone(), gold(4, Phase::Active)]);
    assert_eq!(rows(&tenant, 45), [bronze(3, Phase::Grace), silver.clone(), gold(4, Phase::Active)]);
    assert_eq!(rows(&tenant, 60), [bronze(0, Phase::Suspended), silver.clone(), gold(0, Phase::Ended)]);
    assert_eq!(rows(&tenant, 150), [bronze(0, Phase::Ended), silver, gold(0, Phase::Ended)]);
}

#[test]
fn p1_what_is_revoked_before_it_starts_was_never_activated() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(10, 100))]);
    let [id] = tenant.documents().map(|_| LicenseId::from_random([1; 16])).collect::<Vec<_>>()[..] else { panic!() };
    for (sequence, from, activated) in [(1, 20, Some(10)), (2, 5, None)] {
        let mut list = RevocationListDraft::new("fabrikam".parse().unwrap(), sequence.try_into().unwrap(), day(1));
        list.entries.push(Revocation::License(RevokedLicense::new(id, 1.try_into().unwrap(), day(from))));
        tenant.forge(2, [Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())]);
        assert_eq!(rows(&tenant, 30), [("F365 Gold".to_string(), limited(0), 0, Phase::Revoked, activated)]);
    }
}

#[test]
fn p1_what_gives_nothing_for_want_of_a_list_was_activated_all_the_same() {
    let vendor = Vendor::fabrikam();
    // Issued on day -10; without a list it gives nothing from day 5 on, and its term begins on day 10.
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, days(10, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(7), Days::new(15)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    let gold = |phase| ("F365 Gold".to_string(), limited(0), 0, phase, Some(10));
    assert_eq!(rows(&tenant, 9), [gold(Phase::Pending)]);
    assert_eq!(rows(&tenant, 10), [gold(Phase::NotFresh)]);
}

#[test]
fn p1_assigned_are_the_seats_held_with_those_tolerated_and_not_the_claims_that_wait() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100)).tolerating(units(2), day(50))]);
    for name in ["ada", "bo", "cy"] {
        tenant.run(1, [join(name, "staff")]).unwrap();
    }
    tenant.run(2, [Command::assign_group("staff".parse().unwrap(), "gold".parse().unwrap())]).unwrap();
    let gold = |assigned, phase| ("F365 Gold".to_string(), limited(1), assigned, phase, Some(0));
    assert_eq!(rows(&tenant, 3), [gold(2, Phase::Active)]);
    assert_eq!(rows(&tenant, 50), [gold(1, Phase::Active)]);
    assert_eq!(tenant.pool(&"gold".parse().unwrap(), day(50)).waiting, 2);
    // A record that assigns a tenant plan or a capacity seats nobody.
    let vendor = Vendor::of(STUDIO);
    let mut tenant = vendor.contoso([paid("site", 3, days(0, 100)), paid("sessions", 3, days(0, 100))]);
    tenant.forge(1, [assign("ada", "site"), assign("ada", "sessions")]);
    assert_eq!(rows(&tenant, 2).iter().map(|row| row.2).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn p1_a_plan_that_the_catalog_lacks_is_listed_by_its_id_and_one_without_a_license_is_not() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 2, days(0, 100)), paid("silver", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "gold"), assign("bo", "silver")]).unwrap();
    let mut offer = vendor.catalog.offer().clone();
    offer.plans.retain(|plan| plan.id != *"gold");
    offer.apps.retain(|app| app.id != *"f365/audit");
    let tenant_of_later = tenant.rebase(&Catalog::new(offer).unwrap(), &vendor.ring());
    assert_eq!(
        csv(tenant_of_later.license_rows(day(2))).lines().skip(1).collect::<Vec<_>>(),
        [
            "Germany,DE,Contoso Ltd,2026-03-01T00:00:00Z,f365,f365,1,1,F365 Silver,contoso,active,fabrikam.f365.silver",
            "Germany,DE,Contoso Ltd,2026-03-01T00:00:00Z,f365,f365,2,1,gold,contoso,active,",
        ]
    );
    // The next revision leaves silver out: the claim is kept, and there is no license to report.
    let next = vendor.deal_for("contoso").revise(day(3)).unwrap().with(paid("gold", 2, days(0, 100)));
    tenant.run(3, [Command::Install(vendor.seal(&next))]).unwrap();
    assert_eq!(rows(&tenant, 4), [("F365 Gold".to_string(), limited(2), 1, Phase::Active, Some(0))]);
}

#[test]
fn p1_the_customer_is_that_of_the_license_issued_last() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let mut moved = vendor.deal(9, customer("contoso", "Contoso AG", "CH")).with(paid("bronze", 1, days(0, 100)));
    moved.issued = day(-5);
    tenant.run(1, [Command::Install(vendor.seal(&moved))]).unwrap();
    // Its id is higher, and its issue later; the one below has a lower id, and is issued later still.
    let name = |tenant: &Tenant| tenant.license_rows(day(2)).next().unwrap().customer_name.unwrap().to_string();
    assert_eq!(name(&tenant), "Contoso AG");
    let mut back = vendor.deal(0, customer("contoso", "Contoso SE", "DE")).with(paid("bronze", 1, days(0, 100)));
    back.issued = day(-4);
    tenant.run(1, [Command::Install(vendor.seal(&back))]).unwrap();
    assert_eq!(name(&tenant), "Contoso SE");
}

#[test]
fn p1_capacity_is_reported_by_consumer() {
    let vendor = Vendor::of(STUDIO);
    let mut tenant = vendor.contoso([paid("sessions", 5, days(0, 100))]);
    // Units of which nothing was consumed have a row of their own.
    let heading = "Month,Tenant ID,Plan ID,SKU Name,Consumer,Consumed,Allowance\n";
    let unused = "2026-03,contoso,sessions,Studio Sessions,,0,5\n";
    assert_eq!(csv(tenant.capacity_rows(day(1))), format!("{heading}{unused}"));
    let host = Actor::new("app".parse().unwrap()).with(Role::Host);
    for (id, consumer, millionths) in
        [("a", "bot-2", 1), ("b", "bot-1", 2_500_000), ("c", "bot-3", 1), ("d", "bot-1", 1)]
    {
        let (plan, id, consumer) = ("sessions".parse().unwrap(), id.parse().unwrap(), consumer.parse().unwrap());
        let draw =
            Consumption::new(plan, id, consumer, "2026-03".parse().unwrap(), Amount::millionths(millionths).unwrap());
        tenant.apply(&tenant.decide(&host, &[Command::Consume(draw)], request(), day(2)).unwrap()).unwrap();
    }
    assert_eq!(
        csv(tenant.capacity_rows(day(3))),
        format!(
            "{heading}2026-03,contoso,sessions,Studio Sessions,bot-1,2.500001,5\n\
             2026-03,contoso,sessions,Studio Sessions,bot-2,0.000001,5\n\
             2026-03,contoso,sessions,Studio Sessions,bot-3,0.000001,5\n"
        )
    );
    // In another month, and where there is nothing to draw from, nothing.
    assert_eq!(csv(tenant.capacity_rows(day(31))), format!("{heading}2026-04,contoso,sessions,Studio Sessions,,0,5\n"));
    assert_eq!(csv(vendor.contoso([]).capacity_rows(day(1))), "");
}

#[test]
fn p1_claims_in_error_are_rows_too() {
    let vendor = Vendor::of(STUDIO);
    let mut tenant = vendor.contoso([paid("Author", 1, days(0, 100))]);
    tenant.run(1, [join("ada", "staff"), join("bo", "staff")]).unwrap();
    tenant.run(2, [Command::assign_group("staff".parse().unwrap(), "Author".parse().unwrap())]).unwrap();
    assert_eq!(
        csv(tenant.error_rows(day(3))),
        "Tenant ID,User ID,Plan ID,SKU Name,Error,Place,Seats,Message\n\
         contoso,ada,Author,Studio Author,claim.dependency,,,requires `site`\n\
         contoso,bo,Author,Studio Author,claim.count-violation,2,1,waits for a seat as number 1: the only seat is taken\n"
    );
}

#[test]
fn p1_any_text_that_may_be_an_id_comes_back_out_of_csv() {
    let vendor = Vendor::fabrikam();
    let odd = "a \"b\", c; =1+1 \u{feff}é";
    let deal = vendor.deal(1, customer("contoso", odd, "DE")).with(paid("gold", 1, days(0, 100)));
    let mut tenant = Tenant::new(&vendor.catalog, &vendor.ring(), &beginning("contoso".parse().unwrap()));
    tenant
        .apply(&tenant.decide(&admin(), &[Command::Install(vendor.seal(&deal))], request(), day(0)).unwrap())
        .unwrap();
    let text = csv(tenant.license_rows(day(1)));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 12);
    assert_eq!(&reader.records().next().unwrap().unwrap()[2], odd);
}

#[test]
fn p1_an_offer_has_a_name_for_people_or_none() {
    let named = Catalog::from_json(STUDIO).unwrap();
    assert_eq!(named.offer().name.as_ref().unwrap().as_str(), "Fabrikam Studio");
    let again = serde_json::to_string(named.offer()).unwrap();
    assert_eq!(Catalog::from_json(&again).unwrap().offer(), named.offer());
    let unnamed = STUDIO.replace(r#""name": "Fabrikam Studio","#, "");
    let unnamed = Catalog::from_json(&unnamed).unwrap();
    assert!(
        unnamed.offer().name.is_none() && !serde_json::to_string(unnamed.offer()).unwrap().contains(r#""name":null"#)
    );
    for name in [r#""name": null,"#, r#""name": "","#, r#""name": " x","#, r#""name": "x", "name": "x","#] {
        let text = STUDIO.replace(r#""name": "Fabrikam Studio","#, name);
        assert_eq!(Catalog::from_json(&text).unwrap_err().code(), "catalog.not-json", "{name}");
    }
}

/// The rows of grants: what is left of which order.
#[test]
fn p1_grants_are_listed_with_the_reference_of_their_license() {
    let vendor = Vendor::of(STUDIO);
    let order = vendor.deal(1, customer("contoso", "Contoso", "DE")).with_reference("PO-4711".parse().unwrap());
    let order = order.with(paid("Author", 2, days(0, 100))).with(Grant::paid(
        "sessions".parse().unwrap(),
        Units::Unlimited,
        Term::perpetual(day(0)),
    ));
    let other = vendor.deal(2, customer("contoso", "Contoso", "DE")).with(Grant::trial(
        "site".parse().unwrap(),
        units(1),
        window(0, 60),
        Length::days(30).unwrap(),
    ));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(1, [&order, &other].map(|deal| Command::Install(vendor.seal(deal)))).unwrap();
    assert_eq!(
        csv(tenant.grant_rows(day(120))),
        "Tenant ID,License ID,Revision,Reference,Plan ID,SKU Name,Kind,Units,License State,Until\n\
         contoso,01010101010101010101010101010101,1,PO-4711,Author,Studio Author,paid,2,grace,2026-07-09T00:00:00Z\n\
         contoso,01010101010101010101010101010101,1,PO-4711,sessions,Studio Sessions,paid,unlimited,active,\n\
         contoso,02020202020202020202020202020202,1,,site,Studio Site,trial,1,ended,\n"
    );
}

#[test]
fn q3_quotas_are_listed_for_the_organisation_and_for_users_by_amount() {
    let vendor = Vendor::of(
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
             "quotas": [
               { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "largest", "free": { "limited": 3 } },
               { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" } ],
             "apps": [{ "id": "edit", "access": "free" }],
             "plans": [
               { "id": "pro", "scope": "user", "name": "Pro", "quotas": [
                 { "quota": "projects", "amount": { "limited": 50 } }, { "quota": "storage", "amount": { "limited": 2 }, "per": "unit" }] },
               { "id": "max", "scope": "user", "name": "Max", "quotas": [{ "quota": "projects", "amount": "unlimited" }] } ] }"#,
    );
    let mut tenant = vendor.contoso([paid("pro", 2, days(0, 100)), paid("max", 1, days(0, 100))]);
    // Cy has both plans and is counted once; dee waits for a seat and has what is free.
    tenant.forge(1, ["ada", "cy", "dee"].map(|name| assign(name, "pro")));
    tenant.forge(1, [assign("cy", "max")]);
    assert_eq!(
        csv(tenant.quota_rows(day(10))),
        "Tenant ID,Quota ID,Quota Name,Unit,For,Users,Amount\n\
         contoso,projects,Projects,projects,users,1,unlimited\n\
         contoso,projects,Projects,projects,users,1,50\n\
         contoso,projects,Projects,projects,users,1,3\n\
         contoso,projects,Projects,projects,everyone_else,,3\n\
         contoso,storage,Storage,gigabytes,organisation,,4\n"
    );
}
