//! The publisher's desk: deals, revisions, revocation lists, and what `inspect` says of each.

use entitle::{
    Catalog, Command, Correction, Deal, Holder, KeyRing, Powers, Purpose, Revocation, SecretKey, TicketId, Token,
    Tolerance,
};

use crate::desk::{Desk, SELL};

fn license(desk: &Desk, name: &str) -> Deal {
    let ring = KeyRing::new().trust(
        desk.read("fabrikam.pub").trim().parse().unwrap(),
        Powers::of(Purpose::Licenses).and(Purpose::LicensesForAnyone),
    );
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
fn what_is_missing_is_said_at_once_where_there_is_nobody_to_ask() {
    let desk = Desk::new();
    let run = desk.run("deal new --catalog f365.json --name Contoso");
    run.ends(2, "--tenant, --country, --grant, --ends are missing, and there is no terminal to ask at");
    desk.run("deal new --catalog f365.json --anyone --ends 2027-01-01").ends(2, "--trial, --days are missing");
}

/// At a terminal it asks, and asks again after an answer that is none; `script` is a terminal for it, where there is one.
#[cfg(target_os = "linux")]
#[test]
fn what_is_missing_is_asked_at_a_terminal() {
    use std::io::Write as _;
    use std::process::Stdio;
    let desk = Desk::new();
    let line = format!("{} deal new --catalog f365.json --tenant contoso -o deal.json", crate::desk::ENTITLE);
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(&desk.dir).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut asked) = script.spawn() else { return };
    let answers = "Contoso Ltd\nde\nDE\ngold\ngold=2 silver=unlimited\nnever\n";
    asked.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let output = asked.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("country code `de` is not two capital letters"), "{said}");
    assert!(said.contains("2 x gold + unlimited x silver for Contoso Ltd"), "{said}");
}

#[test]
fn a_sealed_deal_is_the_deal() {
    let desk = Desk::selling();
    let deal = license(&desk, "contoso.license");
    assert_eq!((deal.revision.get(), deal.grants.len()), (1, 1));
    assert!(matches!(&deal.holder, Holder::Tenant(customer) if customer.name.as_str() == "Contoso Ltd"));
    assert_eq!(desk.done("inspect contoso.license --deal --trust fabrikam.pub").out, desk.read("deal.json"));
    let plain = desk.done("seal deal.json --key fabrikam.key --form plain").out;
    assert_eq!(plain.trim(), Token::from_armor(&desk.read("contoso.license")).unwrap().to_string());
}

#[test]
fn a_trial_for_anyone_has_no_customer() {
    let desk = Desk::selling();
    desk.done("deal new --catalog f365.json --anyone --trial gold=3 --days 30 --ends 2027-01-01 -o trial.json");
    desk.done("seal trial.json --key fabrikam.key -o trial.license");
    assert_eq!(license(&desk, "trial.license").holder, Holder::Anyone);
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
    // 2027-02-01 and 90 days: 28 days of February are 27 more, 31 of March, 30 of April, 2 of May.
    let Tolerance::UpTo(allowance) = deal.grants[0].tolerance else { panic!("no tolerance: {deal:?}") };
    assert_eq!(
        (allowance.units.to_string(), allowance.until.to_rfc3339()),
        ("2".into(), "2027-05-02T00:00:00+00:00".into())
    );
    desk.run("inspect less.json").ends(0, "1 x gold, from 2026-03-01 until 2028-03-01; 2 tolerated until 2027-05-02");
    // More has none, and the number of a revision goes on.
    desk.done("revise less.json --catalog f365.json --grant gold=5 --ends never --at 2027-03-01 -o more.json");
    let more = desk.done("inspect more.json").out;
    assert!(more.contains("revision 3") && more.contains("5 x gold, from 2026-03-01 on, perpetual\n"), "{more}");
    desk.write("other.json", desk.read("f365.json").replace("\"offer\": \"f365\"", "\"offer\": \"other\""));
    desk.run("revise deal.json --catalog other.json --grant gold=1 --ends never").ends(2, "[cli.other-offer]");
}

#[test]
fn x5_lists_follow_each_other_and_keep_what_was_said() {
    let desk = Desk::selling();
    let id = license(&desk, "contoso.license").id;
    desk.done("revoke --publisher fabrikam --key fabrikam.key -o one.list");
    desk.done(&format!("revoke --after one.list --license {id}=1 --key fabrikam.key --at 2026-05-01 -o two.list"));
    desk.done("key new stolen.key");
    let stolen = desk.done("key show stolen.key --json").json()["id"].as_str().unwrap().to_string();
    // Its id may have a `_`, which stands for a space here.
    let mut revoke = desk.command("revoke --after two.list --from 2026-06-01 --key fabrikam.key -o three.list");
    assert!(revoke.arg("--ended-key").arg(&stolen).output().unwrap().status.success());
    let key = desk.read("fabrikam.pub").trim().parse().unwrap();
    let ring = KeyRing::new().trust(key, Powers::of(Purpose::Revocations));
    let list = ring.verify_list(&Token::from_armor(&desk.read("three.list")).unwrap()).unwrap();
    let list = list.revocations();
    assert_eq!((list.sequence.get(), list.entries.len()), (3, 2));
    assert!(matches!(&list.entries[0], Revocation::License(revoked) if revoked.through.get() == 1
        && revoked.from.to_rfc3339() == "2026-05-01T00:00:00+00:00"));
    assert!(matches!(&list.entries[1], Revocation::Key(revoked) if revoked.key.to_string() == stolen));
    desk.run("inspect three.list --trust fabrikam.pub").ends(0, "revocation list");
    desk.run("revoke --after one.list --key stolen.key").ends(3, "[token.unknown-key]");
    // It ends the license where it is taken in.
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold bo");
    desk.run("tenant install two.list --role billing-administrator").ends(1, "[refusal.forbidden]");
    desk.done("tenant install two.list --at 2026-05-02");
    desk.run("tenant check bo f365/audit --at 2026-05-02").ends(1, "denied");
    desk.run("tenant install one.list --at 2026-05-03").ends(1, "install.old-list");
}

#[test]
fn a_time_ticket_is_inspected_and_taken_in() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    desk.done("tenant join staff bo --at 2040-01-01");
    desk.run("tenant check bo f365/audit --at 2026-04-01").ends(1, "denied");
    let catalog = Catalog::from_json(&desk.read("f365.json")).unwrap();
    let issued = "2026-04-01T00:00:00Z".parse().unwrap();
    let said = Correction::new(TicketId::from_random([3; 16]), catalog.offer(), "contoso".parse().unwrap(), issued);
    let secret = SecretKey::from_paserk(desk.read("fabrikam.key").trim()).unwrap();
    desk.write("ticket", secret.seal_ticket(&said).unwrap().to_armor());
    desk.run("inspect ticket --trust fabrikam.pub").ends(0, "tenant: contoso");
    desk.done("tenant install ticket --at 2026-04-01");
    desk.run("tenant check bo f365/audit --at 2026-04-01").ends(0, "allowed");
    desk.run("tenant log").ends(0, "take in a time ticket of 2026-04-01");
}

/// The list of commands that `tenant do` reads is the one that events hold.
#[test]
fn commands_of_a_log_can_be_done_elsewhere() {
    let desk = Desk::installed();
    let commands = vec![
        Command::join("bo".parse().unwrap(), "staff".parse().unwrap()),
        Command::assign_group("staff".parse().unwrap(), "gold".parse().unwrap()),
        Command::Mark,
    ];
    desk.write("commands.json", serde_json::to_string(&commands).unwrap());
    desk.done("tenant do commands.json");
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    let log = desk.done("tenant log --last 1 --json").json();
    assert_eq!(log[0]["commands"], serde_json::to_value(&commands).unwrap());
}
