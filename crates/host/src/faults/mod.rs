//! Whether a store keeps what it acknowledged when processes are killed and servers fail: for those who
//! write one.
//!
//! Several processes, each with several threads, give the last seats of one tenant to users and take
//! them back, as fast as the store lets them. One after the other is killed and started again, and the
//! caller lets its servers fail meanwhile. Every answer is then compared with the record: nothing that
//! was acknowledged is lost, nothing that was denied is stored, nothing is stored twice, and no reader
//! ever had more seats given than there are.
//!
//! A process that writes is a program, such as the tests themselves, that opens the store and calls
//! [`write()`]:
//!
//! ```no_run
//! use std::process::Command;
//!
//! use entitle_host::faults::{self, Faults};
//! use entitle_host::store::FileStore;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     if let Some(folder) = std::env::args_os().nth(1) {
//!         return Err(faults::write(|| FileStore::open(&folder)).into());
//!     }
//!     let (program, folder) = (std::env::current_exe()?, std::env::temp_dir().join("records"));
//!     let writer = || {
//!         let mut writer = Command::new(&program);
//!         writer.arg(&folder);
//!         writer
//!     };
//!     let found = Faults::new().run(&FileStore::open(&folder)?, writer, |_| {})?;
//!     assert!(found.is_right(), "{found}");
//!     Ok(())
//! }
//! ```
//!
//! The store has to be without a record of the tenant `entitle-faults`.

mod error;

mod scene;

mod write;

mod report;

mod read;

mod compare;

mod run;

pub use error::FaultsError;
pub use report::{FaultsReport, Finding};
pub use run::{Faults, Progress};
pub use write::write;
