//! Every fault, data issue, finding and missing piece of data in Microsoft's formats: one row for each, with its text.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test may fail by panicking, and a table is as long as what it lists"
)]

#[path = "../../../tests/precedence/codes.rs"]
mod codes;

use entitle::AppId;
use entitle::catalog::Scope;
use entitle::id::Label;
use entitle::time::Phase;
use entitle_microsoft::catalogue::{DataIssue, Edition, EditionError};
use entitle_microsoft::graph::{
    GraphError, MissingData, Obstacle, Outcome, Provisioning, RejectReason, Skus, Status, Subscriptions, Users, Verdict,
};
use entitle_microsoft::isv::{ComponentNames, Files, OfferDefaults, PlanDefaults, Unexportable};
use entitle_microsoft::{FaultKind, Guid, Separator};

use codes::{Row, row};

const SKU: &str = "00000000-0000-0000-0000-00000000000a";

fn guid() -> Guid {
    SKU.parse().unwrap()
}

fn faults() -> Vec<Row> {
    let first = 2;
    vec![
        row!(
            "microsoft.not-a-guid",
            "`desk` is not a GUID like 113feb6c-3fe4-4440-bddc-54d774bf0318",
            "desk".parse::<Guid>().unwrap_err()
        ),
        row!("csv.missing-column", "the heading line has no column `GUID`", FaultKind::MissingColumn { name: "GUID" }),
        row!(
            "csv.unknown-column",
            "the heading line has an unknown column `Colour`: remove it, or correct the heading",
            { FaultKind::UnknownColumn { heading: "Colour".into() } }
        ),
        row!(
            "csv.repeated-column",
            "the heading line has the column `GUID` twice: remove one",
            FaultKind::RepeatedColumn { name: "GUID" }
        ),
        row!("csv.other-separator", "the cells are separated by tabs: save the file with commas", {
            FaultKind::OtherSeparator { found: Separator::Tab }
        }),
        row!("csv.cell-count", "the row has 2 cells, the heading line has 3", {
            FaultKind::CellCount { expected: 3, found: 2 }
        }),
        row!("csv.open-quote", "the quote opened here is never closed", FaultKind::OpenQuote),
        row!(
            "csv.not-a-service-id",
            "`gold` is not a service id like `publisher.offer.plan`: three parts of at most 50 characters of a-z 0-9 - _",
            FaultKind::NotAServiceId { text: "gold".into() }
        ),
        row!(
            "csv.other-offer",
            "the service id belongs to the offer `a.c`, earlier ones belong to `a.b`: use one offer per file",
            { FaultKind::OtherOffer { expected: "a.b".into(), found: "a.c".into() } }
        ),
        row!("csv.defined-twice", "the plan is already defined on line 2", FaultKind::DefinedTwice { first }),
        row!("csv.not-defined", "no plan of the plan definition has this service id", FaultKind::NotDefined),
        row!("csv.mapped-twice", "the component is already mapped to this plan on line 2", {
            FaultKind::MappedTwice { first }
        }),
        row!("csv.differs-in-case", "the component differs from `App` only in letter case", {
            FaultKind::DiffersInCase { other: "App".into() }
        }),
        row!(
            "csv.named-otherwise",
            "the app of this name has the component `fab_Audit`: correct the names of the components",
            { FaultKind::NamedOtherwise { component: "fab_Audit".into() } }
        ),
        row!("csv.no-rows", "there is no row below the heading line", FaultKind::NoRows),
    ]
}

fn files() -> Vec<Row> {
    let read =
        |definition: &str, defaults| Files::new(definition, "Service ID,Component name").catalog(defaults).unwrap_err();
    let sound = "ServiceID,Display name,More info URL\nfab.desk.gold,Gold,";
    let mut defaults = OfferDefaults::default();
    defaults.plans = vec![PlanDefaults::new("tin".parse().unwrap(), Scope::User)];
    let plan = "gold".parse().unwrap();
    let app = |id: &str| id.parse::<AppId>().unwrap();
    let mut names = ComponentNames::new();
    names.name(app("a/b"), "c").unwrap();
    vec![
        row!("isv.too-long", "the plan definition has 1048577 bytes, at most 1048576 are read", {
            read(&" ".repeat(1_048_577), &defaults)
        }),
        row!(
            "isv.faults",
            "the files have 1 fault\n  plan definition, line 2, column 2: label is empty: at least one character is needed",
            read(&sound.replace("Gold", ""), &defaults)
        ),
        row!(
            "isv.offer-defaults",
            "the offer defaults name plans that the plan definition lacks, or one of them twice: `tin`",
            { read(sound, &defaults) }
        ),
        row!("isv.not-a-component", "`a/b` is not a component name: use letters, digits and underscores", {
            Unexportable::NotAComponent { app: "a/b".parse().unwrap() }
        }),
        row!("isv.shared-component", "`a/b` and `a_b` would be one component, `A_B`: name another one", {
            Unexportable::SharedComponent { component: "A_B".into(), first: app("a/b"), second: app("a_b") }
        }),
        row!("isv.unknown-app", "a component is named for `a/b`, which is not an app of the offer", {
            Unexportable::UnknownApp { app: app("a/b") }
        }),
        row!("isv.not-a-component-name", "`a b` is not a component name: use letters, digits and underscores", {
            ComponentNames::new().name(app("a/b"), "a b").unwrap_err()
        }),
        row!("isv.component-named-twice", "`a/b` has two components, `c` and `d`: give it one", {
            names.clone().name(app("a/b"), "d").unwrap_err()
        }),
        row!("isv.shared-component", "`a/b` and `a_b` have the component `C`: give each its own", {
            names.clone().name(app("a_b"), "C").unwrap_err()
        }),
        row!("isv.no-plans", "the offer has no plan", Unexportable::NoPlans),
        row!("isv.file-too-long", "a file would have 9999999 bytes, at most 1048576 are allowed", {
            Unexportable::TooLong { bytes: 9_999_999 }
        }),
        row!("isv.name-differs", "the offer's name differs from the offer defaults", Unexportable::Name),
        row!(
            "isv.management-differs",
            "the offer's license management differs from the offer defaults",
            Unexportable::Management
        ),
        row!("isv.notice-differs", "the offer's notice differs from the offer defaults", Unexportable::Notice),
        row!(
            "isv.clock-tolerance-differs",
            "the offer's clock tolerance differs from the offer defaults",
            Unexportable::ClockTolerance
        ),
        row!("isv.release-differs", "the offer's release differs from the offer defaults", Unexportable::Release),
        row!("isv.quotas-differ", "the offer's quotas differ from the offer defaults", Unexportable::Quotas),
        row!(
            "isv.apps-differ",
            "the offer's free apps, or the names or the order of its apps, differ from the offer defaults",
            Unexportable::Apps
        ),
        row!(
            "isv.plan-differs",
            "the scope, requirements, exclusions, quotas or overage of `gold` differ from the offer defaults",
            { Unexportable::Plan { plan } }
        ),
    ]
}

fn editions() -> Vec<Row> {
    let (line, column, product, service_plan) = (3, 2, guid(), guid());
    let name: Label = "Desk".parse().unwrap();
    let (products, service_plans) = (vec![product; 2], vec![product; 2]);
    let names = || vec![name.clone(); 2];
    vec![
        row!("edition.too-long", "the file has 4194305 bytes, an edition has at most 4194304", {
            Edition::read(&vec![0; 4_194_305]).unwrap_err()
        }),
        row!(
            "edition.not-utf8",
            "the file has a UTF-8 byte order mark, but byte 3 is not UTF-8",
            EditionError::NotUtf8 { at: 3 }
        ),
        row!(
            "edition.faults",
            "the edition has 1 fault\n  catalogue, line 1, column 2: the quote opened here is never closed",
            {
                let EditionError::Faults(mut faults) = Edition::read(b"x,\"").unwrap_err() else { panic!() };
                faults.listed.retain(|fault| fault.what == FaultKind::OpenQuote);
                faults.total = 1;
                EditionError::Faults(faults)
            }
        ),
        row!("data-issue.other-separator", "the cells are separated by semicolons", {
            DataIssue::OtherSeparator { separator: Separator::Semicolon }
        }),
        row!("data-issue.other-heading", "column 2 has the heading `String_ Id`, which is read as `String_Id`", {
            DataIssue::OtherHeading { column, heading: "String_ Id", current: "String_Id" }
        }),
        row!("data-issue.unknown-column", "column 2 is unknown and was ignored", DataIssue::UnknownColumn { column }),
        row!("data-issue.no-break-space", "line 3, column 2: no-break spaces were replaced by spaces", {
            DataIssue::NoBreakSpace { line, column }
        }),
        row!("data-issue.control-space", "line 3, column 2: tabs or line ends were replaced by spaces", {
            DataIssue::ControlSpace { line, column }
        }),
        row!("data-issue.edge-white-space", "line 3, column 2: leading or trailing white space was removed", {
            DataIssue::EdgeWhiteSpace { line, column }
        }),
        row!(
            "data-issue.repeated-pair",
            format!("line 3 repeats line 2: `{SKU}` contains `{SKU}`"),
            DataIssue::RepeatedPair { line, first: 2, product, service_plan }
        ),
        row!("data-issue.shared-string-id", "the string id `Desk` is shared by 2 products", {
            DataIssue::SharedStringId { string_id: name.clone(), products: products.clone() }
        }),
        row!("data-issue.shared-name", "the name `Desk` is shared by 2 products", {
            DataIssue::SharedName { name: name.clone(), products: products.clone() }
        }),
        row!("data-issue.shared-service-plan-name", "the name `Desk` is shared by 2 service plans", {
            DataIssue::SharedServicePlanName { name: name.clone(), service_plans }
        }),
        row!("data-issue.product-names", format!("`{SKU}` has 2 names; `Desk` is used"), {
            DataIssue::ProductNames { product, names: names() }
        }),
        row!("data-issue.string-ids", format!("`{SKU}` has 2 string ids; `Desk` is used"), {
            DataIssue::StringIds { product, string_ids: names() }
        }),
        row!("data-issue.service-plan-names", format!("`{SKU}` has 2 names; `Desk` is used"), {
            DataIssue::ServicePlanNames { service_plan, names: names() }
        }),
        row!("data-issue.friendly-names", format!("`{SKU}` has 2 friendly names; `Desk` is used"), {
            DataIssue::FriendlyNames { service_plan, names: names() }
        }),
    ]
}

fn answers() -> Vec<Row> {
    let twice = format!(r#"{{ "value": [{{ "skuId": "{SKU}" }}, {{ "skuId": "{SKU}" }}] }}"#);
    let many = vec![format!(r#"{{ "skuId": "{SKU}" }}"#); 1_001].join(",");
    vec![
        row!("graph.no-pages", "no page of subscribedSkus was given", Skus::read(&[]).unwrap_err()),
        row!("graph.too-long", "the pages of users have 67108865 bytes, at most 67108864 are read", {
            GraphError::TooLong { list: "users", bytes: 67_108_865 }
        }),
        row!("graph.not-json", "page 1 of subscriptions: an object was expected", {
            Subscriptions::read(&["[]"]).unwrap_err()
        }),
        row!("graph.not-a-continuation", "page 2 of users follows the last page, which names no next one", {
            Users::read(&[r#"{"value":[]}"#; 2]).unwrap_err()
        }),
        row!("graph.repeated", format!("subscribedSkus contain `{SKU}` twice"), Skus::read(&[&twice]).unwrap_err()),
        row!("graph.too-many", "users: `ada` has 1001 assignments, at most 1000 are read", {
            Users::read_one(&format!(r#"{{ "id": "ada", "licenseAssignmentStates": [{many}] }}"#)).unwrap_err()
        }),
        row!("missing-data.list-not-read", "users were not read", MissingData::ListNotRead { list: "users" }),
        row!(
            "missing-data.list-incomplete",
            "it is not in the part of users that was read",
            MissingData::ListIncomplete { list: "users" }
        ),
        row!(
            "missing-data.property-missing",
            "state is missing from the answer",
            MissingData::PropertyMissing { property: "state" }
        ),
        row!("missing-data.unknown-value", "state has the unknown value `Fine`", {
            MissingData::UnknownValue { property: "state", value: "Fine".into() }
        }),
        row!(
            "missing-data.out-of-date",
            "its subscriptions changed state by 2026-03-01T00:00:00Z: query Graph again",
            MissingData::OutOfDate { since: "2026-03-01T00:00:00Z".parse().unwrap() }
        ),
        row!("finding.enabled", "enabled, in grace", Verdict::Enabled { phase: Phase::Grace }),
        row!("finding.in-no-sku", "not enabled: no SKU of the tenant contains it", {
            Verdict::NotEnabled(Obstacle::InNoSku)
        }),
        row!("finding.not-subscribed", "not enabled: the tenant does not have the SKU", {
            Verdict::NotEnabled(Obstacle::NotSubscribed)
        }),
        row!("finding.sku-state", "not enabled: the SKU is in state LockedOut", {
            Verdict::NotEnabled(Obstacle::Sku(Status::LockedOut))
        }),
        row!("finding.no-usable-units", "not enabled: the SKU has no usable unit", {
            Verdict::NotEnabled(Obstacle::NoUsableUnits)
        }),
        row!("finding.not-assigned", "not enabled: the SKU is not assigned to the user", {
            Verdict::NotEnabled(Obstacle::NotAssigned)
        }),
        row!("finding.assignment-disabled", "not enabled: the assignment is disabled", {
            Verdict::NotEnabled(Obstacle::AssignmentDisabled)
        }),
        row!("finding.assignment-in-error", "not enabled: the assignment is in error", {
            Verdict::NotEnabled(Obstacle::AssignmentInError(None))
        }),
        row!("finding.turned-off", "not enabled: it is turned off in the assignment", {
            Verdict::NotEnabled(Obstacle::TurnedOff)
        }),
        row!("finding.provisioning", "not enabled: its provisioning status is PendingInput", {
            Verdict::NotEnabled(Obstacle::Provisioning(Provisioning::PendingInput))
        }),
    ]
}

fn effects() -> Vec<Row> {
    let groups = || vec!["sales".to_string(), "staff".to_string()];
    vec![
        row!("effect.takes", "takes 1 of 3 free units", Outcome::Takes { free: 3 }),
        row!("effect.takes-none", "takes no unit: the user already has one", Outcome::TakesNone),
        row!("effect.short", "no unit is free", Outcome::Short),
        row!("effect.frees", "frees 2 units", Outcome::Frees { units: 2 }),
        row!("effect.frees", "frees 1 unit", Outcome::Frees { units: 1 }),
        row!("effect.frees-none", "frees no unit: it is still assigned through groups `sales`, `staff`", {
            Outcome::FreesNone { groups: groups() }
        }),
        row!("effect.frees-none", "frees no unit: the assignment has none", Outcome::FreesNone { groups: vec![] }),
        row!("effect.both-ways", "refused: the request both assigns and removes it", {
            Outcome::Refused(RejectReason::BothWays)
        }),
        row!("effect.for-company", "refused: it is for the whole organisation and never assigned", {
            Outcome::Refused(RejectReason::ForCompany)
        }),
        row!("effect.no-such-user", "refused: no user of the tenant has this id", {
            Outcome::Refused(RejectReason::NoSuchUser)
        }),
        row!("effect.no-usage-location", "refused: the user has no usage location", {
            Outcome::Refused(RejectReason::NoUsageLocation)
        }),
        row!("effect.not-assigned", "refused: the user does not have it", Outcome::Refused(RejectReason::NotAssigned)),
        row!("effect.inherited", "refused: the user has it only through group `sales`", {
            Outcome::Refused(RejectReason::Inherited { groups: groups().into_iter().take(1).collect() })
        }),
        row!("missing-data.property-missing", "not known: members is missing from the answer", {
            Outcome::NotKnown(MissingData::PropertyMissing { property: "members" })
        }),
    ]
}

fn rows() -> Vec<Row> {
    [faults(), files(), editions(), answers(), effects()].into_iter().flatten().collect()
}

#[test]
fn every_code_has_its_text() {
    codes::have_their_texts(&rows());
}

#[test]
fn every_code_has_a_row() {
    codes::are_those_of(env!("CARGO_MANIFEST_DIR"), &[], 60, &rows());
}
