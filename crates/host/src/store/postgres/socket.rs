//! The socket of a connection, on which the thread that makes a call reads, writes and waits by itself:
//! waking it from another thread takes longer than everything else that is done with an answer.

use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::task::Wake;
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::store::runtime::poll_until;

/// A socket of the operating system that never blocks.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// A socket, shared by the client, which reads and writes, and by who waits for it.
#[derive(Debug, Clone)]
pub(super) struct Socket(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    stream: Stream,
    /// Whether something could not be written yet.
    is_full: AtomicBool,
}

impl Socket {
    pub(super) fn new(stream: Stream) -> Self {
        Self(Arc::new(Shared { stream, is_full: AtomicBool::new(false) }))
    }

    #[cfg(test)]
    pub(super) fn stream(&self) -> &Stream {
        &self.0.stream
    }

    /// Waits for a future that needs nothing but this socket, on any thread, until an instant; `None` if
    /// the time is over.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>, until: Instant) -> Option<T> {
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(Arc::clone(&woken));
        poll_until(future, &waker, until, |left| {
            // One part of the future may have woken another.
            if !woken.0.swap(false, Ordering::Relaxed) {
                self.wait_until_ready(left);
            }
        })
    }

    /// Waits until there is something to read, or room for what could not be written, at most for a time.
    #[cfg(unix)]
    fn wait_until_ready(&self, left: Duration) {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        let is_full = self.0.is_full.load(Ordering::Relaxed);
        let flags = if is_full { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
        let descriptor = match &self.0.stream {
            Stream::Tcp(stream) => PollFd::new(stream, flags),
            Stream::Unix(stream) => PollFd::new(stream, flags),
        };
        let left = Timespec::try_from(left).ok();
        // Why it ends is found by reading and writing.
        _ = poll(&mut [descriptor], left.as_ref());
    }

    /// Waits until there is something to read, at most for a time; a short one if something could not be
    /// written, since one thing alone can be waited for.
    #[cfg(not(unix))]
    fn wait_until_ready(&self, left: Duration) {
        let Stream::Tcp(stream) = &self.0.stream;
        let is_full = self.0.is_full.load(Ordering::Relaxed);
        let left = if is_full { left.min(Duration::from_millis(1)) } else { left };
        let waits = stream.set_nonblocking(false).and_then(|()| stream.set_read_timeout(Some(left)));
        // Why it ends is found by reading and writing.
        _ = waits.and_then(|()| stream.peek(&mut [0]));
        _ = stream.set_nonblocking(true);
    }

    fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.0.stream {
            Stream::Tcp(stream) => (&mut &*stream).read(buffer),
            #[cfg(unix)]
            Stream::Unix(stream) => (&mut &*stream).read(buffer),
        }
    }

    fn send(&self, buffer: &[u8]) -> io::Result<usize> {
        match &self.0.stream {
            Stream::Tcp(stream) => (&mut &*stream).write(buffer),
            #[cfg(unix)]
            Stream::Unix(stream) => (&mut &*stream).write(buffer),
        }
    }
}

/// Does something that does not block, until it is not interrupted.
fn attempt<T>(mut act: impl FnMut() -> io::Result<T>) -> Poll<io::Result<T>> {
    loop {
        match act() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
            done => return Poll::Ready(done),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        attempt(|| self.receive(buffer.initialize_unfilled())).map_ok(|read| buffer.advance(read))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = attempt(|| self.send(bytes));
        self.0.is_full.store(written.is_pending(), Ordering::Relaxed);
        written
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(match &self.0.stream {
            Stream::Tcp(stream) => stream.shutdown(Shutdown::Write),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.shutdown(Shutdown::Write),
        })
    }
}

/// Whether a future was woken since it was polled.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use core::future::{pending, poll_fn};
    use core::task::Poll;
    use core::time::Duration;
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::thread;
    use std::time::Instant;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::{Socket, Stream};

    fn pair() -> (Socket, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        (Socket::new(Stream::Unix(ours)), theirs)
    }

    fn after(time: Duration) -> Instant {
        Instant::now().checked_add(time).unwrap()
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn who_waits_reads_what_arrives_later_and_no_longer_than_wanted() {
        let (socket, mut other) = pair();
        let waited = socket.wait(pending::<()>(), after(Duration::from_millis(20)));
        assert!(waited.is_none());
        let answers = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            other.write_all(b"answer").unwrap();
            other
        });
        let mut answer = [0; 6];
        socket.wait(socket.clone().read_exact(&mut answer), after(LONG)).unwrap().unwrap();
        assert_eq!(&answer, b"answer");
        // The other end goes.
        drop(answers.join().unwrap());
        assert_eq!(socket.wait(socket.clone().read(&mut answer), after(LONG)).unwrap().unwrap(), 0);
    }

    #[test]
    fn what_has_no_room_is_written_once_there_is() {
        let (socket, mut other) = pair();
        let sent = vec![7; 4 * 1024 * 1024];
        let length = sent.len();
        let reads = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            let mut received = vec![0; length];
            other.read_exact(&mut received).unwrap();
            received
        });
        socket.wait(socket.clone().write_all(&sent), after(LONG)).unwrap().unwrap();
        assert_eq!(reads.join().unwrap(), sent);
    }

    #[test]
    fn a_future_that_wakes_itself_is_polled_again_and_has_a_limit_too() {
        let (socket, _other) = pair();
        let mut polled = 0;
        let third = poll_fn(|context| {
            polled += 1;
            context.waker().wake_by_ref();
            if polled == 3 { Poll::Ready(()) } else { Poll::Pending }
        });
        assert!(socket.wait(third, after(LONG)).is_some());
        // Once, and not again and again while it waits for the socket.
        polled = 0;
        let once = poll_fn(|context| {
            polled += 1;
            if polled == 1 {
                context.waker().wake_by_ref();
            }
            Poll::<()>::Pending
        });
        assert!(socket.wait(once, after(Duration::from_millis(20))).is_none());
        assert!((2..10).contains(&polled), "{polled}");
        let never = poll_fn(|context| {
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        assert!(socket.wait(never, after(Duration::from_millis(20))).is_none());
    }
}
