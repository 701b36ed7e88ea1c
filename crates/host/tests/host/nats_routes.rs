//! What stands between the servers of a cluster, and can be cut.

use core::sync::atomic::{AtomicBool, Ordering};
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The way from one server to another.
pub(crate) struct Route {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) port: u16,
    is_cut: Arc<AtomicBool>,
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Route {
    /// Starts a way from a server to another, whose port is given.
    pub(crate) fn start(from: usize, to: usize, target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (is_cut, ends) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let route = Self { from, to, port, is_cut: Arc::clone(&is_cut), ends: Arc::clone(&ends) };
        thread::spawn(move || {
            for one in listener.incoming().map_while(Result::ok) {
                let Ok(other) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let mut ends = ends.lock().unwrap();
                // It is cut under this lock, or else the ends are among those that are cut.
                if is_cut.load(Ordering::Relaxed) {
                    continue;
                }
                for (from, to) in [(&one, &other), (&other, &one)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    thread::spawn(move || {
                        _ = io::copy(&mut from, &mut to);
                        _ = to.shutdown(Shutdown::Both);
                    });
                }
                ends.extend([one, other]);
            }
        });
        route
    }

    /// Ends all connections on this way, and lets no other begin.
    pub(crate) fn cut(&self) {
        let mut ends = self.ends.lock().unwrap();
        self.is_cut.store(true, Ordering::Relaxed);
        for end in ends.drain(..) {
            _ = end.shutdown(Shutdown::Both);
        }
    }
}
