//! The work that an input makes, at two sizes.

use core::hint::black_box;
use core::time::Duration;
use std::time::Instant;

/// What one size of an input took.
pub struct Taken {
    pub bytes: usize,
    pub work: Duration,
}

impl Taken {
    fn per_megabyte(&self) -> f64 {
        self.work.as_secs_f64() / (self.bytes as f64 / 1e6)
    }
}

/// Does something that is asked of an input of so many bytes.
pub fn take<R>(bytes: usize, work: impl FnOnce() -> R) -> Taken {
    let start = Instant::now();
    black_box(work());
    Taken { bytes, work: start.elapsed() }
}

pub fn heading() {
    println!("{:<58} {:>22} {:>9} {:>11} {:>11} {:>6}", "input", "size", "MB", "s/MB", "s/MB larger", "times");
}

/// Prints how the work for each megabyte grows from a size to a larger one. The better of two rounds counts.
pub fn growth(name: &str, [small, large]: [usize; 2], work: impl Fn(usize) -> Taken) {
    let best = |size| {
        let first = work(size);
        // What is slow is not measured for long.
        if first.work > Duration::from_secs(2) {
            return first;
        }
        let second = work(size);
        if second.work < first.work { second } else { first }
    };
    let (few, many) = (best(small), best(large));
    let (one, other) = (few.per_megabyte(), many.per_megabyte());
    let sizes = format!("{small} to {large}");
    let megabytes = many.bytes as f64 / 1e6;
    println!("{name:<58} {sizes:>22} {megabytes:>9.2} {one:>11.4} {other:>11.4} {:>6.2}", other / one);
}
