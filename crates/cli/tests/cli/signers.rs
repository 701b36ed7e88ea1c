//! Signing by a command that has the secret key: `--signer`.
#![cfg(unix)]

use core::time::Duration;
use std::process::{Command, Stdio};
use std::thread;

use entitle::Token;
use entitle::token::{KeyPermissions, KeyPurpose};

use crate::desk::{Desk, Run, SELL};

/// The signer of the manual, over a key that OpenSSL made.
const SIGN: &str = r#"#!/bin/sh
set -e
file=$(mktemp); trap 'rm -f "$file"' EXIT
cat > "$file"
openssl pkeyutl -sign -rawin -inkey fabrikam.pem -in "$file"
"#;

fn openssl(desk: &Desk, line: &str) {
    let status = Command::new("openssl").args(line.split(' ')).current_dir(&desk.dir).status().unwrap();
    assert!(status.success(), "openssl {line}");
}

/// A folder in which OpenSSL has Fabrikam's key, and a deal to be signed.
fn desk() -> Desk {
    let desk = Desk::new();
    openssl(&desk, "genpkey -algorithm ed25519 -out fabrikam.pem");
    openssl(&desk, "pkey -in fabrikam.pem -pubout -out public.pem");
    desk.write("sign.sh", SIGN);
    desk.done(SELL);
    desk
}

#[test]
fn x9_openssl_signs_each_kind_of_document() {
    let desk = desk();
    assert!(include_str!("../../../../src/manual/other-languages.md").contains(SIGN), "the manual has another signer");
    let public = desk.done("key show public.pem").out;
    desk.write("fabrikam.pub", public.lines().next().unwrap());
    // The public key as PEM, and as the text that is compiled into the application.
    for key in ["public.pem", "fabrikam.pub"] {
        let sign = format!("--key {key} --signer sh_sign.sh");
        desk.done(&format!("seal deal.json {sign} -o {key}.license"));
        desk.done(&format!("revoke --publisher fabrikam {sign} -o {key}.list"));
        desk.done(&format!("revoke --after {key}.list {sign} -o {key}.next"));
        desk.done(&format!("ticket contoso --catalog f365.json {sign} -o {key}.ticket"));
    }
    assert_eq!(desk.read("public.pem.license"), desk.read("fabrikam.pub.license"));
    desk.done("tenant init contoso --catalog f365.json --trust public.pem=licenses,lists,tickets");
    for file in ["license", "list", "next", "ticket"] {
        desk.done(&format!("tenant install fabrikam.pub.{file}"));
    }
    // A key of this program with the same secret would make the same token.
    let token = Token::from_armor(&desk.read("public.pem.license")).unwrap();
    let ring = entitle::KeyRing::new();
    let key = public.lines().next().unwrap().parse().unwrap();
    let ring = ring.trust(key, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    assert_eq!(ring.verify(&token).unwrap().key().to_string(), public.lines().nth(1).unwrap());
}

/// The bytes on stdin are the library's, so a signature over them by the secret key makes the same file.
#[test]
fn x9_the_command_gets_the_bytes_and_only_a_right_signature_counts() {
    let desk = desk();
    desk.done("key new fabrikam.key");
    for (key, command, message) in [
        // Other bytes, as a program signs that adds a line feed.
        ("public.pem", "(cat;echo)_|_sh_sign.sh", "[signature.mismatch]"),
        // These bytes, by another key than the one that is named.
        ("fabrikam.pub", "sh_sign.sh", "[signature.mismatch]"),
        ("public.pem", "head_-c_64_/dev/zero", "[signature.not-a-signature]"),
        ("public.pem", "sh_sign.sh_|_base64_-w_0", "a signature has 64 bytes, this one 88"),
        ("public.pem", "true", "a signature has 64 bytes, this one 0"),
        ("public.pem", "head_-c_64_/dev/zero;_exit_3", "exit status: 3"),
        ("public.pem", "no-such-signer", "[cli.signer-failed]"),
        // More than is read.
        ("public.pem", "cat_/dev/zero", "[cli.signer-failed]"),
    ] {
        desk.run(&format!("seal deal.json --key {key} -o out.license --signer {command}")).ends(3, message);
        assert!(!desk.path("out.license").exists(), "{command}");
    }
    // The secret key has no place beside a signer.
    desk.run("seal deal.json --key fabrikam.key --signer true").ends(2, "[cli.secret-key]");
    openssl(&desk, "genpkey -algorithm x25519 -out other.pem");
    openssl(&desk, "pkey -in other.pem -pubout -out other.pub.pem");
    desk.run("seal deal.json --key other.pub.pem --signer true").ends(3, "[cli.not-ed25519]");
    let json = desk.run("seal deal.json --key fabrikam.pub --signer true --json");
    assert_eq!(json.json()["error"]["code"], "signature.length");
}

/// Everybody on a machine sees the command lines on it, and they are short.
#[test]
fn x9_no_signer_of_the_manual_has_a_pin_or_a_document_on_its_command_line() {
    let manual = include_str!("../../../../src/manual/other-languages.md");
    let lines = || manual.split("```sh\n").skip(1).filter_map(|block| block.split("```").next()).flat_map(str::lines);
    assert!(lines().any(|line| line.contains("pkcs11-tool")) && lines().any(|line| line.contains("vault write")));
    for line in lines().filter(|line| line.contains("pkcs11-tool") || line.contains("vault write")) {
        assert!(!line.contains("$PIN") && !line.contains("$(base64"), "{line}");
    }
}

/// The signer of the manual over a hardware module, here one in software, where it is installed.
#[test]
fn x9_a_module_signs_by_pkcs11() {
    let manual = include_str!("../../../../src/manual/other-languages.md");
    let script = manual.split("```sh\n").find(|block| block.contains("pkcs11-tool --module")).unwrap();
    let script = script.split("```").next().unwrap();
    let folders = ["/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm"];
    let modules = folders.map(|folder| format!("{folder}/libsofthsm2.so"));
    let Some(module) = modules.iter().find(|module| std::path::Path::new(module).exists()) else {
        eprintln!("SoftHSM is not installed: its signer is not tried");
        return;
    };
    let desk = Desk::new();
    desk.write("pkcs11.sh", script);
    std::fs::create_dir(desk.path("tokens")).unwrap();
    desk.write("softhsm.conf", format!("directories.tokendir = {}\n", desk.path("tokens").display()));
    let shell = |line: &str| {
        let line = line.replace("MODULE", &format!("pkcs11-tool --module {module} --login --pin 1234"));
        let status =
            Command::new("sh").args(["-c", &line]).current_dir(&desk.dir).env("SOFTHSM2_CONF", "softhsm.conf").status();
        status.is_ok_and(|status| status.success())
    };
    if !shell(
        "softhsm2-util --init-token --free --label t --pin 1234 --so-pin 1234 && MODULE --keypairgen --key-type EC:edwards25519 --id 01",
    ) {
        eprintln!("OpenSC is not installed, or makes no Ed25519 key: its signer is not tried");
        return;
    }
    assert!(shell("MODULE --read-object --type pubkey --id 01 -o public.pem"));
    desk.done(SELL);
    let mut seal = desk.command("seal deal.json --key public.pem -o out.license --signer sh_pkcs11.sh");
    let run =
        seal.env("SOFTHSM2_CONF", "softhsm.conf").env("PKCS11_MODULE", module).env("PIN", "1234").output().unwrap();
    assert!(run.status.success(), "{run:?}");
    desk.done("inspect out.license --trust public.pem");
}

/// While a command signs, nobody else takes the number of its list; and what was signed anew is what the book has.
#[test]
fn x9_a_book_is_locked_while_a_command_signs() {
    let desk = desk();
    desk.done("book new fabrikam.book --publisher fabrikam");
    desk.write("slow.sh", "touch started; while [ ! -e go ]; do sleep 0.01; done; exec sh sign.sh");
    let revoke = "revoke --key public.pem --book fabrikam.book --as ada";
    let mut slow = desk.command(&format!("{revoke} -o one.list --signer sh_slow.sh"));
    let mut slow = slow.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !desk.path("started").exists() {
        assert!(slow.try_wait().unwrap().is_none(), "it waits for its signer");
        thread::sleep(Duration::from_millis(5));
    }
    desk.run(&format!("{revoke} --signer sh_sign.sh --wait 0")).ends(4, "[cli.locked]");
    desk.write("go", "");
    Run::of(&slow.wait_with_output().unwrap()).ends(0, "one.list: revocation list 1 of fabrikam");
    desk.run(&format!("{revoke} -o two.list --signer sh_sign.sh")).ends(0, "two.list: revocation list 2 of fabrikam");
    // A signer that fails leaves nothing in the book.
    let book = desk.read("fabrikam.book");
    desk.run(&format!("{revoke} --signer false")).ends(3, "[cli.signer-failed]");
    assert_eq!(desk.read("fabrikam.book"), book);
}
