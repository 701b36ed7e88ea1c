//! What stands between a client and a PostgreSQL server, and fails as networks and servers do.

use core::sync::atomic::{AtomicU8, Ordering};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

/// What becomes of what a client sends, and of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Everything arrives.
    Nothing = 0,
    /// Nothing arrives, and no connection ends.
    Silence = 1,
    /// What is sent arrives, and no answer does.
    NoAnswers = 2,
    /// The connection ends instead of the next answer.
    EndsAtAnswer = 3,
}

/// A proxy, to which clients connect instead of the server.
pub(crate) struct Proxy {
    port: u16,
    fault: Arc<AtomicU8>,
    clients: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// Starts a proxy of a server whose socket is at a path.
    pub(crate) fn start(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (fault, clients) = (Arc::new(AtomicU8::new(0)), Arc::new(Mutex::new(Vec::new())));
        let proxy = Self { port, fault: Arc::clone(&fault), clients: Arc::clone(&clients) };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                clients.lock().unwrap().push(client.try_clone().unwrap());
                let Ok(server) = UnixStream::connect(&socket) else { continue };
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let asked = Arc::clone(&fault);
                thread::spawn(move || pass(from, to, || at(&asked) != Fault::Silence));
                let answered = Arc::clone(&fault);
                let end = client.try_clone().unwrap();
                thread::spawn(move || {
                    pass(server, client, || match at(&answered) {
                        Fault::Nothing => true,
                        Fault::Silence | Fault::NoAnswers => false,
                        Fault::EndsAtAnswer => {
                            _ = end.shutdown(Shutdown::Both);
                            false
                        }
                    });
                });
            }
        });
        proxy
    }

    pub(crate) fn fail(&self, fault: Fault) {
        self.fault.store(fault as u8, Ordering::Relaxed);
    }

    /// Ends every connection, as a server that is killed does.
    pub(crate) fn cut(&self) {
        for client in self.clients.lock().unwrap().drain(..) {
            _ = client.shutdown(Shutdown::Both);
        }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn database(&self) -> String {
        format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port)
    }
}

fn at(fault: &AtomicU8) -> Fault {
    let faults = [Fault::Nothing, Fault::Silence, Fault::NoAnswers, Fault::EndsAtAnswer];
    faults[usize::from(fault.load(Ordering::Relaxed))]
}

/// Passes bytes on while they are to arrive; what is not to arrive is lost.
fn pass(mut from: impl Read, mut to: impl Write, arrives: impl Fn() -> bool) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if arrives() && to.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
}
