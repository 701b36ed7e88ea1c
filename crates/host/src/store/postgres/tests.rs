//! How servers are reached.

use core::time::Duration;

use tokio_postgres::Config;

use super::PostgresOptions;

#[test]
fn calls_end_on_the_server_before_they_are_given_up_here() {
    let options = PostgresOptions::new().connect_timeout(Duration::from_secs(2)).call_timeout(Duration::from_secs(3));
    let server = |config: &str| options.server(config.parse::<Config>().unwrap());
    let limits = "-c statement_timeout=3000 -c lock_timeout=1500 -c idle_in_transaction_session_timeout=30s";
    let reached = server("host=a");
    assert_eq!(reached.config.get_options(), Some(limits));
    assert_eq!(reached.call_timeout, Duration::from_secs(4));
    assert_eq!(reached.connect_timeout, Duration::from_secs(2));
    assert_eq!(reached.config.get_connect_timeout(), Some(&Duration::from_secs(2)));
    assert_eq!(reached.config.get_tcp_user_timeout(), Some(&Duration::from_secs(15)));
    assert_eq!(reached.config.get_keepalives_idle(), Duration::from_secs(30));
    // What the configuration says stays.
    let reached = server("host=a connect_timeout=9 options='-c search_path=mine'");
    assert_eq!(reached.config.get_options(), Some(format!("-c search_path=mine {limits}").as_str()));
    assert_eq!(reached.config.get_connect_timeout(), Some(&Duration::from_secs(9)));
}
