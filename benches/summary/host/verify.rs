//! A program that verifies a license and does nothing else.

use std::error::Error;
use std::fs;

use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{KeyRing, Token};

const KEY: &str = "k4.public._RckOFqgx1tk-3jNYC-h2ZH96_drE8WO1wLqyDXp9hg";

fn main() -> Result<(), Box<dyn Error>> {
    let ring = KeyRing::new().trust(KEY.parse()?, KeyPermissions::new(KeyPurpose::Licenses))?;
    let token: Token = fs::read_to_string("license")?.parse()?;
    println!("{}", ring.verify(&token)?.deal().id);
    Ok(())
}
