//! What `--at` changes, of every command that takes it: none takes it and does nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::deal_book::done;
use crate::desk::{Desk, Run};

/// Instants of commands that read: before anything was sold, before most events, before the end and after it.
const READ_AT: [&str; 4] = ["2026-02-25", "2026-03-05", "2027-02-15", "2028-01-01"];

/// Instants of commands that record: after all events, and after the end.
const WRITE_AT: [&str; 2] = ["2026-03-15", "2028-01-01"];

const READ: [&str; 31] = [
    "deal customers",
    "deal ending",
    "deal history contoso",
    "deal list",
    "deal show contoso",
    "inspect contoso.license --trust fabrikam.pub",
    "microsoft graph ends subscriptions.json",
    "microsoft graph user ada skus.json users.json subscriptions.json",
    "report contoso.ledger",
    "tenant apps ada",
    "tenant check ada author",
    "tenant clock",
    "tenant ending",
    "tenant errors",
    "tenant group staff",
    "tenant groups",
    "tenant licenses",
    "tenant listing",
    "tenant log",
    "tenant may-install",
    "tenant plans",
    "tenant queue maker",
    "tenant quotas",
    "tenant report",
    "tenant show",
    "tenant statement",
    "tenant usage",
    "tenant user ada",
    "tenant users",
    "tenant who author",
    "tenant why ada author",
];

const WRITE: [&str; 25] = [
    "deal import old.license --trust fabrikam.pub",
    "deal new --catalog builder.json --tenant x --name X --country DE --grant base=1 --ends 2029-01-01 -o x.json",
    "deal revise deal.json --catalog builder.json --grant maker=5 -o next.json",
    "revise deal.json --catalog builder.json --grant maker=5 -o next.json",
    "key certify lists.pub --key fabrikam.key --publisher fabrikam --until 2029-01-01 -o c.certificate",
    "revoke --publisher fabrikam --key lists.key --deal contoso -o ended.list",
    "seal second.json --key fabrikam.key -o second.license",
    "ticket contoso --catalog builder.json --key fabrikam.key -o t.ticket",
    "tenant assign maker cy",
    "tenant claim maker --as dan --role none",
    "tenant claim-on-first-use maker off",
    "tenant consume sessions bot 1 --id one",
    "tenant do commands.json",
    "tenant extend-trial pro",
    "tenant install second.license.before",
    "tenant join staff dan",
    "tenant leave staff ada",
    "tenant reconcile directory.csv --yes --max-loss 100",
    "tenant record-time",
    "tenant remove-group empty",
    "tenant remove-user ada",
    "tenant sign-up pro --as fay --role none",
    "tenant sign-ups on",
    "tenant start-trial extra",
    "tenant unassign maker ada",
];

/// Returns a desk at which every command has something to do.
fn desk() -> Desk {
    let desk = Desk::new();
    let more = r#"{ "id": "extra", "scope": "user", "name": "Extra", "apps": ["author"] }, { "id": "sessions""#;
    desk.write("builder.json", include_str!("builder.json").replace(r#"{ "id": "sessions""#, more));
    for (name, text) in [
        ("skus", include_str!("../../../microsoft/tests/microsoft/samples/skus.json")),
        ("subscriptions", include_str!("../../../microsoft/tests/microsoft/samples/subscriptions.json")),
        ("users", include_str!("../../../microsoft/tests/microsoft/samples/users.json")),
    ] {
        desk.write(&format!("{name}.json"), text);
    }
    desk.write("directory.csv", "user,group\nada,staff\ndan,\n");
    desk.write("commands.json", "[\"record_time\"]");
    desk.done("key new fabrikam.key");
    desk.done("key new lists.key");
    desk.done("book new fabrikam.book --publisher fabrikam");
    let deal = |of: &str, sold: &str, out: &str| {
        let line = format!(
            "deal new --catalog builder.json {of} {sold} --starts 2026-03-01 --ends 2027-03-01 --at 2026-02-20 -o {out}.json"
        );
        desk.done(&line);
    };
    let contoso = "--tenant contoso --name Contoso --country DE";
    deal(
        contoso,
        "--grant base=1 --grant maker=4 --grant sessions=10 --trial pro=2 --trial extra=2 --days 30 --extensions 2=15",
        "deal",
    );
    deal(contoso, "--grant base=1", "second");
    deal("--tenant northwind --name Northwind --country DE", "--grant base=1", "old");
    done(&desk, "seal deal.json --key fabrikam.key -o contoso.license --at 2026-03-02");
    desk.done("seal second.json --key fabrikam.key -o second.license.before");
    desk.done("seal old.json --key fabrikam.key -o old.license");
    desk.done("tenant init contoso --catalog builder.json --trust fabrikam.pub");
    desk.done("tenant join staff bo --at 2026-03-03");
    for line in [
        "install contoso.license",
        "assign maker ada bo",
        "join empty bo",
        "start-trial pro",
        "join staff ada",
        "consume sessions bot 1 --id first",
        "claim-on-first-use maker on",
        "sign-ups on",
    ] {
        desk.done(&format!("tenant {line} --at 2026-03-10"));
    }
    desk
}

/// Returns a copy of a desk.
fn copy(desk: &Desk) -> Desk {
    let other = Desk::new();
    for file in fs::read_dir(&desk.dir).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
        fs::copy(file.path(), other.path(&file.file_name().to_string_lossy())).unwrap();
    }
    other
}

/// Returns a text without random ids, hashes and signatures.
fn masked(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split_inclusive(|c: char| !is_part(c));
    words.map(|word| if word.len() > 20 { "#" } else { word }).collect()
}

/// What a command does: its exit code, what it prints, and the files after it.
#[derive(Debug, PartialEq)]
struct Outcome {
    code: i32,
    out: String,
    files: BTreeMap<String, String>,
}

/// Returns what a command does at an instant. A note that it reads the past is no part of that.
fn outcome(desk: &Desk, line: &str, at: &str) -> Outcome {
    let desk = copy(desk);
    let mut command = desk.command(line);
    command.env_remove("ENTITLE_AT").args(["--at", at]);
    let is_of_book = ["deal", "key", "revoke", "seal", "ticket"].into_iter().any(|of| line.starts_with(of));
    if is_of_book && !line.starts_with("deal new") {
        command.env("ENTITLE_BOOK", "fabrikam.book").env("ENTITLE_AS", "ada");
    }
    let run = Run::of(&command.output().unwrap());
    let text = |path: &Path| masked(&String::from_utf8_lossy(&fs::read(path).unwrap()));
    let files = fs::read_dir(&desk.dir).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let files = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), text(&path))).collect();
    let refused = run.err.lines().filter(|line| line.starts_with("refused: "));
    Outcome { code: run.code, out: masked(&refused.chain([run.out.as_str()]).collect::<String>()), files }
}

#[test]
fn every_command_that_takes_an_instant_depends_on_it() {
    let desk = desk();
    let rows = include_str!("options.txt").lines().filter_map(|row| row.split_once(": "));
    let with_at: Vec<&str> =
        rows.filter(|(_, options)| options.split(' ').any(|option| option == "at")).map(|(name, _)| name).collect();
    let write = WRITE.iter().map(|line| (line.to_string(), &WRITE_AT[..]));
    let whatif =
        WRITE.iter().filter(|line| !line.contains("reconcile")).filter_map(|line| line.strip_prefix("tenant "));
    let whatif = whatif.map(|line| (format!("tenant whatif {line}"), &WRITE_AT[..]));
    let lines = READ.iter().map(|line| (line.to_string(), &READ_AT[..])).chain(write).chain(whatif);
    let mut without_a_line: Vec<&str> = with_at.clone();
    let mut without_effect = Vec::new();
    for (line, instants) in lines {
        let name = with_at.iter().filter(|name| line.starts_with(&format!("{name} ")) || line == **name);
        let name = name.max_by_key(|name| name.len()).unwrap_or_else(|| panic!("{line} takes no instant"));
        without_a_line.retain(|other| other != name);
        let outcomes: Vec<Outcome> = instants.iter().map(|at| outcome(&desk, &line, at)).collect();
        if outcomes.iter().all(|other| *other == outcomes[0]) {
            without_effect.push((line, outcomes[0].out.clone()));
        }
    }
    assert!(without_a_line.is_empty(), "no line for {without_a_line:?}");
    assert!(without_effect.is_empty(), "{without_effect:#?}");
}
