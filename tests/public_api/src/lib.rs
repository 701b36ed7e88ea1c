//! The public API of the library as a list, kept in `entitle.txt`: the test fails where it changed,
//! and says what. `UPDATE_SNAPSHOTS=yes cargo test --manifest-path tests/public_api/Cargo.toml`
//! writes the list again.

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use public_api::Builder;

    #[test]
    fn the_public_api_is_that_of_the_snapshot() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = here.join("../../target/public_api");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["rustdoc", "--locked", "--lib", "--all-features", "--target-dir"]).arg(&target);
        cargo.args(["--", "-Zunstable-options", "--output-format", "json"]);
        // The JSON is unstable; this makes the installed compiler write it.
        let status = cargo.env("RUSTC_BOOTSTRAP", "1").current_dir(here.join("../..")).status();
        assert!(status.expect("cargo runs").success());
        let json = target.join("doc/entitle.json");
        // What each type derives, or gets from the standard library, is left out.
        let builder = Builder::from_rustdoc_json(json).omit_blanket_impls(true).omit_auto_trait_impls(true);
        let api = builder.omit_auto_derived_impls(true).build().expect("the compiler's JSON has the format of `public-api`");
        api.assert_eq_or_update(here.join("entitle.txt"));
    }
}
