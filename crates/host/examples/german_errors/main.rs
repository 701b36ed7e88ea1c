//! German for the texts of this crate: a table of wordings, `wordings.json`, which a test keeps complete. That of the
//! core is in `examples/german` of `entitle`; an application looks codes up in both.
//!
//! `cargo run -p entitle-host --example german_errors`

use core::error::Error;
use std::collections::HashMap;
use std::{env, fs};

use entitle::language::{Language, Value};
use entitle::{Catalog, Command, KeyRing, Role};
use entitle_host::store::MemoryStore;
use entitle_host::{Host, LocalOptions, clock};

fn main() -> Result<(), Box<dyn Error>> {
    let table: HashMap<String, String> = serde_json::from_str(include_str!("wordings.json"))?;
    let wording = |code: &str| table.get(code).map(String::as_str);
    // What the table lacks reads in English.
    let german = Language::new(&wording).with_values(&value);
    let catalog = Catalog::from_json(include_str!("../studio.json"))?;
    let ring = KeyRing::new();
    let mia = entitle::Actor::new("mia@contoso.example".parse()?).with(Role::GlobalAdministrator);

    let folder = env::temp_dir().join(format!("entitle-german-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let path = folder.join("record");
    if let Err(error) = LocalOptions::new().read_only().open(&path, &catalog, &ring, "contoso".parse()?) {
        println!("{}", error.message().in_language(&german));
    }
    fs::write(&path, "a letter\n")?;
    if let Err(error) = LocalOptions::new().open(&path, &catalog, &ring, "contoso".parse()?) {
        println!("{}", error.message().in_language(&german));
    }
    fs::remove_dir_all(&folder)?;

    let host = Host::new(MemoryStore::default(), catalog, ring).start();
    if let Err(error) = host.tenant(&"contoso".parse()?) {
        println!("{}", error.message().in_language(&german));
    }
    let join = Command::join("bo".parse()?, "staff".parse()?);
    let answer = host.begin(&"contoso".parse()?)?.submit(mia, vec![join], clock::now())?;
    println!("{}", answer.message().in_language(&german));
    Ok(())
}

/// Writes ids and paths as Germans quote them; `None` leaves a value to the library.
fn value(value: &Value) -> Option<String> {
    match value {
        Value::Id(text) => Some(format!("„{text}“")),
        Value::Quoted(text) => Some(format!("„{}“", text.escape_debug())),
        _ => None,
    }
}
