//! Links the whole library without std: read a catalog, verify a license, decide, apply, check, explain.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::string::ToString;
use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_char, c_int};
use core::panic::PanicInfo;
use entitle::record::Beginning;

use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Command, Decision, KeyRing, PublicKey, RecordId, RequestId, Tenant, Token, UserId};
use entitle_microsoft::catalogue::Edition;
use entitle_microsoft::graph::{Skus, View};
use entitle_microsoft::isv::{Files, OfferDefaults};

/// Reads each of Microsoft's formats; never runs either.
fn use_microsoft(text: &str) -> Option<usize> {
    let catalog = Files::new(text, text).catalog(&OfferDefaults::default()).map_err(|error| error.to_string()).ok()?;
    let edition = Edition::read(text.as_bytes()).map_err(|error| error.to_string()).ok()?;
    let view = View::new(Skus::read(&[text]).ok()?);
    let errors = view.errors().map_or(0, |errors| errors.all.len());
    Some(catalog.apps().count() + edition.products().len() + errors)
}

/// The errors of parsing what the library takes pass through `?` in a host that depends on the library alone.
const _: () = {
    const fn is_error<E: core::error::Error>() {}
    is_error::<entitle::chrono::ParseError>();
};

/// Never runs: it is here so that the linker has to find everything the library needs.
fn use_everything(text: &str) -> Option<usize> {
    let catalog = Catalog::from_json(text).ok()?;
    let key: PublicKey = text.parse().ok()?;
    let ring = KeyRing::new().trust(key, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new(text.parse().ok()?, RecordId::from_random([1; 16])));
    let token: Token = text.parse().ok()?;
    let user: UserId = text.parse().ok()?;
    let event = tenant
        .decide(&Actor::new(user.clone()), &[Command::Install(token)], RequestId::from_random([1; 16]), entitle::time::EARLIEST)
        .map_err(|refusal| refusal.to_string())
        .ok()?;
    tenant.apply(&event).ok()?;
    let app = catalog.app(text).ok()?;
    match tenant.check(&user, &app, entitle::time::LATEST) {
        Decision::Allow(allow) => Some(allow.warnings().count()),
        Decision::Deny(denial) => Some(denial.explain().to_string().len()),
    }
}

#[unsafe(no_mangle)]
extern "C" fn main(_: c_int, _: *const *const c_char) -> c_int {
    c_int::from(use_everything("").is_some() || use_microsoft("").is_some())
}

struct NoMemory;

// SAFETY: it never hands out memory, and null is an answer that an allocator may give.
unsafe impl GlobalAlloc for NoMemory {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: NoMemory = NoMemory;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

// The precompiled core refers to these two, but a program that aborts never calls them.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    loop {}
}

#[link(name = "c")]
unsafe extern "C" {}
