//! X7: what entries did, in words, and what differs between two values of a tenant.

use core::num::NonZeroU32;

use entitle::audit::AuditEntry;
use entitle::capacity::Consumption;
use entitle::command::{ClaimPolicy, SignUpPolicy, TrialName};
use entitle::language::{Value, wordings};
use entitle::license::{
    Extension, Extensions, Freshness, FreshnessLimit, GrantKind, Licensee, Revocation, RevocationListDraft, RevokedKey,
    Termination, TimeTicketDraft,
};
use entitle::quantity::Amount;
use entitle::record::{Anchor, Checkpoint};
use entitle::time::{Days, Length};
use entitle::{
    Actor, Command, Deal, Event, Grant, KeyRing, LicenseId, Role, SecretKey, Tenant, TicketId, Token, Units, Zeroizing,
};

use crate::support::{
    Vendor, assign, assign_group, beginning, day, days, forged, group, join, leave, paid, unassign, unassign_group,
    units, user, window,
};

/// What commands of Ada's are in words, as the next entry of a tenant.
fn audit(tenant: &Tenant, commands: &[Command]) -> AuditEntry {
    let ada = Actor::new(user("ada")).with(Role::LicenseAdministrator).with(Role::Host);
    let audit = tenant.audit(&forged(tenant, Event::new(tenant.position() + 1, day(0), ada, commands.to_vec())));
    assert_eq!(audit.lines.len(), commands.len());
    for message in audit.lines.iter().flat_map(|line| core::iter::once(&line.message).chain(&line.details)) {
        assert!(wordings().any(|wording| wording == message.wording()), "{message:?}");
        // Nothing is left to fill in.
        assert!(!message.to_string().contains(['{', '}']), "{message:?}");
    }
    audit
}

fn line(tenant: &Tenant, command: Command) -> String {
    audit(tenant, &[command]).lines[0].to_string()
}

fn agents() -> Tenant {
    Vendor::of(include_str!("../../examples/agents.json")).tenant("contoso")
}

fn consume(plan: &str, millionths: u64) -> Command {
    let (id, bot, month) = ("m-1".parse().unwrap(), "bot".parse().unwrap(), "2026-03".parse().unwrap());
    Command::Consume(Consumption::new(plan.parse().unwrap(), id, bot, month, Amount::millionths(millionths).unwrap()))
}

fn trial(plan: &str) -> TrialName {
    TrialName::new(LicenseId::from_random([1; 16]), plan.parse().unwrap())
}

#[test]
fn x7_every_command_is_in_words() {
    let tenant = Vendor::fabrikam().tenant("contoso");
    let off = |apps: &[&str]| apps.iter().map(|app| app.parse().unwrap()).collect::<Vec<_>>();
    let gold = || "gold".parse().unwrap();
    let license = "license 01010101010101010101010101010101";
    let rows = [
        (assign("bo", "gold"), "assigned F365 Gold (`gold`) to `bo`".to_string()),
        (assign("bo", "copper"), "assigned `copper` to `bo`".into()),
        (
            Command::assign_except(user("bo").into(), gold(), off(&["f365/orders", "f365/audit", "f365/orders"])),
            "assigned F365 Gold (`gold`) to `bo` without `f365/audit` and `f365/orders`".into(),
        ),
        (assign_group("staff", "gold"), "assigned F365 Gold (`gold`) to the group `staff`".into()),
        (
            Command::assign_except(group("staff").into(), gold(), off(&["f365/audit"])),
            "assigned F365 Gold (`gold`) to the group `staff` without `f365/audit`".into(),
        ),
        (unassign("bo", "silver"), "unassigned F365 Silver (`silver`) from `bo`".into()),
        (unassign_group("staff", "gold"), "unassigned F365 Gold (`gold`) from the group `staff`".into()),
        (join("bo", "staff"), "added `bo` to the group `staff`".into()),
        (leave("bo", "staff"), "removed `bo` from the group `staff`".into()),
        (Command::RemoveUser(user("bo")), "removed the user `bo` from all plans and groups".into()),
        (Command::RemoveGroup(group("staff")), "removed the group `staff`".into()),
        (Command::StartTrial(trial("gold")), format!("started the trial of F365 Gold (`gold`) in {license}")),
        (Command::ExtendTrial(trial("copper")), format!("extended the trial of `copper` in {license}")),
        (Command::SignUp(trial("gold")), format!("`ada` signed up for the trial of F365 Gold (`gold`) in {license}")),
        (Command::SetSignUps(SignUpPolicy::Allowed), "allowed users to sign up for trials by themselves".into()),
        (Command::SetSignUps(SignUpPolicy::Off), "no longer allowed users to sign up for trials by themselves".into()),
        (Command::ClaimSeat(gold()), "`ada` claimed a free seat of F365 Gold (`gold`)".into()),
        (
            Command::set_claim_on_first_use(gold(), ClaimPolicy::Allowed),
            "allowed users to claim free seats of F365 Gold (`gold`) by themselves".into(),
        ),
        (
            Command::set_claim_on_first_use(gold(), ClaimPolicy::Off),
            "no longer allowed users to claim free seats of F365 Gold (`gold`) by themselves".into(),
        ),
        (Command::RecordTime, "recorded the time".into()),
    ];
    for (command, english) in rows {
        assert_eq!(line(&tenant, command.clone()), english, "{command:?}");
    }
    assert_eq!(
        line(&agents(), consume("sessions", 2_500_000)),
        "consumed 2.5 of Virtual Agents Sessions (`sessions`), consumer `bot`, month 2026-03, id `m-1`"
    );
}

/// A license with a grant of each kind and every condition.
fn everything(vendor: &Vendor) -> Deal {
    let once = NonZeroU32::new(2).unwrap();
    let mut gold = paid("gold", 25, days(0, 365)).tolerating(units(30), day(90)).with_grace(Days::NONE);
    gold = gold.ending(Termination::Cancelled(day(100)));
    if let GrantKind::Paid(terms) = &mut gold.kind {
        terms.suspended = Days::new(1);
    }
    let silver = Grant::paid("silver".parse().unwrap(), Units::Unlimited, entitle::Term::perpetual(day(0)));
    let trial = |plan: &str| Grant::trial(plan.parse().unwrap(), units(2), window(0, 30), Length::days(14).unwrap());
    let mut bronze = trial("bronze").with_grace(Days::new(3)).ending(Termination::Withdrawn(day(20)));
    if let GrantKind::Trial(terms) = &mut bronze.kind {
        terms.extensions = Extensions::UpTo(Extension::new(once, Length::days(7).unwrap()));
    }
    let mut deal = vendor.deal_for("contoso").with(gold).with(silver).with(bronze).with(trial("copper"));
    deal.revision = once;
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(7), Days::new(14)));
    deal
}

#[test]
fn x7_a_license_says_all_that_it_holds() {
    let vendor = Vendor::fabrikam();
    let (tenant, mut deal) = (vendor.tenant("contoso"), everything(&vendor));
    let plain = "installed revision 2 of license 01010101010101010101010101010101, issued 2026-02-19T00:00:00Z";
    let terms = "for Contoso Ltd (`contoso`), DE
  F365 Gold (`gold`): paid, units: 25, from 2026-03-01T00:00:00Z until 2027-03-01T00:00:00Z
  grace after the end: 0 days
  suspended after grace: 1 day
  cancelled from 2026-06-09T00:00:00Z on
  seats tolerated: 30, until 2026-05-30T00:00:00Z
  F365 Silver (`silver`): paid, units: unlimited, from 2026-03-01T00:00:00Z, perpetual
  F365 Bronze (`bronze`): trial of 14 days, units: 2, can be started from 2026-03-01T00:00:00Z until 2026-03-31T00:00:00Z
  extensions of the trial: 2, of 7 days each
  grace after the end: 3 days
  withdrawn from 2026-03-21T00:00:00Z on
  `copper`: trial of 14 days, units: 2, can be started from 2026-03-01T00:00:00Z until 2026-03-31T00:00:00Z
  extensions of the trial: none
  asks for a recent revocation list: warns after 7 days, gives nothing after 14 days";
    assert_eq!(line(&tenant, Command::Install(vendor.seal(&deal))), format!("{plain}\n  {terms}"));

    // Genuine, and for another record than this one was proved to be.
    let checkpoint = beginning("contoso".parse().unwrap()).checkpoint();
    deal.anchor = Anchor::Record(checkpoint.clone());
    let only = format!("counts only on a record that contains the checkpoint `{checkpoint}`");
    let command = Command::Install(vendor.seal(&deal));
    assert_eq!(
        line(&tenant, command.clone()),
        format!(
            "{plain}\n  gives nothing here: it {only}, and this record was not shown to contain it\n  {terms}\n  {only}"
        )
    );
    let proved = proved(&tenant, &checkpoint);
    assert_eq!(line(&proved, command), format!("{plain}\n  {terms}\n  {only}"));

    let nothing = Command::Install(vendor.seal(&vendor.deal(1, Licensee::Anyone)));
    let first = plain.replace("revision 2", "revision 1");
    assert_eq!(line(&tenant, nothing), format!("{first}\n  for anyone\n  grants nothing"));
}

fn proved(tenant: &Tenant, checkpoint: &Checkpoint) -> Tenant {
    let prover = entitle::record::InclusionProver::new(&beginning(tenant.id().clone()), [checkpoint]);
    tenant.with_proof(&prover.finish()).unwrap()
}

fn list(vendor: &Vendor, publisher: &str) -> Token {
    let list = RevocationListDraft::new(publisher.parse().unwrap(), NonZeroU32::new(3).unwrap(), day(-1));
    let key = RevokedKey::new(SecretKey::from_seed(&Zeroizing::new([9; 32])).public().id(), day(0));
    vendor.secret.seal_list(&list.with(Revocation::Key(key))).unwrap()
}

#[test]
fn x7_lists_and_tickets_are_in_words() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso");
    assert_eq!(
        line(&tenant, Command::InstallRevocationList(list(&vendor, "fabrikam"))),
        "installed revocation list 3 of `fabrikam`, issued 2026-02-28T00:00:00Z, entries: 1"
    );
    assert_eq!(
        line(&tenant, Command::InstallRevocationList(list(&vendor, "litware"))),
        "installed revocation list 3 of `litware`, issued 2026-02-28T00:00:00Z, entries: 1\n  \
         gives nothing here: this document (revocation list) is of `litware`, this application of `fabrikam`"
    );
    let id = TicketId::from_random([7; 16]);
    let mut ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(2));
    let text = |tenant: &Tenant, ticket: &TimeTicketDraft| {
        line(tenant, Command::CorrectTime(vendor.secret.seal_ticket(ticket).unwrap()))
    };
    let plain = "installed time ticket 07070707070707070707070707070707, issued 2026-03-03T00:00:00Z";
    assert_eq!(text(&tenant, &ticket), format!("{plain}\n  counts without an anchor"));
    assert_eq!(
        text(&vendor.tenant("other"), &ticket),
        format!(
            "{plain}\n  gives nothing here: this document (time ticket) is for the tenant `contoso`, this is `other`\n  \
             counts without an anchor"
        )
    );
    let checkpoint = beginning("contoso".parse().unwrap()).checkpoint();
    ticket.anchor = Anchor::Record(checkpoint.clone());
    assert_eq!(
        text(&proved(&tenant, &checkpoint), &ticket),
        format!("{plain}\n  counts only on a record that contains the checkpoint `{checkpoint}`")
    );
}

#[test]
fn x7_a_document_that_does_not_verify_is_called_so() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso").rebase(&vendor.catalog, &KeyRing::new());
    let key = vendor.secret.public().id();
    let ticket = TimeTicketDraft::new(
        TicketId::from_random([7; 16]),
        vendor.catalog.offer(),
        "contoso".parse().unwrap(),
        day(2),
    );
    let commands = [
        (Command::Install(vendor.seal(&everything(&vendor))), "license"),
        (Command::InstallRevocationList(list(&vendor, "fabrikam")), "revocation list"),
        (Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap()), "time ticket"),
    ];
    for (command, kind) in commands {
        let audit = audit(&tenant, &[command]);
        let issue = entitle::token::TokenError::UnknownKey { key };
        assert_eq!(audit.lines[0].to_string(), format!("installed a document that does not verify ({kind}): {issue}"));
        assert_eq!(audit.lines[0].message.value("issue"), Some(&Value::Message(issue.message())));
        assert!(audit.lines[0].plans.is_empty(), "nothing of it is believed");
    }
}

#[test]
fn a1_an_entry_says_who_and_when_and_a_line_whom_it_is_about() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.tenant("contoso");
    let license = everything(&vendor);
    let audit = audit(
        &tenant,
        &[
            assign("bo", "gold"),
            assign_group("staff", "silver"),
            leave("cy", "sales"),
            Command::SignUp(trial("bronze")),
            Command::RemoveUser(user("di")),
            Command::RemoveGroup(group("north")),
            Command::Install(vendor.seal(&license)),
            consume("sessions", 1),
            Command::RecordTime,
        ],
    );
    assert_eq!(audit.message.to_string(), "entry 1 of 2026-03-01T00:00:00Z, by `ada` (license administrator and host)");
    let users = |name| audit.lines.iter().map(|line| line.is_about_user(&user(name))).collect::<Vec<_>>();
    let no = false;
    assert_eq!(users("bo"), [true, no, no, no, no, no, no, no, no]);
    assert_eq!(users("cy"), [no, no, true, no, no, no, no, no, no]);
    assert_eq!(users("ada"), [no, no, no, true, no, no, no, no, no], "her sign-up, not what she did for others");
    assert_eq!(users("di"), [no, no, no, no, true, no, no, no, no]);
    assert_eq!(users("bot"), [no; 9], "a consumer is not a user");
    let groups = |name| audit.lines.iter().map(|line| line.is_about_group(&group(name))).collect::<Vec<_>>();
    assert_eq!(groups("staff"), [no, true, no, no, no, no, no, no, no]);
    assert_eq!(groups("sales"), [no, no, true, no, no, no, no, no, no]);
    assert_eq!(groups("north"), [no, no, no, no, no, true, no, no, no]);
    let plans = |plan: &str| {
        let plan = plan.parse().unwrap();
        audit.lines.iter().map(|line| line.is_about_plan(&plan)).collect::<Vec<_>>()
    };
    assert_eq!(plans("gold"), [true, no, no, no, no, no, true, no, no]);
    assert_eq!(plans("silver"), [no, true, no, no, no, no, true, no, no]);
    assert_eq!(plans("bronze"), [no, no, no, true, no, no, true, no, no]);
    assert_eq!(plans("copper"), [no, no, no, no, no, no, true, no, no]);
    assert_eq!(plans("sessions"), [no, no, no, no, no, no, no, true, no]);
    assert!(audit.is_about_user(&user("cy")) && !audit.is_about_user(&user("eve")));
    assert!(audit.is_about_group(&group("north")) && !audit.is_about_group(&group("south")));
    assert!(audit.is_about_plan(&"gold".parse().unwrap()) && !audit.is_about_plan(&"tin".parse().unwrap()));

    let claim = self::audit(&tenant, &[Command::ClaimSeat("gold".parse().unwrap())]);
    assert!(claim.is_about_user(&user("ada")) && claim.is_about_plan(&"gold".parse().unwrap()));

    let json = serde_json::to_value(&audit).unwrap();
    assert_eq!(json["at"], "2026-03-01T00:00:00Z");
    assert_eq!(json["actor"]["roles"], serde_json::json!(["license_administrator", "host"]));
    let message = &json["lines"][0]["message"];
    assert_eq!(
        (&message["code"], &message["values"]["plan"]),
        (&"audit.assigned".into(), &serde_json::json!({ "id": "gold" }))
    );
    assert_eq!(json["lines"][0]["user"], "bo");
    assert_eq!(json["lines"][6]["details"][0]["values"]["country"], serde_json::json!({ "literal": "DE" }));

    let nobody = Actor::new(user("eve"));
    let entry = forged(&tenant, Event::new(1, day(0), nobody, vec![join("bo", "staff"), Command::RecordTime]));
    assert_eq!(
        tenant.audit(&entry).to_string(),
        "entry 1 of 2026-03-01T00:00:00Z, by `eve`, who has no role\n  added `bo` to the group `staff`\n  \
         recorded the time"
    );
}
