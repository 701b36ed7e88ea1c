//! P3: what a tenant states to its publisher, and which statements contradict each other.

use entitle::capacity::Consumption;
use entitle::license::TimeTicketDraft;
use entitle::quantity::Amount;
use entitle::report::{Contradiction, Detail, Series, UsageStatement};
use entitle::time::Month;
use entitle::{Actor, Catalog, Command, Entry, Grant, Role, Tenant, TicketId, Units};
use serde_json::{Value, json};

use crate::reports::{STUDIO, csv, customer};
use crate::support::{Scenario, Vendor, assign, day, days, join, paid, request, units};

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn consume(tenant: &mut Tenant, id: &str, on: i64, of: &str, millionths: u64) -> Entry {
    let (plan, id, by) = ("sessions".parse().unwrap(), id.parse().unwrap(), "bot-eve".parse().unwrap());
    let amount = Amount::millionths(millionths).unwrap();
    let consumed = Consumption::new(plan, id, by, month(of), amount);
    as_host(tenant, on, Command::Consume(consumed))
}

fn as_host(tenant: &mut Tenant, on: i64, command: Command) -> Entry {
    let host = Actor::new("app".parse().unwrap()).with(Role::Host);
    let entry = tenant.decide(&host, &[command], request(), day(on)).unwrap();
    tenant.apply(&entry).unwrap();
    entry
}

/// A record of March to May: days 0, 31 and 61 begin March, April and May.
struct Studio {
    vendor: Vendor,
    tenant: Tenant,
    record: Vec<Entry>,
}

fn studio() -> Studio {
    let vendor = Vendor::of(STUDIO);
    let grants = [paid("site", 1, days(0, 365)), paid("Author", 2, days(3, 365)), paid("sessions", 5, days(0, 365))];
    let deal = grants.into_iter().fold(vendor.deal(1, customer("contoso", "Contoso Ltd", "DE")), entitle::Deal::with);
    let mut tenant = vendor.tenant("contoso");
    let mut record = vec![tenant.run(5, [Command::Install(vendor.seal(&deal))]).unwrap()];
    record.push(tenant.run(6, [assign("ada-lovelace", "Author"), join("bo-derek", "crew-of-bo")]).unwrap());
    record.push(consume(&mut tenant, "call-1", 7, "2026-03", 2_500_000));
    record.push(consume(&mut tenant, "call-2", 40, "2026-04", 1));
    record.push(tenant.run(70, [assign("cy-twombly", "Author")]).unwrap());
    Studio { vendor, tenant, record }
}

impl Studio {
    /// What is stated on a day, of as many entries.
    fn on(&self, entries: usize, on: i64) -> UsageStatement {
        let blank = self.vendor.tenant("contoso");
        blank.usage_statement(&self.record[..entries], month("2026-02")..=month("2026-12"), day(on)).unwrap()
    }
}

/// The statement with a value in another place.
fn edited(statement: &UsageStatement, pointer: &str, value: Value) -> UsageStatement {
    let mut json: Value = serde_json::from_str(&statement.to_json()).unwrap();
    *json.pointer_mut(pointer).unwrap() = value;
    UsageStatement::from_json(&json.to_string()).unwrap()
}

#[test]
fn p3_a_statement_has_licenses_consumption_and_heads_by_month() {
    let studio = studio();
    let statement = studio.on(5, 75);
    let months: Vec<_> = statement.months().iter().map(|stated| stated.month.to_string()).collect();
    assert_eq!(months, ["2026-02", "2026-03", "2026-04", "2026-05"]);
    let json: Value = serde_json::from_str(&statement.to_json()).unwrap();
    let head = |number: usize| json!({ "number": number, "hash": studio.record[number - 1].head().hash() });
    let beginning = json!({ "number": 0, "hash": studio.record[0].previous() });
    let licenses = |plan: &str, from: &str, units: u64, seats: u64| json!({ "plan": plan, "activation": from, "provisioned": { "limited": units }, "assigned": seats, "state": "active" });
    let rows = |seats| {
        json!([
            licenses("site", "2026-03-01T00:00:00Z", 1, 0),
            licenses("Author", "2026-03-04T00:00:00Z", 2, seats),
            licenses("sessions", "2026-03-01T00:00:00Z", 5, 0)
        ])
    };
    let customer = json!({ "known": { "name": "Contoso Ltd", "country": "DE" } });
    let consumed = |millionths: u64| json!([{ "plan": "sessions", "consumed": millionths, "allowance": { "limited": 5_000_000 } }]);
    assert_eq!(
        json,
        json!({
            "statement": "entitle.usage.v1", "publisher": "fabrikam", "offer": "studio", "name": "Fabrikam Studio",
            "tenant": "contoso", "record": studio.tenant.record(), "catalog": studio.vendor.catalog.hash().to_string(),
            "head": head(5), "floor": "2026-05-10T00:00:00Z", "tickets": 0,
            "plans": [
                { "id": "site", "name": "Studio Site", "scope": "tenant" },
                { "id": "Author", "name": "Studio Author", "scope": "user" },
                { "id": "sessions", "name": "Studio Sessions", "scope": "capacity" }
            ],
            "months": [
                { "month": "2026-02", "at": "2026-02-28T23:59:59Z", "head": beginning, "customer": "unknown",
                  "licenses": [], "consumption": [] },
                { "month": "2026-03", "at": "2026-03-31T23:59:59Z", "head": head(3), "customer": customer,
                  "licenses": rows(1), "consumption": consumed(2_500_000) },
                { "month": "2026-04", "at": "2026-04-30T23:59:59Z", "head": head(4), "customer": customer,
                  "licenses": rows(1), "consumption": consumed(1) },
                { "month": "2026-05", "at": "2026-05-15T00:00:00Z", "head": head(5), "customer": customer,
                  "licenses": rows(2), "consumption": consumed(0) }
            ]
        })
    );
    assert_eq!(UsageStatement::from_json(&statement.to_json()).unwrap(), statement);
    // The rows of the License report are those of the tenant at that instant.
    let rows = |on| studio.tenant.license_rows(day(on)).collect::<Vec<_>>();
    assert_eq!(statement.license_rows(month("2026-05")).collect::<Vec<_>>(), rows(75));
    assert_eq!(statement.license_rows(month("2026-06")).count(), 0);
}

#[test]
fn p3_a_statement_names_no_user_group_or_consumer() {
    let text = studio().on(5, 75).to_json();
    for name in ["ada", "bo-derek", "crew", "cy-twombly", "bot-eve", "call-", "admin", "\"app\""] {
        assert!(!text.contains(name), "{name} is in {text}");
    }
}

#[test]
fn p3_reports_are_made_of_statements_as_of_records_and_a_month_of_a_record_counts_once() {
    let studio = studio();
    let (later, earlier) = (studio.on(5, 75), studio.on(3, 20));
    let report = |statements: &[&UsageStatement]| {
        let mut series = Series::new(month("2026-03")..=month("2026-12"));
        for statement in statements {
            series.add(statement);
        }
        (csv(series.months(Detail::EachPlan)), csv(series.countries(Detail::UserPlans)), csv(series.consumption()))
    };
    let (months, countries, consumption) = report(&[&later]);
    assert_eq!(
        months.lines().filter(|line| line.contains(",Author,")).collect::<Vec<_>>(),
        [
            "2026-03,studio,Author,Studio Author,1,2,0,1",
            "2026-04,studio,Author,Studio Author,1,2,0,1",
            "2026-05,studio,Author,Studio Author,1,2,0,2"
        ]
    );
    assert_eq!(countries.lines().nth(3).unwrap(), "2026-05,Germany,DE,,,,1,2,0,2");
    assert_eq!(
        consumption,
        "Month,Product ID,Plan ID,SKU Name,Tenants,Consumed,Allowance,Tenants Unlimited\n\
         2026-03,studio,sessions,Studio Sessions,1,2.5,5,0\n2026-04,studio,sessions,Studio Sessions,1,0.000001,5,0\n\
         2026-05,studio,sessions,Studio Sessions,1,0,5,0\n"
    );
    // The earlier statement has March up to day 20 and nothing of April: what is counted stays.
    assert_eq!(report(&[&later, &earlier, &later]), report(&[&later]));
    assert_eq!(report(&[&earlier]).0.lines().count(), 1 + 3);
}

#[test]
fn p3_a_total_says_the_finite_sum_and_how_many_are_unlimited() {
    let vendor = Vendor::of(STUDIO);
    let mut series = Series::new(month("2026-03")..=month("2026-03"));
    for (id, units) in [("contoso", units(5)), ("northwind", Units::Unlimited), ("adatum", units(3))] {
        let mut tenant = vendor.tenant(id);
        let plans = ["Author", "sessions"].map(|plan| Grant::paid(plan.parse().unwrap(), units, days(0, 365)));
        let deal = plans.into_iter().fold(vendor.deal(1, customer(id, id, "DE")), entitle::Deal::with);
        let record = [tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap()];
        series.add(&tenant.usage_statement(&record, series.range(), day(20)).unwrap());
    }
    let months = series.months(Detail::UserPlans);
    assert_eq!(csv(&months).lines().nth(1).unwrap(), "2026-03,,,,3,8,1,0");
    assert_eq!(months[0].total_provisioned().to_string(), "8 + 1 unlimited");
    let consumption = series.consumption();
    assert_eq!(csv(&consumption).lines().nth(1).unwrap(), "2026-03,studio,sessions,Studio Sessions,3,0,8,1");
    assert_eq!(consumption[0].total_allowance().to_string(), "8 + 1 unlimited");
    assert_eq!(series.countries(Detail::UserPlans)[0].total_provisioned().to_string(), "8 + 1 unlimited");
    // A tenant with two unlimited plans is one unlimited tenant.
    let plans = ["Author", "Reader"];
    let two = STUDIO.replace(
        r#""plans": ["#,
        r#""plans": [ { "id": "Reader", "scope": "user", "name": "Reader", "apps": ["chat"] },"#,
    );
    let vendor = Vendor::of(&two);
    let grants = plans.map(|plan| Grant::paid(plan.parse().unwrap(), Units::Unlimited, days(0, 365)));
    let deal = grants.into_iter().fold(vendor.deal(1, customer("contoso", "Contoso", "DE")), entitle::Deal::with);
    let mut tenant = vendor.tenant("contoso");
    let record = [tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap()];
    let mut series = Series::new(month("2026-03")..=month("2026-03"));
    series.add(&tenant.usage_statement(&record, series.range(), day(20)).unwrap());
    assert_eq!(series.months(Detail::UserPlans)[0].tenants_unlimited, 1);
}

#[test]
fn p3_another_hash_at_a_number_that_both_name_is_a_contradiction() {
    let (studio, mut other) = (studio(), studio());
    // The same commands as far as April; then another history of the same record.
    let mut tenant = other.vendor.tenant("contoso");
    other.record.iter().take(3).for_each(|entry| tenant.apply(entry).unwrap());
    other.record.truncate(3);
    other.record.push(consume(&mut tenant, "call-2", 40, "2026-04", 2));
    let (earlier, later) = (studio.on(4, 45), other.on(4, 75));
    let hashes = [studio.record[3].head().hash(), other.record[3].head().hash()];
    let expected = Contradiction::OtherHash { entry: 4, hashes };
    assert_eq!(later.contradiction(&earlier), Some(expected.clone()));
    // A ticket or another catalog does not excuse it.
    for excused in [edited(&later, "/tickets", json!(1)), edited(&later, "/catalog", json!("A".repeat(43)))] {
        assert_eq!(excused.contradiction(&earlier), Some(expected.clone()));
    }
    assert_eq!(
        studio.tenant.contradiction(&studio.record, &later).unwrap(),
        Some(Contradiction::OtherHash { entry: 4, hashes: [hashes[1], hashes[0]] })
    );
    assert_eq!(expected.code(), "statement.other-hash");
    // The earlier names entries 0, 3 and 4, the later one after the fork names none of those but 0 and 3.
    assert_eq!(other.on(3, 20).contradiction(&earlier), None);
    // Of another record, and of another tenant, nothing is compared.
    let record = "ff".repeat(16);
    assert_eq!(edited(&later, "/record", json!(record)).contradiction(&earlier), None);
    assert_eq!(edited(&later, "/tenant", json!("northwind")).contradiction(&earlier), None);
    assert_eq!(studio.tenant.contradiction(&studio.record, &edited(&later, "/record", json!(record))).unwrap(), None);
}

#[test]
fn p3_other_figures_of_a_complete_month_are_a_contradiction_under_one_catalog_and_without_a_ticket() {
    let studio = studio();
    let (earlier, later) = (studio.on(4, 45), studio.on(5, 75));
    assert_eq!(later.contradiction(&earlier), None);
    assert_eq!(studio.tenant.contradiction(&studio.record, &earlier).unwrap(), None);
    for (pointer, value, text) in [
        (
            "/months/1/licenses/1/assigned",
            json!(2),
            "`Author` in 2026-03: 2 provisioned and 2 assigned, active, since 2026-03-04T00:00:00Z in the earlier usage \
             statement, 2 provisioned and 1 assigned, active, since 2026-03-04T00:00:00Z in the later one",
        ),
        (
            "/months/1/consumption/0/consumed",
            json!(1),
            "`sessions` in 2026-03: 0.000001 consumed of 5 in the earlier usage statement, 2.5 consumed of 5 in the later one",
        ),
        (
            "/months/1/consumption",
            json!([]),
            "`sessions` in 2026-03: no consumption in the earlier usage statement, 2.5 consumed of 5 in the later one",
        ),
        (
            "/months/1/customer",
            json!("unknown"),
            "the customer in 2026-03 is no customer in the earlier usage statement and Contoso Ltd, DE in the later one",
        ),
        (
            "/months/1/head",
            json!({ "number": 1, "hash": studio.record[0].head().hash() }),
            "2026-03 ends with entry 1 in the earlier usage statement and with entry 3 in the later one",
        ),
    ] {
        let earlier = edited(&earlier, pointer, value);
        let found = later.contradiction(&earlier).unwrap();
        assert_eq!(found.to_string(), text);
        assert_eq!(studio.tenant.contradiction(&studio.record, &earlier).unwrap().as_ref(), Some(&found));
        // Another catalog reads the record its own way, and a ticket changes its times.
        assert_eq!(edited(&earlier, "/tickets", json!(1)).contradiction(&later), None);
        assert_eq!(edited(&earlier, "/catalog", json!("A".repeat(43))).contradiction(&later), None);
        // The month is not over for one of both.
        for at in ["2026-03-31T23:59:59Z", "2026-03-08T00:00:00Z"] {
            assert_eq!(edited(&earlier, "/floor", json!(at)).contradiction(&later), None);
            assert_eq!(edited(&later, "/floor", json!(at)).contradiction(&earlier), None);
        }
        assert!(edited(&later, "/floor", json!("2026-04-01T00:00:00Z")).contradiction(&earlier).is_some());
        // One of both read the month before it was over.
        assert_eq!(edited(&later, "/months/1/at", json!("2026-03-31T23:59:58Z")).contradiction(&earlier), None);
    }
    // April is not before the floor of day 40, and may still change.
    let earlier = edited(&earlier, "/months/2/licenses/1/assigned", json!(2));
    assert_eq!(later.contradiction(&earlier), None);
}

#[test]
fn p3_a_ticket_between_two_statements_may_change_their_months() {
    let vendor = Vendor::fabrikam();
    let install = vendor.deal_for("contoso").with(paid("gold", 2, days(0, 365)));
    let mut record_tenant = vendor.tenant("contoso");
    let mut record = vec![record_tenant.run(0, [Command::Install(vendor.seal(&install))]).unwrap()];
    // A clock says day 300; the ticket of day 10 corrects it, so the seat counts from March on.
    record.push(record_tenant.run(300, [assign("ada", "gold")]).unwrap());
    let stated = |record: &[Entry]| {
        vendor.tenant("contoso").usage_statement(record, month("2026-03")..=month("2026-12"), day(300)).unwrap()
    };
    let earlier = stated(&record);
    let ticket = TimeTicketDraft::new(
        TicketId::from_random([9; 16]),
        vendor.catalog.offer(),
        "contoso".parse().unwrap(),
        day(10),
    );
    record.push(as_host(&mut record_tenant, 11, Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap())));
    let later = stated(&record);
    assert_ne!(earlier.months()[0], later.months()[0]);
    assert_eq!(later.contradiction(&earlier), None);
    assert!(edited(&later, "/tickets", json!(0)).floor() < earlier.floor());
    assert_eq!(record_tenant.contradiction(&record, &earlier).unwrap(), None);
}

#[test]
fn p3_a_record_is_compared_with_every_head_that_a_statement_names() {
    let studio = studio();
    // A statement of another history, whose heads are at other numbers than those of this record's months.
    let mut tenant = studio.vendor.tenant("contoso");
    let entry = tenant.forge(8, [assign("eve", "Author")]);
    let other = studio.vendor.tenant("contoso").usage_statement(
        core::slice::from_ref(&entry),
        month("2026-03")..=month("2026-03"),
        day(9),
    );
    let hashes = [entry.head().hash(), studio.record[0].head().hash()];
    let found = studio.tenant.contradiction(&studio.record, &other.unwrap()).unwrap();
    assert_eq!(found, Some(Contradiction::OtherHash { entry: 1, hashes }));
    // An older copy of the record has fewer entries, which is no contradiction.
    let copy = studio.vendor.tenant("contoso");
    assert_eq!(copy.contradiction(&studio.record[..2], &studio.on(5, 75)).unwrap(), None);
    // Entries of another record are refused, as by a history.
    assert!(copy.contradiction(&studio.record[1..], &studio.on(5, 75)).is_err());
    assert!(copy.usage_statement(&studio.record[1..], month("2026-03")..=month("2026-03"), day(9)).is_err());
}

/// The instant at which a month was read cannot hide its figures from the record.
#[test]
fn p3_a_record_is_compared_at_the_instant_at_which_a_statement_was_made() {
    let studio = studio();
    let honest = studio.on(5, 75);
    assert_eq!(studio.tenant.contradiction(&studio.record, &honest).unwrap(), None);
    let march = honest.months().iter().position(|stated| stated.month == month("2026-03")).unwrap();
    let earlier = edited(&honest, &format!("/months/{march}/at"), json!("2026-03-31T23:59:58Z"));
    assert_eq!(studio.tenant.contradiction(&studio.record, &earlier).unwrap(), None);
    let author =
        honest.months()[march].licenses.iter().position(|licenses| licenses.plan.as_str() == "Author").unwrap();
    let forged = edited(&earlier, &format!("/months/{march}/licenses/{author}/assigned"), json!(0));
    let found = studio.tenant.contradiction(&studio.record, &forged).unwrap();
    assert!(matches!(found, Some(Contradiction::OtherLicenses { .. })), "{found:?}");
    // Two statements that read a month at two instants may differ in it.
    assert_eq!(honest.contradiction(&forged), None);
}

#[test]
fn p3_a_plan_that_the_catalog_lacks_is_stated_by_its_id() {
    let studio = studio();
    let mut offer = studio.vendor.catalog.offer().clone();
    offer.plans.retain(|plan| plan.id != *"Author");
    offer.apps.retain(|app| app.id != *"author");
    let blank = studio.vendor.tenant("contoso").rebase(&Catalog::new(offer).unwrap(), &studio.vendor.ring());
    let statement = blank.usage_statement(&studio.record, month("2026-05")..=month("2026-05"), day(75)).unwrap();
    assert_eq!(statement.plans().len(), 2);
    let rows = csv(statement.license_rows(month("2026-05")));
    assert_eq!(
        rows.lines().nth(3).unwrap(),
        "Germany,DE,Contoso Ltd,2026-03-04T00:00:00Z,Fabrikam Studio,studio,2,2,Author,contoso,active,"
    );
    // Its units are not among those of user plans, and it is last.
    let mut series = Series::new(month("2026-05")..=month("2026-05"));
    series.add(&statement);
    assert_eq!(csv(series.months(Detail::UserPlans)).lines().nth(1).unwrap(), "2026-05,,,,0,0,0,0");
    assert_eq!(csv(series.months(Detail::EachPlan)).lines().nth(3).unwrap(), "2026-05,studio,Author,Author,1,2,0,2");
    assert_eq!(statement.contradiction(&studio.on(5, 75)), None);
}
