//! Keys: file permissions, and no output contains a secret key.

use std::fs;

use crate::desk::{Desk, Run};

#[cfg(unix)]
#[test]
fn a_secret_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    let mode = |name: &str| fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("fabrikam.key"), 0o600);
    assert_eq!(mode("fabrikam.pub") & 0o400, 0o400);
    assert!(desk.read("fabrikam.key").starts_with("k4.secret."));
    assert!(desk.read("fabrikam.pub").starts_with("k4.public."));
}

#[test]
fn no_key_is_overwritten() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    let before = (desk.read("fabrikam.key"), desk.read("fabrikam.pub"));
    desk.run("key new fabrikam.key").ends(5, "[cli.exists]");
    // If only one of the two files exists, neither is made or lost.
    fs::remove_file(desk.path("fabrikam.pub")).unwrap();
    desk.run("key new fabrikam.key").ends(5, "fabrikam.key already exists");
    assert!(!desk.path("fabrikam.pub").exists());
    assert_eq!(desk.read("fabrikam.key"), before.0);
    desk.run("key new same.pub").ends(2, "[cli.same-file]");
    desk.run("key new nowhere/fabrikam.key").ends(5, "[cli.unwritten]");
}

/// A command that is killed between its two files leaves the secret key, which is all that is needed; what to
/// do is in the error when it is repeated.
#[cfg(unix)]
#[test]
fn a_public_key_is_never_without_its_secret_key() {
    use std::time::SystemTime;
    let desk = Desk::new();
    // The secret key is written before the public one, which cannot be, and is taken away then.
    let folder = fs::File::open(&desk.dir).unwrap();
    folder.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    desk.run("key new fabrikam.key --public nowhere/fabrikam.pub").ends(5, "nowhere/fabrikam.pub cannot be written");
    assert!(!desk.path("fabrikam.key").exists());
    assert_ne!(folder.metadata().unwrap().modified().unwrap(), SystemTime::UNIX_EPOCH, "it was written first");
    // As after a kill between the two.
    desk.done("key new fabrikam.key");
    let public = desk.read("fabrikam.pub");
    fs::remove_file(desk.path("fabrikam.pub")).unwrap();
    desk.run("key new fabrikam.key").ends(
        5,
        "help: nothing was overwritten: it is a whole secret key, and fabrikam.pub is missing: `entitle key show fabrikam.key | head -1 > fabrikam.pub` writes",
    );
    let shown = desk.done("key show fabrikam.key").out;
    assert_eq!(shown.lines().next(), Some(public.trim()));
    // Of what is no secret key the error does not claim to know it.
    desk.write("other.key", "k4.secret.AA");
    let run = desk.run("key new other.key");
    assert!(run.code == 5 && !run.err.contains("whole secret key"), "{run:#?}");
}

#[test]
fn two_keys_are_never_the_same() {
    let desk = Desk::new();
    desk.done("key new one.key");
    desk.done("key new two.key --public beside.pub");
    assert_ne!(desk.read("one.key"), desk.read("two.key"));
    assert!(!desk.path("two.pub").exists());
    desk.run("key show two.key").ends(0, desk.read("beside.pub").trim());
    assert_eq!(desk.done("key show two.key").out, desk.done("key show beside.pub").out);
}

/// Every command with a secret key, or with a file that contains one in place of another file.
#[test]
fn a_secret_is_never_printed() {
    let desk = Desk::installed();
    let secret = desk.read("fabrikam.key").trim().to_string();
    desk.write("hidden.json", format!("{{\"tenant\": 1, \"name\": \"{secret}\"}}"));
    // Half of it would be as bad as all of it.
    let is_shown_in = |text: &str| (10..secret.len() - 12).any(|at| text.contains(&secret[at..at + 12]));
    assert!(is_shown_in(&secret));
    for line in [
        "key show fabrikam.key",
        "key new fabrikam.key",
        "inspect fabrikam.key",
        "inspect contoso.license --trust fabrikam.key",
        "seal fabrikam.key --key fabrikam.key",
        "catalog check hidden.json",
        "inspect hidden.json",
        "deal new --catalog f365.json --from hidden.json",
        "seal deal.json --key fabrikam.key",
        "seal deal.json --key deal.json",
        "revoke --publisher fabrikam --key fabrikam.key",
        "revoke --after fabrikam.key --key fabrikam.key",
        "revise fabrikam.key --catalog f365.json --grant gold=1 --ends never",
        "deal new --catalog fabrikam.key",
        "deal new --catalog f365.json --from fabrikam.key",
        "catalog check fabrikam.key",
        "tenant init other --catalog f365.json --trust fabrikam.key --ledger other.ledger",
        "tenant install fabrikam.key",
        "tenant do fabrikam.key",
        "tenant log --ledger fabrikam.key",
    ] {
        for json in ["", " --json"] {
            let run = desk.run(&format!("{line}{json}"));
            assert!(!is_shown_in(&run.out) && !is_shown_in(&run.err), "{line}{json}: {run:#?}");
        }
    }
    // The text itself on the command line, at any position. It may contain `_`, which means a space
    // in other commands here.
    for before in [
        &["seal", "deal.json", "--key"][..],
        &["key", "show"],
        &["key", "new"],
        &["inspect", "deal.json", "--trust"],
        &["revoke", "--key", "fabrikam.key", "--publisher", "f", "--ended-key"],
        &["no", "such"],
    ] {
        let run = Run::of(&desk.command("").args(before).arg(&secret).output().unwrap());
        assert!(!is_shown_in(&run.out) && !is_shown_in(&run.err), "{before:?}: {run:#?}");
        run.ends(2, "[cli.secret-on-the-command-line]");
    }
}

/// Environment variables, which errors and help could repeat, and files; a misspelt key, or one
/// within other words, is a key as well.
#[test]
fn a_secret_in_the_environment_or_in_a_ledger_is_never_printed() {
    let desk = Desk::installed();
    desk.done("tenant join staff bo");
    let secret = desk.read("fabrikam.key").trim().to_string();
    let is_shown_in = |text: &str| (10..secret.len() - 12).any(|at| text.contains(&secret[at..at + 12]));
    let spelt =
        [secret.clone(), format!("x{secret}"), secret.replace("k4.secret.", "K4.Secret."), format!("{secret}.x y")];
    for secret in &spelt {
        for setting in ["ENTITLE_AT", "ENTITLE_LEDGER", "ENTITLE_SNAPSHOT_EVERY"] {
            for line in [
                "tenant log",
                "tenant check bo f365/audit",
                "tenant record-time --help",
                "--help",
                "tenant no-such",
                "tenant",
            ] {
                for json in ["", " --json"] {
                    let mut command = desk.command(&format!("{line}{json}"));
                    let run = Run::of(&command.env(setting, secret).output().unwrap());
                    assert!(!is_shown_in(&run.out) && !is_shown_in(&run.err), "{setting} {line}{json}: {run:#?}");
                    run.ends(2, "[cli.secret-in-the-environment]".trim_matches(['[', ']']));
                }
            }
        }
    }
    // Environment variables are not repeated.
    for line in ["tenant record-time --help", "--help", "tenant no-such"] {
        let mut command = desk.command(line);
        let run = Run::of(&command.env("ENTITLE_LEDGER", "token-of-something-else").output().unwrap());
        assert!(!run.out.contains("token-of") && !run.err.contains("token-of"), "{line}: {run:#?}");
    }
    // In place of an id, in a ledger that is otherwise valid.
    let key = secret.as_str();
    let ledger = desk.read("contoso.ledger").replace("\"bo\"", &format!("\"{key}\""));
    desk.write("contoso.ledger", ledger);
    desk.write("do.json", format!("[{{\"remove_user\": \"{key}\"}}]"));
    for line in
        ["tenant log", "tenant do do.json", "tenant whatif unassign gold --group staff", "inspect contoso.ledger"]
    {
        for json in ["", " --json"] {
            let run = desk.run(&format!("{line}{json}"));
            assert!(!is_shown_in(&run.out) && !is_shown_in(&run.err), "{line}{json}: {run:#?}");
        }
    }
    desk.run("tenant log").ends(0, "k4.secret.…");
}

/// A key file that was copied without its mode.
#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_noted() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::selling();
    assert_eq!(desk.done("seal deal.json --key fabrikam.key").err, "");
    fs::set_permissions(desk.path("fabrikam.key"), fs::Permissions::from_mode(0o644)).unwrap();
    desk.run("seal deal.json --key fabrikam.key").ends(0, "note: others can read fabrikam.key");
}

#[test]
fn what_is_no_key_is_refused_with_its_reason() {
    let desk = Desk::selling();
    let secret = desk.read("fabrikam.key");
    desk.write("cut.key", &secret.trim()[..50]);
    desk.write("mixed.key", format!("{}{}", &secret.trim()[..90], "A".repeat(secret.trim().len() - 90)));
    desk.run("seal deal.json --key cut.key").ends(3, "[key.not-base64]");
    desk.run("seal deal.json --key mixed.key").ends(3, "[key.mismatched]");
    desk.run("seal deal.json --key fabrikam.pub").ends(3, "[key.other-kind]");
    desk.run("key show deal.json").ends(3, "[key.other-kind]");
    desk.run("seal deal.json --key none.key").ends(3, "[cli.unreadable]");
    desk.run("inspect contoso.license --trust fabrikam.key").ends(2, "[cli.secret-key]");
}
