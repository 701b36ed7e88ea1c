//! Where the servers of a configuration are, and how one of them is reached.

use core::net::SocketAddr;
use core::time::Duration;
use std::io::{self, ErrorKind};
#[cfg(unix)]
use std::path::PathBuf;

use socket2::{SockRef, TcpKeepalive};
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, LoadBalanceHosts};

use super::socket::{Socket, Stream};

/// The port of a server whose configuration names none.
const PORT: u16 = 5432;

/// A host of a configuration, with its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    host: Host,
    port: u16,
}

/// One address of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Tcp(SocketAddr),
    /// The path of a socket.
    #[cfg(unix)]
    Unix(PathBuf),
}

/// Returns the hosts of a configuration, in the order in which they are to be tried.
///
/// # Errors
///
/// [`io::Error`] for a configuration without hosts, and one whose hosts, addresses and ports are not as
/// many.
pub(super) fn places(config: &Config) -> io::Result<Vec<Place>> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let number = hosts.len().max(addresses.len());
    let wrong = |detail: &str| Err(io::Error::new(ErrorKind::InvalidInput, detail));
    if number == 0 {
        return wrong("the configuration has no host");
    }
    if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
        return wrong("the configuration has not as many values of `hostaddr` as of `host`");
    }
    if ports.len() > 1 && ports.len() != number {
        return wrong("the configuration has not as many values of `port` as of `host`");
    }
    let place = |index: usize| {
        let address = addresses.get(index).map(|address| Host::Tcp(address.to_string()));
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(PORT);
        Some(Place { host: address.or_else(|| hosts.get(index).cloned())?, port })
    };
    let mut places: Vec<Place> = (0..number).filter_map(place).collect();
    shuffle_if_wanted(config, &mut places);
    Ok(places)
}

/// Brings what is tried in turn into another order each time, if the configuration says so.
fn shuffle_if_wanted<T>(config: &Config, tried: &mut [T]) {
    if config.get_load_balance_hosts() == LoadBalanceHosts::Random {
        for index in 1..tried.len() {
            // Without randomness they stay as they are.
            let random = getrandom::u64().ok().and_then(|random| usize::try_from(random >> 32).ok());
            let other = random.and_then(|random| random.checked_rem(index.saturating_add(1))).unwrap_or(index);
            tried.swap(index, other);
        }
    }
}

impl Place {
    /// Returns the addresses of a host, in the order in which they are to be tried.
    pub(super) async fn addresses(self, config: &Config) -> io::Result<Vec<Address>> {
        match self.host {
            Host::Tcp(name) => {
                let mut addresses: Vec<Address> =
                    lookup_host((name.as_str(), self.port)).await?.map(Address::Tcp).collect();
                shuffle_if_wanted(config, &mut addresses);
                Ok(addresses)
            }
            #[cfg(unix)]
            Host::Unix(folder) => Ok(vec![Address::Unix(folder.join(format!(".s.PGSQL.{}", self.port)))]),
        }
    }
}

impl Address {
    /// Reaches what listens at an address, in the time that the configuration allows.
    pub(super) async fn reach(self, config: &Config) -> io::Result<Socket> {
        let limit = config.get_connect_timeout().copied().unwrap_or(Duration::MAX);
        let stream = match self {
            Self::Tcp(address) => {
                let stream = timeout(limit, TcpStream::connect(address)).await??;
                configure(&stream, config)?;
                Stream::Tcp(stream.into_std()?)
            }
            #[cfg(unix)]
            Self::Unix(path) => Stream::Unix(timeout(limit, UnixStream::connect(path)).await??.into_std()?),
        };
        Ok(Socket::new(stream))
    }
}

/// Sends what is written at once, and notices a server that is gone.
fn configure(stream: &TcpStream, config: &Config) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    #[cfg(target_os = "linux")]
    if let Some(timeout) = config.get_tcp_user_timeout() {
        socket.set_tcp_user_timeout(Some(*timeout))?;
    }
    if config.get_keepalives() {
        socket.set_tcp_keepalive(&keepalive(config))?;
    }
    Ok(())
}

fn keepalive(config: &Config) -> TcpKeepalive {
    let keepalive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
    #[cfg(any(target_os = "linux", target_os = "macos", windows))]
    let keepalive = match config.get_keepalives_interval() {
        Some(interval) => keepalive.with_interval(interval),
        None => keepalive,
    };
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    let keepalive = match config.get_keepalives_retries() {
        Some(retries) => keepalive.with_retries(retries),
        None => keepalive,
    };
    keepalive
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::net::TcpListener;

    use socket2::SockRef;
    use tokio_postgres::Config;

    use super::{Address, Stream, places};

    fn tried(config: &str) -> Option<Vec<String>> {
        let places = places(&config.parse::<Config>().unwrap()).ok()?;
        Some(places.iter().map(|place| format!("{:?} {}", place.host, place.port)).collect())
    }

    #[test]
    fn hosts_are_tried_as_the_client_library_tries_them() {
        let tcp = |host: &str, port: u16| format!("Tcp({host:?}) {port}");
        assert_eq!(tried("host=a"), Some(vec![tcp("a", 5432)]));
        assert_eq!(tried("host=a,b port=1"), Some(vec![tcp("a", 1), tcp("b", 1)]));
        assert_eq!(tried("host=a,b port=1,2"), Some(vec![tcp("a", 1), tcp("b", 2)]));
        assert_eq!(tried("host=a hostaddr=127.0.0.1"), Some(vec![tcp("127.0.0.1", 5432)]));
        assert_eq!(tried("hostaddr=::1 port=3"), Some(vec![tcp("::1", 3)]));
        assert_eq!(tried("user=x"), None);
        assert_eq!(tried("host=a,b hostaddr=::1"), None);
        assert_eq!(tried("host=a port=1,2"), None);
        #[cfg(unix)]
        assert_eq!(tried("host=/run"), Some(vec!["Unix(\"/run\") 5432".to_string()]));
    }

    #[test]
    fn a_load_is_balanced_by_trying_hosts_in_any_order() {
        let names: Vec<String> = (0..8).map(|number| format!("host-{number}")).collect();
        let config = format!("host={} load_balance_hosts=random", names.join(","));
        let orders: std::collections::BTreeSet<_> = (0..8).map(|_| tried(&config).unwrap()).collect();
        assert!(orders.len() > 1, "one of 40,320 orders eight times");
        for mut order in orders {
            order.sort();
            assert_eq!(order.len(), 8);
            assert!((0..8).all(|number| order[number].contains(&names[number])));
        }
    }

    #[test]
    fn a_connection_has_the_settings_of_the_configuration() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connect = |config: &str| {
            let (address, config) = (Address::Tcp(listener.local_addr().unwrap()), config.parse::<Config>().unwrap());
            runtime.block_on(address.reach(&config)).unwrap()
        };
        let with = |config: &str, has: fn(SockRef<'_>)| match connect(config).stream() {
            Stream::Tcp(stream) => has(SockRef::from(stream)),
            #[cfg(unix)]
            Stream::Unix(_) => panic!("an address of TCP"),
        };
        let settings = "host=a keepalives_idle=70 keepalives_interval=8 keepalives_retries=4 tcp_user_timeout=9";
        with(settings, |socket| {
            assert!(socket.tcp_nodelay().unwrap() && socket.keepalive().unwrap());
            #[cfg(target_os = "linux")]
            {
                assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(9)));
                assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(70));
                assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(8));
                assert_eq!(socket.tcp_keepalive_retries().unwrap(), 4);
            }
        });
        with("host=a keepalives=0", |socket| assert!(!socket.keepalive().unwrap()));
    }
}
