//! The deal book says what the customers' application makes of a deal, by the keys that it trusts.

use serde_json::Value;

use crate::deal_book::{GOLD, deal, done, sell, with, with_book};
use crate::desk::{Desk, Run};

/// Returns the state of each deal, as `customer state`.
fn states(desk: &Desk, trust: &str) -> Vec<String> {
    let json = done(desk, &format!("deal list --json --at 2026-06-01 {trust}")).json()["deals"].clone();
    let row = |row: &Value| format!("{} {}", row["customer"]["id"].as_str().unwrap(), row["state"].as_str().unwrap());
    json.as_array().unwrap().iter().map(row).collect()
}

/// Returns what a record of the customer says, in which everything that it takes is installed.
fn state_in_record(desk: &Desk, customer: &str, trust: &str, documents: &[&str]) -> String {
    let ledger = "record.ledger";
    for file in ["record.ledger", "record.ledger.json", "record.ledger.lock"] {
        _ = std::fs::remove_file(desk.path(file));
    }
    desk.done(&format!("tenant init {customer} --catalog f365.json --ledger {ledger} {trust}"));
    for document in documents {
        desk.run(&format!("tenant install {document} --ledger {ledger} --at 2026-05-20"));
    }
    let json = desk.done(&format!("tenant licenses --json --ledger {ledger} --at 2026-06-01")).json();
    let documents = json["documents"].as_array().unwrap();
    let license = documents.iter().find(|document| document["license"].is_string() && document["state"] == "in_force");
    let phase = license.map_or("not accepted", |license| license["grants"][0]["phase"].as_str().unwrap());
    format!("{customer} {phase}")
}

fn id(desk: &Desk, key: &str) -> String {
    desk.done(&format!("key show {key}.pub --json")).json()["id"].as_str().unwrap().to_string()
}

/// Whatever the application trusts, the book says what its record says.
#[test]
fn x3_the_book_says_what_the_application_says() {
    let desk = with_book();
    desk.done("key new reseller.key");
    let certify = "key certify reseller.pub --publisher fabrikam --until 2027-02-20 --key fabrikam.key --at 2026-02-01 -o reseller.certificate";
    done(&desk, certify);
    sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    deal(&desk, "fourth", GOLD);
    desk.done("seal fourth.json --key reseller.key -o fourth.license");
    done(&desk, "deal import fourth.license");
    // The key for licenses signs a list by mistake, and the key for lists revokes the key for licenses.
    done(&desk, "revoke --deal northwind --key fabrikam.key --at 2026-05-01 -o mistaken.list");
    done(&desk, "revoke --deal contoso --key lists.key --at 2026-05-01 -o one.list");
    let ended = id(&desk, "fabrikam");
    let documents = ["reseller.certificate", "mistaken.list", "two.list", "one.list", "CUSTOMER.license"];
    for step in ["deal", "key"] {
        if step == "key" {
            let mut revoke =
                desk.command("revoke --key lists.key --book fabrikam.book --as ada --at 2026-05-10 -o two.list");
            Run::of(&revoke.args(["--ended-key", &ended]).output().unwrap()).ends(0, "list 2 of fabrikam, 2 entries");
        }
        for trust in [
            "--trust fabrikam.pub",
            "--trust fabrikam.pub --trust lists.pub=lists",
            "--trust fabrikam.pub=licenses,lists",
            "--trust fabrikam.pub=licenses,lists --trust lists.pub=lists",
            "--trust fabrikam.pub=licenses,certificates --trust lists.pub=lists",
            "--trust fabrikam.pub=licenses,lists,certificates --trust lists.pub=lists",
            "--trust fabrikam.pub=lists --trust lists.pub=licenses",
            "--trust fabrikam.pub=anyone --trust lists.pub=lists",
            "--trust lists.pub=lists --trust reseller.pub",
        ] {
            let in_records = ["contoso", "northwind", "fourth"].map(|customer| {
                let documents = documents.map(|document| document.replace("CUSTOMER", customer));
                let there = documents.iter().map(String::as_str).filter(|document| desk.path(document).exists());
                state_in_record(&desk, customer, trust, &there.collect::<Vec<_>>())
            });
            assert_eq!(states(&desk, trust), in_records, "{step}: {trust}");
        }
    }
}

/// A document of a key that the book does not have names the key and the option for it, to the publisher: an
/// empty book, and one that has another key.
#[test]
fn x3_an_import_names_the_key_that_is_missing_and_the_option_for_it() {
    let desk = with_book();
    deal(&desk, "contoso", GOLD);
    desk.done("seal contoso.json --key fabrikam.key -o contoso.license");
    let expected = format!(
        "error: contoso.license: signed with the key `{}`, which is neither a key of fabrikam.book nor named with --trust. \
         Nothing was done [token.unknown-key]\n  help: if it is a key of yours, name the file of its public key with --trust; \
         if a key of yours certifies it, give the certificate too\n",
        id(&desk, "fabrikam")
    );
    let empty = with(&desk, "deal import contoso.license");
    assert_eq!((empty.code, empty.err), (3, expected.clone()));
    done(&desk, "revoke --key lists.key -o one.list");
    let other = with(&desk, "deal import contoso.license");
    assert_eq!((other.code, other.err), (3, expected.replace("unknown-key", "no-certificate")));
    // The option that it names is what is missing.
    done(&desk, "deal import contoso.license --trust fabrikam.pub");
}

/// Without --trust the book says what it assumes, where that decides.
#[test]
fn x3_what_the_book_assumes_of_keys_is_noted_where_lists_decide() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    let note = format!(
        "note: what lists revoke is shown for an application that trusts {} for lists, and each other key for what it signed; name the keys of yours with their purposes, as in `--trust fabrikam.pub --trust lists.pub=lists`",
        id(&desk, "lists")
    );
    let quiet = |line: &str| {
        let run = done(&desk, line);
        assert!(!run.err.contains("trusts") && !run.err.contains("not counted"), "{line}: {run:#?}");
        run
    };
    quiet("deal list");
    done(&desk, "revoke --deal contoso --key lists.key -o one.list");
    for line in ["deal list", "deal show contoso", "deal history contoso", "deal customers", "deal ending"] {
        done(&desk, line).ends(0, &note);
        let run = quiet(&format!("{line} --trust fabrikam.pub --trust lists.pub=lists"));
        let other = done(&desk, &format!("{line} --trust fabrikam.pub"));
        assert_eq!(other.err.matches(" is not counted: no --trust names this key for lists").count(), 1, "{other:#?}");
        assert!(run.out != other.out || line == "deal ending", "{line}: a list that does not count changes nothing");
    }
    // Programs read the same beside each answer.
    let lists = id(&desk, "lists");
    let assumed = |line: &str| -> Vec<Value> {
        let json = done(&desk, &format!("{line} --json")).json();
        let rows = ["deals", "customers", "ending"].iter().find_map(|name| json.get(name)?.as_array().cloned());
        let all = rows.unwrap_or_else(|| vec![json]);
        all.iter().map(|each| each["assumed_list_keys"].clone()).collect()
    };
    let (named, quiet_one) = (serde_json::json!([lists]), serde_json::json!([]));
    for line in ["deal list", "deal customers"] {
        assert_eq!(assumed(line), [named.clone(), quiet_one.clone()], "{line}");
        let trust = format!("{line} --trust fabrikam.pub --trust lists.pub=lists");
        assert_eq!(assumed(&trust), [quiet_one.clone(), quiet_one.clone()], "{line}");
    }
    assert_eq!(
        assumed("deal ending --at 2027-02-01"),
        core::slice::from_ref(&quiet_one),
        "what is revoked is left out"
    );
    for line in ["deal show contoso", "deal history contoso"] {
        assert_eq!(assumed(line), core::slice::from_ref(&named), "{line}");
    }
    // Deals that no list names are what they are.
    quiet("deal list --customer northwind");
    quiet("deal show northwind");
    // The environment names the keys as well, and words on the command line count alone.
    let run = |line: &str, keys: &str| {
        let mut command = desk.command(line);
        Run::of(&command.env("ENTITLE_BOOK", "fabrikam.book").env("ENTITLE_TRUST", keys).output().unwrap())
    };
    let keys = std::env::join_paths(["fabrikam.pub", "lists.pub=lists"]).unwrap().into_string().unwrap();
    let listed = run("deal list", &keys);
    assert!(listed.out.contains("revoked") && listed.err.is_empty(), "{listed:#?}");
    assert!(!run("deal list --trust fabrikam.pub", &keys).out.contains("revoked"));
    assert!(run("deal list", "").err.contains(&note));
    run("deal list", "fabrikam.pub=none").ends(2, "[cli.unknown-purpose]");
    run("deal list", "fabrikam.key").ends(2, "[cli.secret-key]");
    with(&desk, "deal list --trust fabrikam.pub --trust fabrikam.pub").ends(2, "[cli.key-twice]");
}

/// A revision that the application does not accept changes nothing there: the one before stays in force.
#[test]
fn x3_a_revision_that_the_application_does_not_accept_is_named() {
    let desk = with_book();
    desk.done("key new other.key");
    let contoso = sell(&desk, "contoso", GOLD);
    done(&desk, "revise contoso --catalog f365.json --grant gold=9 --ends 2028-03-01 -o second.json");
    done(&desk, "seal second.json --key other.key");
    let trust = "--trust fabrikam.pub --at 2026-06-01";
    let run = done(&desk, &format!("deal list {trust}"));
    run.ends(0, "not accepted");
    let note = format!("note: the application does not accept revision 2 of {} (The contoso): ", &contoso[..8]);
    assert!(run.err.contains(&note) && run.err.trim_end().ends_with("; revision 1 stays in force"), "{run:#?}");
    done(&desk, &format!("deal show contoso {trust}")).ends(0, "state    not accepted: ");
    let history = done(&desk, &format!("deal history contoso {trust}"));
    assert_eq!(history.out.matches("  not accepted: ").count(), 1, "{history:#?}");
    // What is in force is what the customer may use, and what ends.
    done(&desk, &format!("deal customers {trust}")).ends(0, "2 x gold  2027-03-01");
    done(&desk, "deal ending --trust fabrikam.pub --at 2027-02-01")
        .ends(0, "2027-03-01  The contoso  gold      2     0");
    done(&desk, "deal ending --trust fabrikam.pub --trust other.pub --at 2027-02-01").ends(0, "Nothing ends");
    // Without a revision that is accepted, none is in force.
    let run = done(&desk, "deal list --trust lists.pub=lists --at 2026-06-01");
    assert!(run.err.contains("; none is in force"), "{run:#?}");
    done(&desk, "deal customers --trust lists.pub=lists --at 2026-06-01").ends(0, "nothing");
}

/// A list of the book that the named keys do not make count is named, with the options that make it count.
#[test]
fn x3_a_list_that_the_named_keys_leave_out_is_named_with_what_trusts_it() {
    let desk = with_book();
    let contoso = sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    done(&desk, "revoke --deal contoso --key fabrikam.key -o one.list");
    let both = "--trust fabrikam.pub=licenses,anyone,lists";
    done(&desk, "deal list").ends(0, &format!("with their purposes, as in `{both}`"));
    let note = format!(
        "note: a revocation list of the key {} names {} (The contoso), or who signed it, and is not counted: no --trust names this key for lists; if the application trusts it for lists, give `{both}` in place of `--trust fabrikam.pub`",
        id(&desk, "fabrikam"),
        &contoso[..8]
    );
    for line in ["deal list", "deal show contoso", "deal history contoso", "deal customers", "deal ending"] {
        done(&desk, &format!("{line} --trust fabrikam.pub")).ends(0, &note);
        let counted = done(&desk, &format!("{line} {both}"));
        assert!(!counted.err.contains("not counted"), "{counted:#?}");
    }
    done(&desk, &format!("deal show contoso {both}")).ends(0, "list     revoked by");
    let keys = |line: &str| done(&desk, &format!("{line} --json")).json()["ignored_list_keys"].clone();
    assert_eq!(keys("deal show contoso --trust fabrikam.pub"), serde_json::json!([id(&desk, "fabrikam")]));
    assert_eq!(keys(&format!("deal show contoso {both}")), serde_json::json!([]));
    assert_eq!(keys("deal show contoso"), serde_json::json!([]));
    assert_eq!(keys("deal show northwind --trust fabrikam.pub"), serde_json::json!([]));
    // Another key is named by its text, which can be copied.
    done(&desk, "revoke --deal northwind --key lists.key -o two.list");
    let public = desk.read("lists.pub");
    let run = done(&desk, "deal show northwind --trust fabrikam.pub");
    let option = format!("--trust {}=lists", public.trim());
    run.ends(0, &format!("give `{option}` as well"));
    let (name, value) = option.split_once(' ').unwrap();
    let mut show = desk.command("deal show northwind --trust fabrikam.pub --book fabrikam.book");
    Run::of(&show.args([name, value]).output().unwrap()).ends(0, "list     revoked by");
    // The same form is what `inspect` takes.
    done(&desk, &format!("inspect one.list {both}")).ends(0, "verified with fabrikam.pub");
    done(&desk, &format!("inspect contoso.license {both} --list one.list")).ends(0, "revoked on");
}
