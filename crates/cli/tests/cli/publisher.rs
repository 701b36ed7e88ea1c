//! The publisher's commands: deals, revisions, revocation lists, and `inspect`.

use std::process::Stdio;

use entitle::license::{Extensions, Fallback, Freshness, GrantKind, Licensee, Reference, Revocation, Tolerance};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Command, Deal, KeyRing, Token};

use crate::desk::{Desk, Run, SELL};

fn license(desk: &Desk, name: &str) -> Deal {
    let ring = KeyRing::new()
        .trust(
            desk.read("fabrikam.pub").trim().parse().unwrap(),
            KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone),
        )
        .unwrap();
    let token = Token::from_armor(&desk.read(name)).unwrap();
    ring.verify(&token).unwrap().deal().clone()
}

#[test]
fn a_deal_comes_from_options_from_a_file_and_from_both() {
    let desk = Desk::new();
    desk.write("sale.json", r#"{"tenant": "contoso", "name": "Contoso Ltd", "country": "DE", "grants": ["gold=2"]}"#);
    desk.done(&format!("{SELL} --id 2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a"));
    desk.done(
        "deal new --catalog f365.json --from sale.json --starts 2026-03-01 --ends 2027-03-01 --at 2026-02-20 \
         --id 2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a -o second.json",
    );
    assert_eq!(desk.read("deal.json"), desk.read("second.json"));
    let run = desk.done("deal new --catalog f365.json --from sale.json --tenant other --grant silver=9 --ends never");
    assert!(run.out.contains("\"other\"") && run.out.contains("silver") && !run.out.contains("gold"), "{}", run.out);
    desk.write("sale.json", r#"{"tennant": "contoso"}"#);
    desk.run("deal new --catalog f365.json --from sale.json").ends(3, "unknown field `tennant`");
}

#[test]
fn all_missing_options_are_reported_without_a_terminal() {
    let desk = Desk::new();
    let run = desk.run("deal new --catalog f365.json --name Contoso");
    run.ends(2, "--tenant, --country, --grant, --ends are missing, and stdin is not a terminal to prompt at");
    desk.run("deal new --catalog f365.json --anyone --ends 2027-01-01").ends(2, "--trial, --days are missing");
}

/// At a terminal it prompts for missing options, and again after an invalid answer.
#[cfg(target_os = "linux")]
#[test]
fn what_is_missing_is_asked_at_a_terminal() {
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let desk = Desk::new();
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&keyboard).unwrap();
    unlockpt(&keyboard).unwrap();
    let name = ptsname(&keyboard, Vec::new()).unwrap().into_string().unwrap();
    let terminal = OpenOptions::new().read(true).write(true).open(name).unwrap();
    let mut new = desk.command("deal new --catalog f365.json --tenant contoso -o deal.json");
    let asked = new.stdin(terminal).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut keyboard = File::from(keyboard);
    keyboard.write_all(b"Contoso Ltd\nde\nDE\ngold\ngold=2 silver=unlimited\nnever\n").unwrap();
    let run = Run::of(&asked.wait_with_output().unwrap());
    run.ends(0, "2 x gold + unlimited x silver for Contoso Ltd");
    let asked = [
        "Customer's name: ",
        "Billing country, as in DE: ",
        "  `de` is not a country code of ISO 3166-1: write DE",
        "What is sold, as in gold=5: ",
        "  write it as `gold=5`: a plan and its units",
        "Until when, as in 2027-03-01, or never: ",
    ];
    let places: Vec<_> = asked.iter().map(|question| run.err.find(question)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{run:#?}");
}

#[test]
fn a_sealed_deal_is_the_deal() {
    let desk = Desk::selling();
    let deal = license(&desk, "contoso.license");
    assert_eq!((deal.revision.get(), deal.grants.len()), (1, 1));
    assert!(matches!(&deal.licensee, Licensee::Tenant(customer) if customer.name.as_str() == "Contoso Ltd"));
    assert_eq!(desk.done("inspect contoso.license --deal --trust fabrikam.pub").out, desk.read("deal.json"));
    let plain = desk.done("seal deal.json --key fabrikam.key --form plain").out;
    assert_eq!(plain.trim(), Token::from_armor(&desk.read("contoso.license")).unwrap().to_string());
}

#[test]
fn a_trial_for_anyone_has_no_customer() {
    let desk = Desk::selling();
    desk.done("deal new --catalog f365.json --anyone --trial gold=3 --days 30 --ends 2027-01-01 -o trial.json");
    desk.done("seal trial.json --key fabrikam.key -o trial.license");
    assert_eq!(license(&desk, "trial.license").licensee, Licensee::Anyone);
    desk.run("inspect trial.license").ends(0, "3 x gold, a trial of 30 days, to be started from 2026-03-02T08:00:00Z");
    desk.run("deal new --catalog f365.json --anyone --tenant contoso").ends(2, "cannot be used with");
}

#[test]
fn s11_a_revision_that_sells_less_tolerates_the_old_number_for_90_days() {
    let desk = Desk::selling();
    desk.done("revise deal.json --catalog f365.json --grant gold=1 --ends 2028-03-01 --at 2027-02-01 -o less.json");
    desk.done("seal less.json --key fabrikam.key -o less.license");
    let deal = license(&desk, "less.license");
    assert_eq!((deal.revision.get(), deal.id), (2, license(&desk, "contoso.license").id));
    // 2027-02-01 plus 90 days: 27 more in February, 31 in March, 30 in April, 2 in May.
    let Tolerance::UpTo(allowance) = deal.grants[0].tolerance else { panic!("no tolerance: {deal:?}") };
    assert_eq!(
        (allowance.units.to_string(), allowance.until.to_rfc3339()),
        ("2".into(), "2027-05-02T00:00:00+00:00".into())
    );
    desk.run("inspect less.json").ends(0, "1 x gold, from 2026-03-01 until 2028-03-01; 2 tolerated until 2027-05-02");
    // A larger revision tolerates nothing, and the revision number continues.
    desk.done("revise less.json --catalog f365.json --grant gold=5 --ends never --at 2027-03-01 -o more.json");
    let more = desk.done("inspect more.json").out;
    assert!(more.contains("revision 3") && more.contains("5 x gold, from 2026-03-01 on, perpetual\n"), "{more}");
    desk.write("other.json", desk.read("f365.json").replace("\"offer\": \"f365\"", "\"offer\": \"other\""));
    desk.run("revise deal.json --catalog other.json --grant gold=1 --ends never").ends(2, "[cli.other-offer]");
}

#[test]
fn x5_a_list_keeps_the_entries_of_the_one_before() {
    let desk = Desk::selling();
    let id = license(&desk, "contoso.license").id;
    desk.done("revoke --publisher fabrikam --key fabrikam.key -o one.list");
    desk.done(&format!("revoke --after one.list --license {id}=1 --key fabrikam.key --at 2026-05-01 -o two.list"));
    desk.done("key new stolen.key");
    let stolen = desk.done("key show stolen.key --json").json()["id"].as_str().unwrap().to_string();
    // Its id may contain `_`, which means a space here.
    let mut revoke = desk.command("revoke --after two.list --from 2026-06-01 --key fabrikam.key -o three.list");
    assert!(revoke.arg("--ended-key").arg(&stolen).output().unwrap().status.success());
    let key = desk.read("fabrikam.pub").trim().parse().unwrap();
    let ring = KeyRing::new().trust(key, KeyPermissions::new(KeyPurpose::Revocations)).unwrap();
    let list = ring.verify_list(&Token::from_armor(&desk.read("three.list")).unwrap()).unwrap();
    let list = list.revocations();
    assert_eq!((list.sequence.get(), list.entries.len()), (3, 2));
    assert!(matches!(&list.entries[0], Revocation::License(revoked) if revoked.through.get() == 1
        && revoked.from.to_rfc3339() == "2026-05-01T00:00:00+00:00"));
    assert!(matches!(&list.entries[1], Revocation::Key(revoked) if revoked.key.to_string() == stolen));
    desk.run("inspect three.list --trust fabrikam.pub=lists").ends(0, "revocation list");
    let run = desk.run("revoke --after one.list --key stolen.key");
    let signer = desk.done("key show fabrikam.pub --json").json()["id"].as_str().unwrap().to_string();
    run.ends(3, &format!("one.list: signed with the key `{signer}`, not with `{stolen}` [token.unknown-key]"));
    run.ends(3, "help: give the previous list of the key that signs now: each key numbers its own lists");
    // It ends the license where it is installed.
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,lists");
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold bo");
    desk.run("tenant install two.list --role billing-administrator").ends(1, "[refusal.forbidden]");
    desk.done("tenant install two.list --at 2026-05-02");
    desk.run("tenant check bo f365/audit --at 2026-05-02").ends(1, "denied");
    desk.run("tenant install one.list --at 2026-05-03").ends(0, "superseded: ");
}

/// One command takes documents of any kind, from a mail with several of them: each that is new in an entry of its own,
/// or none.
#[test]
fn l3_one_command_installs_what_is_new_of_several_documents() {
    let desk = Desk::selling();
    desk.done("revoke --publisher fabrikam --key fabrikam.key -o one.list");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,lists");
    let quoted = |text: String| text.lines().flat_map(|line| ["> ", line, "\n"]).collect::<String>();
    let both = format!("Hello,\n\n{}and\n{}", quoted(desk.read("contoso.license")), quoted(desk.read("one.list")));
    desk.write("mail", &both);
    desk.write("cut", &both[..both.len() - 60]);
    // If one cannot be read, or is refused, nothing is recorded.
    desk.run("tenant install mail cut").ends(3, "[armor.cut]");
    desk.run("tenant install mail --role billing-administrator")
        .ends(1, "mail: this takes the role host, which `admin` does not have. Nothing was done");
    assert_eq!(desk.done("tenant log --json").json()["events"].clone().as_array().unwrap().len(), 0);
    let run = desk.done("tenant install mail contoso.license --json").json();
    let states: Vec<_> = run["documents"].as_array().unwrap().iter().map(|each| each["state"].clone()).collect();
    assert_eq!(states, ["new", "new", "already_there"]);
    assert_eq!(desk.done("tenant log --json").json()["events"].clone().as_array().unwrap().len(), 2);
    desk.run("tenant install mail").ends(0, "already there: a license, revision 1");
    desk.run("inspect mail").ends(3, "mail holds 2 documents, one is expected");
}

/// A clock was once ahead: it is noticed, the publisher signs a ticket, and assignments work again.
#[test]
fn x6_a_time_ticket_is_signed_inspected_and_taken_in() {
    let desk = Desk::selling();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,tickets");
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold bo");
    desk.run("tenant clock").ends(0, "The clock fits the record of `contoso`.");
    let ahead = desk.done("tenant clock --at 2040-01-01");
    ahead.ends(0, "the clock is at 2040-01-01T00:00:00Z.");
    assert!(ahead.out.contains("Compare the clock with another one before you change anything"), "{ahead:#?}");
    desk.done("tenant join staff bo --at 2040-01-01");
    // Nothing is recorded before 2040 any more; the past is read from the history.
    desk.run("tenant join staff cy --at 2026-04-01").ends(1, "[cli.at-past]");
    desk.run("tenant check bo f365/audit --at 2026-04-01").ends(0, "after 2 of its 3 events");
    let clock = desk.done("tenant clock --at 2026-04-01");
    clock.ends(0, "is 2040-01-01T00:00:00Z, the clock is at 2026-04-01T00:00:00Z.");
    let json = desk.done("tenant clock --at 2026-04-01 --json").json();
    assert_eq!((&json["fits"], &json["floor"]), (&false.into(), &"2040-01-01T00:00:00Z".into()));
    let checkpoint = json["checkpoint"].as_str().unwrap();
    // The command that is printed runs, once its two placeholders are filled in.
    let printed = clock.out.lines().find_map(|line| line.strip_prefix("  entitle ")).unwrap();
    assert_eq!(printed, format!("ticket contoso --catalog CATALOG --key KEY --anchor {checkpoint}"));
    let words = printed.split(' ').map(|word| word.replace("CATALOG", "f365.json").replace("KEY", "fabrikam.key"));
    let printed = Run::of(&desk.command("--at 2026-04-01").args(words).output().unwrap());
    assert!(printed.code == 0 && printed.out.starts_with("-----BEGIN "), "{printed:#?}");
    // A checkpoint may contain `_`, which means a space here.
    let ticket = |anchor: &str, out: &str| {
        let mut command = desk.command("ticket contoso --catalog f365.json --key fabrikam.key --at 2026-04-01 -o");
        Run::of(&command.args([out, "--anchor", anchor]).output().unwrap())
    };
    ticket(checkpoint, "ticket").ends(0, "ticket: time ticket of 2026-04-01 for contoso, for a record that contains ");
    ticket(checkpoint, "ticket").ends(5, "[cli.exists]");
    ticket("here", "other").ends(2, "checkpoint");
    desk.run("inspect ticket --trust fabrikam.pub=tickets").ends(0, "  for      contoso\n");
    desk.done("tenant install ticket --at 2026-04-01");
    desk.run("tenant check bo f365/audit --at 2026-04-01").ends(0, "allowed");
    desk.run("tenant clock --at 2026-04-01").ends(0, "fits");
    desk.run("tenant log --at 2026-04-01").ends(0, "installed time ticket ");
    desk.run("tenant install ticket --at 2026-04-01").ends(0, "already there: ");
    // An anchored ticket has no effect on another record; one without an anchor is valid on any.
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,tickets --ledger new.ledger");
    desk.run("tenant install ticket --ledger new.ledger").ends(1, "[install.not-contained]");
    desk.run("ticket contoso --catalog f365.json --key fabrikam.pub").ends(3, "[key.other-kind]");
    let json = desk.done("ticket contoso --catalog f365.json --key fabrikam.key -o any --json").json();
    assert!(json["token"].as_str().unwrap().starts_with("v4.public.") && json["file"] == "any");
    desk.done("tenant install any --ledger new.ledger");
}

#[test]
fn grace_suspension_extensions_freshness_and_anchor_are_options() {
    let desk = Desk::selling();
    let sell = "deal new --catalog f365.json --from sale.json --ends 2027-03-01 --fresh 30=60";
    let customer = r#"{"tenant": "contoso", "name": "Contoso Ltd", "country": "DE", "grants": ["gold=2"], "trials": ["silver=1"],"#;
    desk.write(
        "sale.json",
        format!(r#"{customer} "days": 30, "grace": 7, "suspended": 14, "extensions": "2=15", "fresh": "1=2"}}"#),
    );
    desk.done(&format!("{sell} -o full.json"));
    desk.done("seal full.json --key fabrikam.key -o full.license");
    let deal = license(&desk, "full.license");
    let GrantKind::Paid(paid) = &deal.grants[0].kind else { panic!("{deal:?}") };
    assert_eq!((paid.grace.get(), paid.suspended.get()), (7, 14));
    let GrantKind::Trial(trial) = &deal.grants[1].kind else { panic!("{deal:?}") };
    let Extensions::UpTo(extension) = trial.extensions else { panic!("{deal:?}") };
    assert_eq!((trial.grace.get(), extension.times.get(), extension.length.in_days().get()), (7, 2, 15));
    let Freshness::Asked(limit) = deal.freshness else { panic!("{deal:?}") };
    assert_eq!((limit.warn_after.get(), limit.deny_after.get()), (30, 60), "the command line goes before the file");
    desk.run(&format!("{sell} --grace 9")).ends(0, "\"grace\": 9");
    for (line, code, expected) in [
        ("--fresh 60=30", 3, "[deal.denies-before-it-warns]"),
        ("--fresh 60", 2, "a pair of numbers like `30=60`"),
        ("--extensions 1=0", 2, "[time.zero-length]"),
        ("--anchor there", 2, "checkpoint"),
    ] {
        desk.run(&format!("{} {line}", sell.replace(" --fresh 30=60", ""))).ends(code, expected);
    }
    desk.run(&format!("{SELL} --extensions 1=5")).ends(2, "--extensions: only a trial can be extended");
    desk.run("deal new --catalog f365.json --anyone --trial gold=1 --days 9 --ends 2027-01-01 --suspended 5")
        .ends(2, "--suspended: a trial is never suspended");
    desk.write("sale.json", format!(r#"{customer} "days": 30, "grace": 7, "graze": 8}}"#));
    desk.run(sell).ends(3, "unknown field `graze`");
    desk.write("sale.json", format!(r#"{customer} "days": 30, "grace": 7, "grace": 8}}"#));
    desk.run(sell).ends(3, "duplicate field `grace`");
}

#[test]
fn l7_a_grant_is_ended_early_and_all_else_stays() {
    let desk = Desk::selling();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold bo");
    desk.done(
        "revise deal.json --catalog f365.json --cancel gold=2026-05-01 --fresh 400=500 --at 2026-06-01 -o end.json",
    );
    desk.done("seal end.json --key fabrikam.key -o end.license");
    let (before, deal) = (license(&desk, "contoso.license"), license(&desk, "end.license"));
    let early = entitle::license::Termination::Cancelled("2026-05-01T00:00:00Z".parse().unwrap());
    assert_eq!(deal.grants, [before.grants[0].clone().ending(early)]);
    assert_eq!((deal.revision.get(), matches!(deal.freshness, Freshness::Asked(_))), (2, true));
    desk.run("inspect end.json")
        .ends(0, "2 x gold, from 2026-03-01 until 2027-03-01; cancelled for 2026-05-01 (suspended until 2026-07-30)\n");
    desk.done("tenant install end.license --at 2026-06-01");
    desk.run("tenant why bo f365/audit --at 2026-06-01").ends(1, "suspended");
    desk.run("revise deal.json --catalog f365.json --withdraw gold=2026-05-01")
        .ends(0, "\"withdrawn\": \"2026-05-01T00:00:00Z\"");
    desk.run("revise deal.json --catalog f365.json --cancel silver=2026-05-01").ends(2, "[cli.nothing-of-it]");
    desk.run("revise deal.json --catalog f365.json --cancel gold").ends(2, "gold=2026-05-01");
    // With new grants the option applies to those.
    let run = desk
        .done("revise deal.json --catalog f365.json --grant gold=3 --ends never --grace 1 --cancel gold=2027-01-01");
    assert!(
        run.out.contains("\"limited\": 3") && run.out.contains("\"cancelled\"") && run.out.contains("\"grace\": 1")
    );
}

/// `tenant do` reads lists of commands in the format of events.
#[test]
fn commands_of_a_log_can_be_done_elsewhere() {
    let desk = Desk::installed();
    let commands = vec![
        Command::join("bo".parse().unwrap(), "staff".parse().unwrap()),
        Command::assign_group("staff".parse().unwrap(), "gold".parse().unwrap()),
        Command::RecordTime,
    ];
    desk.write("commands.json", serde_json::to_string(&commands).unwrap());
    desk.done("tenant do commands.json");
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    let log = desk.done("tenant log --last 1 --json").json()["events"].clone();
    assert_eq!(log[0]["commands"], serde_json::to_value(&commands).unwrap());
}

#[test]
fn q2_negotiated_amounts_are_an_option_that_a_revision_keeps() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(&format!("{SELL} --amount gold:projects=50 --amount gold:rows=unlimited"));
    desk.run("inspect deal.json")
        .ends(0, "2 x gold, from 2026-03-01 until 2027-03-01; 50 of projects; unlimited of rows (last day 2027-02-28, grace until 2027-03-31, suspended until 2027-06-29)\n");
    desk.done(
        "revise deal.json --catalog f365.json --grant gold=3 --ends 2028-03-01 --amount gold:projects=60 -o next.json",
    );
    desk.run("inspect next.json")
        .ends(0, "3 x gold, from 2026-03-01 until 2028-03-01; 60 of projects; unlimited of rows (last day 2028-02-29, grace until 2028-03-31, suspended until 2028-06-29)\n");
    for (amount, expected) in [
        ("gold=50", "is not an amount of a quota like `gold:projects=50`"),
        ("gold:projects=many", "is not an amount of a quota"),
        ("gold:projects=9007199254740992", "invalid amount 9007199254740992 of a quota"),
        ("silver:projects=1", "the deal has no grant of `silver`"),
    ] {
        desk.run(&format!("{SELL} --amount {amount}")).ends(2, expected);
    }
}

#[test]
fn v1_updates_until_a_day_are_an_option_that_a_revision_keeps() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key --public fabrikam.pub");
    desk.done(&format!("{SELL} --updates-until 2027-03-01 --reference PO-4711"));
    desk.done("seal deal.json --key fabrikam.key -o contoso.license");
    let run = desk.done("inspect contoso.license --trust fabrikam.pub");
    assert!(
        run.out
            .contains("2 x gold, from 2026-03-01 until 2027-03-01; without an end in releases from before 2027-03-01")
    );
    assert!(run.out.contains("ref      PO-4711"), "{}", run.out);
    let fallback = |name: &str| match license(&desk, name).grants.remove(0).kind {
        GrantKind::Paid(paid) => paid.fallback,
        GrantKind::Trial(trial) => panic!("{trial:?}"),
    };
    let before = |day: &str| Fallback::Before(format!("{day}T00:00:00Z").parse().unwrap());
    assert_eq!(fallback("contoso.license"), before("2027-03-01"));
    let revise = "revise deal.json --catalog f365.json --grant gold=3 --ends 2028-03-01";
    for (number, (more, expected)) in [
        ("", before("2027-03-01")),
        (" --updates-until 2028-03-01", before("2028-03-01")),
        (" --updates-until none", Fallback::None),
    ]
    .into_iter()
    .enumerate()
    {
        desk.done(&format!("{revise}{more} -o next{number}.json"));
        desk.done(&format!("seal next{number}.json --key fabrikam.key -o next{number}.license"));
        let next = format!("next{number}.license");
        assert_eq!(fallback(&next), expected, "{more}");
        let Reference::Of(reference) = license(&desk, &next).reference else { panic!("{more}") };
        assert_eq!(reference.as_str(), "PO-4711");
    }
    desk.run(
        "deal new --catalog f365.json --anyone --trial gold=1 --days 9 --ends 2027-01-01 --updates-until 2027-01-01",
    )
    .ends(2, "--updates-until: a trial covers no release after its end");
    desk.run(&format!("{SELL} --updates-until later")).ends(2, "not an instant");
}
