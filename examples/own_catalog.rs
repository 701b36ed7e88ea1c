//! A publisher's own tests: what the price list promises, proven of the catalog for every customer there can be.
//!
//! `cargo run --example own_catalog` (in your own project, let each promise be a `#[test]`)

use core::error::Error;

use entitle::Catalog;
use entitle::testing::{LawFailure, Laws};

/// What Fabrikam promises, one law a line.
fn promises(catalog: &Catalog) -> Vec<(&'static str, Result<(), LawFailure>)> {
    let laws = Laws::of(catalog);
    vec![
        ("who pays more gets more", laws.unlocks_all_of("gold", "silver")),
        ("who pays for silver has all of bronze", laws.unlocks_all_of("silver", "bronze")),
        ("the audit is sold with gold only", laws.opens_only_with("f365/audit", "gold")),
        ("what we list, somebody can open", laws.every_app_can_be_opened()),
    ]
}

fn show(catalog: &Catalog) -> usize {
    let promises = promises(catalog);
    for (promise, proof) in &promises {
        match proof {
            Ok(()) => println!("proven: {promise}"),
            Err(doubt) => println!("BROKEN: {promise}\n{doubt}"),
        }
    }
    promises.iter().filter(|(_, proof)| proof.is_err()).count()
}

fn main() -> Result<(), Box<dyn Error>> {
    let text = include_str!("fabrikam.json");
    println!("The catalog as it is sold:");
    let broken = show(&Catalog::from_json(text)?);

    // Somebody moved the audit to silver, and forgot the forecasts in gold.
    let mut slipped = Catalog::from_json(text)?.offer().clone();
    for plan in &mut slipped.plans {
        match plan.id.as_str() {
            "silver" => plan.apps.push("f365/audit".parse()?),
            "gold" => plan.apps.retain(|app| app.as_str() != "f365/forecasts"),
            _ => {}
        }
    }
    println!("\nA copy with two slips in it, which is a sound catalog all the same:");
    let slips = show(&Catalog::new(slipped)?);
    if (broken, slips) == (0, 2) { Ok(()) } else { Err("the laws say something else".into()) }
}
