//! Verify and check in WebAssembly: no imports, a few numbers out.
#![no_std]

extern crate alloc;

use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::panic::PanicInfo;

use entitle::chrono::DateTime;
use entitle::hashing::HashSeedError;
use entitle::record::Beginning;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Command, Decision, KeyRing, RecordId, RequestId, Role, Tenant, seed_hashes};

/// Room for a text that the host writes; it is read once and never freed.
#[unsafe(no_mangle)]
extern "C" fn room(bytes: usize) -> *mut u8 {
    Vec::leak(alloc::vec![0; bytes]).as_mut_ptr()
}

/// Seeds the hashes with 16 bytes of the host's randomness, since a module has none of its own.
///
/// 0: they have this seed. 1: it is zeros. 2: they have another. 3: ids were hashed before. 4: it is not 16 bytes long.
///
/// # Safety
///
/// The seed stands in room that was asked for.
#[unsafe(no_mangle)]
unsafe extern "C" fn seed(seed: *const u8, len: usize) -> u32 {
    // SAFETY: the caller guarantees it, as required above.
    let seed = unsafe { core::slice::from_raw_parts(seed, len) };
    match seed.try_into().map(seed_hashes) {
        Ok(Ok(())) => 0,
        Ok(Err(HashSeedError::Zero)) => 1,
        Ok(Err(HashSeedError::OtherSeed)) => 2,
        Ok(Err(_)) => 3,
        Err(_) => 4,
    }
}

/// Installs a license, assigns gold to ada and asks whether she may open orders, at an instant in seconds since 1970.
///
/// 1: yes. 2: no. 3: the license does not verify. 4: the input cannot be read.
///
/// # Safety
///
/// Both texts stand in room that was asked for.
#[unsafe(no_mangle)]
unsafe extern "C" fn may_ada_open_orders(key: *const u8, key_len: usize, token: *const u8, len: usize, at: i64) -> u32 {
    // SAFETY: the caller guarantees it, as required above.
    let (key, token) = unsafe { (core::slice::from_raw_parts(key, key_len), core::slice::from_raw_parts(token, len)) };
    answer(key, token, at).unwrap_or(4)
}

fn answer(key: &[u8], token: &[u8], at: i64) -> Option<u32> {
    let catalog = Catalog::from_json(include_str!("../../../examples/fabrikam.json")).ok()?;
    let key = core::str::from_utf8(key).ok()?.parse().ok()?;
    let ring = KeyRing::new().trust(key, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse().ok()?, RecordId::from_random([1; 16])));
    let token = core::str::from_utf8(token).ok()?.parse().ok()?;
    if ring.verify(&token).is_err() {
        return Some(3);
    }
    let ada = "ada".parse().ok()?;
    let assign = Command::assign(Clone::clone(&ada), "gold".parse().ok()?);
    let at = DateTime::from_timestamp(at, 0)?;
    let actor = Actor::new(Clone::clone(&ada)).with(Role::GlobalAdministrator);
    // Outside the term no seat is free, and the assignment is refused.
    for (command, request) in [(Command::Install(token), [2; 16]), (assign, [3; 16])] {
        if let Ok(entry) = tenant.decide(&actor, &[command], RequestId::from_random(request), at) {
            tenant.apply(&entry).ok()?;
        }
    }
    let orders = catalog.app("f365/orders").ok()?;
    match tenant.check(&ada, &orders, at) {
        Decision::Allow(_) => Some(1),
        Decision::Deny(_) => Some(2),
    }
}

/// Hands out memory and never takes it back: the module answers a few questions and is gone.
struct Bump(UnsafeCell<usize>);

const PAGE: usize = 64 * 1024;

// SAFETY: WebAssembly without threads has one.
unsafe impl Sync for Bump {}

// SAFETY: each call hands out memory behind all that was handed out before, aligned, or none.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: nobody else holds the cell, see above.
        let next = unsafe { &mut *self.0.get() };
        if *next == 0 {
            *next = core::arch::wasm32::memory_size(0) * PAGE;
        }
        let start = next.next_multiple_of(layout.align());
        let end = start + layout.size();
        let missing = end.saturating_sub(core::arch::wasm32::memory_size(0) * PAGE).div_ceil(PAGE);
        if missing > 0 && core::arch::wasm32::memory_grow(0, missing) == usize::MAX {
            return core::ptr::null_mut();
        }
        *next = end;
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: Bump = Bump(UnsafeCell::new(0));

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
