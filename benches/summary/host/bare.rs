//! A program that reads the same files and does nothing with them.

use std::error::Error;
use std::fs;

const CATALOG: &str = include_str!("../../../examples/fabrikam.json");

fn main() -> Result<(), Box<dyn Error>> {
    let (ledger, license) = (fs::read_to_string("ledger")?, fs::read_to_string("license")?);
    println!("{CATALOG} {ledger} {license}");
    Ok(())
}
