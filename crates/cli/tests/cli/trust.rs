//! Purposes of trusted keys, and lists that revoke keys.

use crate::desk::{Desk, Run};

/// Runs `revoke` for a key, whose id may contain `_`, which means a space in a line here.
fn revoke(desk: &Desk, ended: &[&str], key: &str, out: &str) -> Run {
    let mut command = desk.command(&format!("revoke --publisher fabrikam --key {key} -o {out}"));
    for name in ended {
        let id = desk.done(&format!("key show {name} --json")).json()["id"].as_str().unwrap().to_string();
        command.arg("--ended-key").arg(id);
    }
    Run::of(&command.output().unwrap())
}

fn keys(init: &str) -> Desk {
    let desk = Desk::selling();
    desk.done("key new lists.key");
    desk.done("key new both.key");
    desk.done(&format!("tenant init contoso --catalog f365.json {init}"));
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold bo");
    desk
}

#[test]
fn x3_a_key_is_trusted_for_licenses_by_default() {
    let desk = keys("--trust fabrikam.pub");
    assert!(desk.read("contoso.ledger.json").contains("=licenses,anyone\""));
    assert_eq!(revoke(&desk, &[], "fabrikam.key", "a.list").code, 0);
    desk.run("tenant install a.list").ends(1, "[token.not-trusted]");
    desk.done("ticket contoso --catalog f365.json --key fabrikam.key -o ticket");
    desk.run("tenant install ticket").ends(1, "[token.not-trusted]");
    let init = |trust: &str| desk.run(&format!("tenant init contoso --catalog f365.json {trust} --ledger x.ledger"));
    for (trust, code) in [
        ("--trust fabrikam.pub=lists,all", "[cli.unknown-purpose]"),
        ("--trust fabrikam.pub=", "[cli.unknown-purpose]"),
        ("--trust fabrikam.pub --trust fabrikam.pub=lists", "[cli.key-twice]"),
    ] {
        init(trust).ends(2, code);
        assert!(!desk.path("x.ledger").exists() && !desk.path("x.ledger.json").exists());
    }
    // A path that contains `=`; and a purpose given twice counts once.
    std::fs::create_dir(desk.path("env=prod")).unwrap();
    std::fs::copy(desk.path("lists.pub"), desk.path("env=prod/lists.pub")).unwrap();
    assert_eq!(init("--trust env=prod/lists.pub --trust fabrikam.pub=tickets,anyone,tickets").code, 0);
    let settings = desk.read("x.ledger.json");
    assert!(settings.contains("=licenses,anyone\"") && settings.contains("=anyone,tickets\""), "{settings}");
}

#[test]
fn x3_what_separates_purposes_is_named_where_they_are_refused_and_in_the_help() {
    let desk = keys("--trust fabrikam.pub");
    let help = "  help: the purposes are `licenses`, `anyone`, `lists`, `tickets`, `certificates`; write several with commas, \
                as in `lists,tickets`\n";
    for separator in ["+", ";", "|"] {
        let run = desk.run(&format!("tenant trust fabrikam.pub=lists{separator}tickets"));
        run.ends(
            2,
            &format!("error: `lists{separator}tickets` is not a purpose of a key [cli.unknown-purpose]\n{help}"),
        );
    }
    desk.done("tenant trust fabrikam.pub=lists,tickets");
    for command in ["tenant init", "tenant trust", "inspect", "deal list"] {
        let shown = desk.done(&format!("{command} --help")).out;
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("KEY=PURPOSES, with commas: licenses, anyone (licenses for anyone), lists"), "{shown}");
    }
}

#[test]
fn x5_a_list_ends_a_key_that_is_trusted_to_sell() {
    let desk = keys("--trust fabrikam.pub --trust lists.pub=lists");
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    revoke(&desk, &["fabrikam.pub"], "lists.key", "a.list").ends(0, "note: a list revokes a key only where");
    let run = desk.done("tenant install a.list --json").json();
    assert_eq!(run["warnings"], serde_json::json!([]));
    assert_eq!((&run["lost"]["users"], &run["revoked"][0]["from"]), (&1.into(), &"2026-03-02T08:00:00Z".into()));
    desk.run("tenant check bo f365/audit").ends(1, "revoked");
    desk.run("tenant licenses").ends(0, ": revoked since 2026-03-02T08:00:00Z");
}

/// No list can revoke a key that is trusted for lists, and no command claims it.
#[test]
fn x5_a_list_without_effect_is_reported() {
    let desk = keys("--trust fabrikam.pub --trust lists.pub=lists --trust both.pub=licenses,lists");
    assert_eq!(revoke(&desk, &["both.pub"], "lists.key", "a.list").code, 0);
    let id = desk.done("key show both.pub --json").json()["id"].as_str().unwrap().to_string();
    let what_if = desk.done("tenant whatif install a.list");
    assert!(what_if.err.contains(&format!("the key `{id}` is not revoked")), "{what_if:#?}");
    let run = desk.done("tenant install a.list");
    assert!(!what_if.out.contains("Revoked by this") && !run.out.contains("lose"), "{what_if:#?} {run:#?}");
    assert!(run.out.starts_with("recorded without effect: ") && !run.out.contains("done"), "{run:#?}");
    assert!(run.err.contains(&format!("note: the key `{id}` is not revoked")), "{run:#?}");
    // With another entry, that entry has an effect.
    let mut command = desk.command("revoke --after a.list --key lists.key -o b.list");
    let seller = desk.done("key show fabrikam.pub --json").json()["id"].as_str().unwrap().to_string();
    assert!(command.arg("--ended-key").arg(seller).output().unwrap().status.success());
    let run = desk.done("tenant install b.list --json").json();
    let warnings = run["warnings"].as_array().unwrap();
    assert!(warnings.len() == 1 && warnings[0].as_str().unwrap().contains(&id), "{run}");
    desk.run("tenant check bo f365/audit").ends(1, "revoked");
    // A list cannot revoke the key that signs it.
    revoke(&desk, &["lists.pub"], "lists.key", "c.list").ends(2, "[cli.ends-itself]");
    assert!(!desk.path("c.list").exists());
    // A key with both purposes gives a note when it is trusted.
    let init = "tenant init contoso --catalog f365.json --ledger x.ledger --trust";
    let run = desk.done(&format!("{init} both.pub=licenses,lists"));
    assert!(run.err.contains("no list can revoke it") && run.err.contains(&id), "{run:#?}");
}

/// Settings name keys by text: a file name would be resolved in the current folder.
#[test]
fn x3_the_settings_trust_keys_by_their_text_alone() {
    let desk = keys("--trust fabrikam.pub");
    let settings = desk.read("contoso.ledger.json");
    let key = desk.read("fabrikam.pub").trim().to_string();
    for other in ["fabrikam.pub", "../fabrikam.pub=licenses", "-", "both.key"] {
        desk.write("contoso.ledger.json", settings.replace(&key, other));
        desk.run("tenant check bo f365/audit").ends(3, "[cli.settings]");
    }
    desk.write("contoso.ledger.json", settings.replace("=licenses,anyone", "=licenses,all"));
    desk.run("tenant check bo f365/audit").ends(2, "[cli.unknown-purpose]");
}

/// Who trusts no key for lists reads so when the record is created, and what to do when one is refused.
#[test]
fn x3_a_key_is_trusted_for_lists_later() {
    let desk = Desk::selling();
    let init = "tenant init contoso --catalog f365.json --trust";
    let note = "note: no key is trusted for revocation lists, so each is refused: ";
    desk.done(&format!("{init} fabrikam.pub")).ends(0, note);
    let other = desk.done(&format!("{init} fabrikam.pub=licenses,lists --ledger x.ledger"));
    assert!(!other.err.contains("no key is trusted"), "{other:#?}");
    let other = desk.done(&format!("{init} fabrikam.pub=licenses,certificates --ledger y.ledger"));
    assert!(!other.err.contains("no key is trusted"), "{other:#?}");
    assert!(desk.done("tenant --help").out.contains("--trust fabrikam.pub --trust lists.pub=lists "));
    desk.done("tenant install contoso.license");
    assert_eq!(revoke(&desk, &[], "fabrikam.key", "a.list").code, 0);
    desk.run("tenant install a.list").ends(1, "`entitle tenant trust KEY=lists`");
    desk.done("ticket contoso --catalog f365.json --key fabrikam.key -o ticket");
    desk.run("tenant install ticket").ends(1, "`entitle tenant trust KEY=tickets`");
    // A wrong purpose or key changes nothing.
    let settings = desk.read("contoso.ledger.json");
    desk.run("tenant trust fabrikam.pub=all").ends(2, "[cli.unknown-purpose]");
    desk.run("tenant trust none=lists").ends(3, "[cli.unreadable]");
    assert_eq!(desk.read("contoso.ledger.json"), settings);
    desk.done("tenant trust fabrikam.pub=lists").ends(0, "contoso.ledger.json: trusts k4.public.");
    assert!(desk.read("contoso.ledger.json").contains("=licenses,anyone,lists\""));
    desk.done("tenant install a.list");
    desk.done("tenant trust fabrikam.pub=lists").ends(0, "nothing new");
    // A key that is new is added behind the others.
    desk.done("key new lists.key");
    desk.done("tenant trust lists.pub=lists,tickets");
    assert!(desk.read("contoso.ledger.json").contains("=lists,tickets\""));
    assert_eq!(desk.read("contoso.ledger.json").matches("k4.public.").count(), 2);
    desk.run("tenant trust fabrikam.pub --ledger none.ledger").ends(3, "[cli.no-settings]");
}

/// Commands that add keys at once lose none, wait for each other, and leave whole settings.
#[test]
fn x3_keys_that_are_trusted_at_once_are_all_trusted() {
    let desk = keys("--trust fabrikam.pub");
    for number in 0..6 {
        desk.done(&format!("key new k{number}.key"));
    }
    let start = |number| {
        let mut command = desk.command(&format!("tenant trust k{number}.pub=lists --wait 60"));
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..6).map(start).collect();
    for each in running {
        Run::of(&each.wait_with_output().unwrap()).ends(0, "contoso.ledger.json: trusts ");
    }
    assert_eq!(desk.read("contoso.ledger.json").matches("=lists\"").count(), 6);
    let lock = std::fs::OpenOptions::new().append(true).open(desk.path("contoso.ledger.json.lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let before = desk.read("contoso.ledger.json");
    desk.run("tenant trust lists.pub=lists --wait 0").ends(4, "another command writes to contoso.ledger.json");
    assert_eq!(desk.read("contoso.ledger.json"), before);
    assert!(!desk.path("contoso.ledger.json.new").exists());
    // Reading waits for nobody, and a ledger that is not there gets no lock.
    desk.done("tenant plans");
    desk.run("tenant trust lists.pub=lists -l none.ledger").ends(3, "[cli.no-settings]");
    assert!(!desk.path("none.ledger.json.lock").exists());
}

/// Settings may be linked to; the link stays, and what it leads to is written.
#[cfg(unix)]
#[test]
fn x3_settings_that_are_linked_to_are_written_where_they_are() {
    let desk = keys("--trust fabrikam.pub");
    std::fs::create_dir(desk.path("etc")).unwrap();
    std::fs::rename(desk.path("contoso.ledger.json"), desk.path("etc/settings.json")).unwrap();
    std::os::unix::fs::symlink("etc/settings.json", desk.path("contoso.ledger.json")).unwrap();
    desk.done("tenant trust lists.pub=lists");
    assert!(desk.path("contoso.ledger.json").is_symlink() && desk.read("etc/settings.json").contains("=lists\""));
    std::fs::hard_link(desk.path("etc/settings.json"), desk.path("other.json")).unwrap();
    desk.run("tenant trust both.pub=lists").ends(5, "has 2 names (hard links)");
}
