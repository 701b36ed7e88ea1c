//! Graph's answers about one small tenant: what a user may open, what ends next, what is in error,
//! and what is not known.

use entitle::chrono::{DateTime, Utc};
use entitle::time::Phase;
use entitle_microsoft::Guid;
use entitle_microsoft::graph::{
    AssignmentError, Details, Extent, Fix, GraphError, MAX_LIST_BYTES, MAX_PARTS, MissingData, Obstacle, Provisioning,
    Sale, Skus, Source, Status, Subscriptions, UsageLocation, Users, Verdict, View,
};

pub(crate) const SKUS: &str = include_str!("samples/skus.json");
pub(crate) const SUBSCRIPTIONS: &str = include_str!("samples/subscriptions.json");
pub(crate) const USERS: &str = include_str!("samples/users.json");
pub(crate) const DETAILS: &str = include_str!("samples/details.json");

/// SKUs: a desk (10 enabled, 2 in warning, 9 in use), a suspended one (25 units, 14 in use), one in warning, one for the company.
pub(crate) const DESK: &str = "00000000-0000-0000-0000-00000000000a";
const SUSPENDED: &str = "00000000-0000-0000-0000-00000000000b";
const WARNED: &str = "00000000-0000-0000-0000-00000000000c";
const COMPANY: &str = "00000000-0000-0000-0000-00000000000d";
const ELSEWHERE: &str = "00000000-0000-0000-0000-00000000000e";

/// Service plans: mail and chat in the desk, the archive not activated, the wall for the company.
pub(crate) const MAIL: &str = "00000000-0000-0000-0000-000000000001";
const CHAT: &str = "00000000-0000-0000-0000-000000000002";
const ARCHIVE: &str = "00000000-0000-0000-0000-000000000003";
const LEDGER: &str = "00000000-0000-0000-0000-000000000004";
const WALL: &str = "00000000-0000-0000-0000-000000000005";
const PAPER: &str = "00000000-0000-0000-0000-000000000006";

pub(crate) fn id(text: &str) -> Guid {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn now() -> DateTime<Utc> {
    at("2026-03-01T00:00:00Z")
}

pub(crate) fn skus(text: &str) -> View {
    View::new(Skus::read(&[text]).unwrap())
}

fn view() -> View {
    skus(SKUS)
        .with_subscriptions(Subscriptions::read(&[SUBSCRIPTIONS]).unwrap())
        .with_users(Users::read(&[USERS]).unwrap())
}

/// Returns the text with one part of it replaced, which has to exist.
fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

pub(crate) fn enabled(phase: Phase) -> Verdict {
    Verdict::Enabled { phase }
}

#[test]
fn l9_units_are_added_up_by_phase() {
    let view = view();
    let desk = view.units(id(DESK)).unwrap();
    assert_eq!(
        [Phase::Active, Phase::Grace, Phase::Suspended, Phase::Ended].map(|phase| desk.prepaid.in_phase(phase)),
        [10, 2, 0, 0]
    );
    assert_eq!((desk.free(), desk.over()), (3, 0), "10 + 2 - 9");
    // 25 suspended and 3 locked out, none usable, and 14 in use all the same.
    let suspended = view.units(id(SUSPENDED)).unwrap();
    assert_eq!((suspended.prepaid.usable(), suspended.prepaid.in_phase(Phase::Suspended)), (0, 28));
    assert_eq!((suspended.free(), suspended.over()), (0, 14));
    assert_eq!(view.units(id(ELSEWHERE)).unwrap().free(), 0, "the list is whole: there are none");
    assert_eq!(Status::LockedOut.phase(), Some(Phase::Suspended));
    assert_eq!(Status::Deleted.phase(), Some(Phase::Ended));
    assert_eq!(Status::Unknown("Paused".into()).phase(), None);
}

#[test]
fn what_a_user_may_open() {
    let view = view();
    let may = |user: &str, plan: &str| view.may_open(user, id(plan), now());
    let not = Verdict::NotEnabled;
    assert_eq!(may("ada", MAIL), enabled(Phase::Active));
    assert_eq!(may("ada", CHAT), not(Obstacle::TurnedOff), "in the only assignment");
    assert_eq!(may("ada", ARCHIVE), not(Obstacle::Provisioning(Provisioning::PendingProvisioning)));
    assert_eq!(may("ada", LEDGER), not(Obstacle::Sku(Status::Suspended)), "assigned, and of no use");
    assert_eq!(may("ada", PAPER), not(Obstacle::NotAssigned));
    assert_eq!(may("ada", WALL), enabled(Phase::Active), "for the company");
    assert_eq!(may("ada", "00000000-0000-0000-0000-0000000000ff"), not(Obstacle::InNoSku));
    // Two sources: off only if both turn it off (S3).
    assert_eq!(may("bo", CHAT), enabled(Phase::Active));
    assert_eq!(may("bo", MAIL), enabled(Phase::Active), "turned off in one");
    assert_eq!(may("bo", PAPER), enabled(Phase::Grace), "the SKU is in warning");
    assert_eq!(may("cy", MAIL), not(Obstacle::AssignmentInError(Some(AssignmentError::CountViolation))));
    let findings = view.findings("ada", now()).unwrap();
    assert_eq!(findings.len(), 4, "mail, chat, archive and ledger");
    assert_eq!(findings[0].until, Some(at("2026-04-01T00:00:00Z")));
    assert_eq!(findings[0].sku_part_number.as_deref(), Some("DESK"));
}

/// Assignment states and license details have to agree.
#[test]
fn license_details_are_asked_where_they_were_read() {
    let details = |text: &str| Details::read(&[text]).unwrap();
    let may = |text: &str, plan: &str| view().with_details("ada", details(text)).may_open("ada", id(plan), now());
    assert_eq!(may(DETAILS, MAIL), enabled(Phase::Active));
    let pending = edited(DETAILS, "Success", "PendingInput");
    assert_eq!(may(&pending, MAIL), Verdict::NotEnabled(Obstacle::Provisioning(Provisioning::PendingInput)));
    let other = edited(DETAILS, DESK, WARNED);
    assert_eq!(may(&other, MAIL), Verdict::NotEnabled(Obstacle::NotAssigned), "the whole list of details has no desk");
    // Without assignment states, the details show that the SKU is assigned.
    let alone = skus(SKUS).with_details("ada", details(DETAILS));
    assert_eq!(alone.may_open("ada", id(MAIL), now()), enabled(Phase::Active));
    assert_eq!(alone.may_open("ada", id(LEDGER), now()), Verdict::NotEnabled(Obstacle::NotAssigned));
    // Only the details tell which parts of a partly working assignment work.
    let erring = edited(USERS, r#""state": "Active""#, r#""state": "ActiveWithError""#);
    let view = || skus(SKUS).with_users(Users::read(&[&erring]).unwrap());
    assert_eq!(
        view().may_open("ada", id(MAIL), now()),
        Verdict::NotKnown(MissingData::PropertyMissing { property: "licenseDetails" })
    );
    assert_eq!(view().with_details("ada", details(DETAILS)).may_open("ada", id(MAIL), now()), enabled(Phase::Active));
}

/// K8: any missing property makes the verdict not known, and never enabled.
#[test]
fn k8_missing_data_is_not_a_pass() {
    let users = |text: &str| Users::read(&[text]).unwrap();
    let ask =
        |sku_text: &str, user_text: &str| skus(sku_text).with_users(users(user_text)).may_open("ada", id(MAIL), now());
    assert_eq!(ask(SKUS, USERS), enabled(Phase::Active));
    let missing = |property| Verdict::NotKnown(MissingData::PropertyMissing { property });
    for (from, to, verdict) in [
        (r#""capabilityStatus": "Enabled","#, "", missing("capabilityStatus")),
        (r#""capabilityStatus": "Enabled","#, r#""capabilityStatus": null,"#, missing("capabilityStatus")),
        (
            r#""prepaidUnits": { "enabled": 10, "warning": 2, "suspended": 0, "lockedOut": 0 },"#,
            "",
            missing("prepaidUnits"),
        ),
        (r#""provisioningStatus": "Success", "#, "", missing("provisioningStatus")),
        (
            r#""capabilityStatus": "Enabled""#,
            r#""capabilityStatus": "enabled""#,
            Verdict::NotKnown(MissingData::UnknownValue { property: "capabilityStatus", value: "enabled".into() }),
        ),
        (
            r#""provisioningStatus": "Success""#,
            r#""provisioningStatus": "Splendid""#,
            Verdict::NotKnown(MissingData::UnknownValue { property: "provisioningStatus", value: "Splendid".into() }),
        ),
        (
            r#""enabled": 10, "warning": 2"#,
            r#""enabled": 0, "warning": 0"#,
            Verdict::NotEnabled(Obstacle::NoUsableUnits),
        ),
    ] {
        assert_eq!(ask(&edited(SKUS, from, to), USERS), verdict, "{from} as {to}");
    }
    for (from, to, verdict) in [
        (r#""state": "Active","#, "", missing("state")),
        (r#""disabledPlans": ["00000000-0000-0000-0000-000000000002"],"#, "", missing("disabledPlans")),
        ("licenseAssignmentStates", "somethingElse", missing("licenseAssignmentStates")),
        (
            r#""state": "Active""#,
            r#""state": "Fine""#,
            Verdict::NotKnown(MissingData::UnknownValue { property: "state", value: "Fine".into() }),
        ),
        (r#""state": "Active""#, r#""state": "Disabled""#, Verdict::NotEnabled(Obstacle::AssignmentDisabled)),
        (r#""error": null"#, r#""error": "Other""#, missing("licenseDetails")),
        (r#""id": "ada""#, r#""id": "eva""#, Verdict::NotEnabled(Obstacle::NotAssigned)),
        (r#""value""#, r#""@odata.nextLink": "n", "value""#, enabled(Phase::Active)),
    ] {
        assert_eq!(ask(SKUS, &edited(USERS, from, to)), verdict, "{from} as {to}");
    }
    assert_eq!(
        skus(SKUS).may_open("ada", id(MAIL), now()),
        Verdict::NotKnown(MissingData::ListNotRead { list: "users" })
    );
    let part = edited(USERS, r#""value""#, r#""@odata.nextLink": "n", "value""#);
    let other = skus(SKUS).with_users(users(&part)).may_open("zoe", id(MAIL), now());
    assert_eq!(other, Verdict::NotKnown(MissingData::ListIncomplete { list: "users" }));
    // A SKU whose audience is missing could be for everyone.
    let untold = edited(SKUS, r#""appliesTo": "Company", "capabilityStatus""#, r#""capabilityStatus""#);
    let view = skus(&untold).with_users(users(USERS));
    assert_eq!(view.may_open("ada", id(WALL), now()), missing("appliesTo"));
    assert_eq!(view.may_open("ada", id(MAIL), now()), enabled(Phase::Active));
}

#[test]
fn a_page_is_not_the_whole() {
    let part = edited(SKUS, "{", r#"{ "@odata.nextLink": "https://graph.example/next","#);
    let view = skus(&part).with_users(Users::read(&[USERS]).unwrap());
    assert_eq!(*Skus::read(&[&part]).unwrap().extent(), Extent::Part { next: "https://graph.example/next".into() });
    let missing = MissingData::ListIncomplete { list: "subscribedSkus" };
    assert_eq!(view.units(id(ELSEWHERE)), Err(missing.clone()));
    assert_eq!(view.may_open("ada", id(LEDGER), now()), Verdict::NotKnown(missing), "another SKU may contain it");
    assert_eq!(view.may_open("ada", id(MAIL), now()), enabled(Phase::Active), "a yes needs no more");
    // The last page completes it.
    let rest = r#"{ "value": [] }"#;
    let whole = Skus::read(&[&part, rest]).unwrap();
    assert_eq!((whole.extent(), whole.all().len()), (&Extent::Whole, 4));
    assert_eq!(
        Skus::read(&[SKUS, rest]).unwrap_err(),
        GraphError::NotAContinuation { list: "subscribedSkus", page: 2 }
    );
    assert_eq!(
        Skus::read(&[&part, SKUS]).unwrap_err(),
        GraphError::Repeated { list: "subscribedSkus", id: DESK.into() }
    );
    assert_eq!(Skus::read(&[]).unwrap_err(), GraphError::NoPages { list: "subscribedSkus" });
    let part = edited(DETAILS, "{", r#"{ "@odata.nextLink": "n","#);
    let alone = skus(SKUS).with_details("ada", Details::read(&[&part]).unwrap());
    assert_eq!(
        alone.may_open("ada", id(LEDGER), now()),
        Verdict::NotKnown(MissingData::ListIncomplete { list: "licenseDetails" })
    );
    let one = Users::read_one(r#"{ "id": "ada", "usageLocation": null }"#).unwrap();
    assert_eq!((one.extent(), &one.all()[0].usage_location), (&Extent::One, &UsageLocation::NotSet));
    let errors = skus(SKUS).with_users(one).errors().unwrap();
    assert_eq!(
        (errors.all.len(), errors.without_assignments, errors.extent),
        (0, vec!["ada".to_string()], Extent::One)
    );
}

#[test]
fn what_ends_next() {
    let view = view();
    let endings = view.endings(now()).unwrap();
    let ids =
        |all: &[entitle_microsoft::graph::Ending]| all.iter().map(|each| each.subscription.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&endings.next), ["desk-2", "desk-1"], "the next first");
    assert_eq!(ids(&endings.past), ["warned"]);
    assert_eq!((endings.without_date, endings.extent), (vec!["old".to_string()], Extent::Whole));
    let next = &endings.next[0];
    assert_eq!(
        (next.at, next.sku, next.units, next.sale),
        (at("2026-04-01T00:00:00Z"), id(DESK), Some(2), Sale::Trial)
    );
    assert_eq!(next.leaves, Some(Status::Warning));
    assert_eq!(skus(SKUS).endings(now()), Err(MissingData::ListNotRead { list: "subscriptions" }));
    // The instant itself is past: intervals are half-open.
    let endings = view.endings(at("2026-04-01T00:00:00Z")).unwrap();
    assert_eq!(
        (ids(&endings.next), ids(&endings.past)),
        (vec!["desk-1".to_string()], vec!["warned".to_string(), "desk-2".to_string()])
    );
}

/// The state of a SKU is out of date once all its active subscriptions have entered another state.
#[test]
fn an_answer_grows_old() {
    let view = view();
    let may = |plan: &str, when: &str| view.may_open("bo", id(plan), at(when));
    assert_eq!(may(MAIL, "2026-04-01T00:00:00Z"), enabled(Phase::Active), "one of two still runs");
    let since = at("2026-05-01T00:00:00Z");
    assert_eq!(may(MAIL, "2026-04-30T23:59:59Z"), enabled(Phase::Active));
    assert_eq!(may(MAIL, "2026-05-01T00:00:00Z"), Verdict::NotKnown(MissingData::OutOfDate { since }));
    // The SKU in warning has no active subscription in the list: Graph's last answer counts.
    assert_eq!(may(PAPER, "2026-03-01T00:00:00Z"), enabled(Phase::Grace));
    // In an incomplete list, a subscription that was not read may still be active.
    let part = edited(SUBSCRIPTIONS, r#""value""#, r#""@odata.nextLink": "n", "value""#);
    let view = skus(SKUS)
        .with_subscriptions(Subscriptions::read(&[&part]).unwrap())
        .with_users(Users::read(&[USERS]).unwrap());
    assert_eq!(view.may_open("bo", id(MAIL), since), enabled(Phase::Active));
}

#[test]
fn assignments_in_error_have_a_fix() {
    let errors = view().errors().unwrap();
    let fixes: Vec<_> = errors.all.iter().map(|each| (each.user.as_str(), each.fix.to_string())).collect();
    assert_eq!(
        fixes,
        [
            // 9 in use and 2 wait (cy, di), of 12: enough.
            ("cy", format!("`{DESK}` now has enough units: reprocess the assignment")),
            // 14 in use and 1 waits, of no usable unit.
            ("cy", format!("free or buy 15 units of `{SUSPENDED}`, or renew suspended units (28)")),
            ("di", format!("`{DESK}` now has enough units: reprocess the assignment")),
            ("di", format!("remove `{COMPANY}`, the only product that can exclude `{WARNED}`")),
            (
                "di",
                format!(
                    "assign the product that `{ELSEWHERE}` requires; service plans turned off for the user: `{CHAT}`"
                )
            ),
            ("eli", "set a usage location for `eli`".to_string()),
            (
                "flo",
                format!(
                    "turn off the service of `{DESK}` that is not offered in `AQ`, or correct the usage location of `flo`"
                )
            ),
            ("flo", "check the user `flo`: Graph does not report what is wrong".to_string()),
            ("flo", "query Graph: error has the unknown value `NewViolation`".to_string()),
            ("flo", "query Graph: error is missing from the answer".to_string()),
        ]
    );
    assert_eq!(errors.all[0].source, Source::Group("sales".into()));
    assert_eq!(errors.all[1].source, Source::Direct);
    assert_eq!(errors.all[0].error, Some(AssignmentError::CountViolation));
    // One unit fewer than wanted.
    let fewer = edited(SKUS, r#""enabled": 10"#, r#""enabled": 8"#);
    let errors = skus(&fewer).with_users(Users::read(&[USERS]).unwrap()).errors().unwrap();
    assert!(
        matches!(&errors.all[0].fix, Fix::FreeOrBuy { units, suspended: 0, .. } if units.get() == 1),
        "9 + 2 - 8 - 2"
    );
    assert_eq!(skus(SKUS).errors(), Err(MissingData::ListNotRead { list: "users" }));
    // A user with a unit from another source waits for none: of 8 + 2, 9 are in use, and only cy
    // waits for the last.
    let held = edited(
        USERS,
        r#"{ "skuId": "00000000-0000-0000-0000-00000000000d", "assignedByGroup": null, "#,
        r#"{ "skuId": "00000000-0000-0000-0000-00000000000a", "assignedByGroup": null, "#,
    );
    let errors = skus(&fewer).with_users(Users::read(&[&held]).unwrap()).errors().unwrap();
    assert_eq!(errors.all[0].fix, Fix::Reprocess { sku: id(DESK) });
}

#[test]
fn x8_what_is_no_answer_is_refused() {
    let text = |error: GraphError| error.to_string();
    assert_eq!(text(Skus::read(&["[]"]).unwrap_err()), "page 1 of subscribedSkus: an object was expected");
    assert_eq!(
        text(Skus::read(&["{}"]).unwrap_err()),
        "page 1 of subscribedSkus: missing field `value` at line 1 column 2"
    );
    for wrong in [
        r#"{ "value": [{ "skuId": "x" }] }"#,
        r#"{ "value": [{ }] }"#,
        r#"{ "value": null }"#,
        r#"{ "error": { "code": "Unauthorized" } }"#,
        r#"{ "value": [{ "skuId": "00000000-0000-0000-0000-00000000000a", "consumedUnits": -1 }] }"#,
        r#"{ "value": [{ "skuId": "00000000-0000-0000-0000-00000000000a", "prepaidUnits": { "enabled": 1 } }] }"#,
        r#"{ "value": [], "value": [] }"#,
        r#"{ "value": [] } x"#,
    ] {
        assert_eq!(Skus::read(&[wrong]).unwrap_err().code(), "graph.not-json", "{wrong}");
    }
    let date = r#"{ "value": [{ "id": "s", "skuId": "00000000-0000-0000-0000-00000000000a", "nextLifecycleDateTime": "soon" }] }"#;
    assert!(text(Subscriptions::read(&[date]).unwrap_err()).contains("`soon` is not an instant"));
    let long = " ".repeat(MAX_LIST_BYTES);
    assert_eq!(Skus::read(&[&long, " "]).unwrap_err().code(), "graph.too-long");
    let many = vec![r#"{ "skuId": "00000000-0000-0000-0000-00000000000a" }"#; MAX_PARTS + 1].join(",");
    let users = format!(r#"{{ "id": "ada", "licenseAssignmentStates": [{many}] }}"#);
    assert_eq!(text(Users::read_one(&users).unwrap_err()), "users: `ada` has 1001 assignments, at most 1000 are read");
}
