//! Who connects to servers, as their addresses say.

use std::borrow::Cow;

use async_nats::{ConnectOptions, ServerAddr};
use percent_encoding::percent_decode_str;

use crate::store::StoreError;

/// Who connects. It has no `Debug`, which would show what is secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credentials {
    /// Nobody whom the servers know.
    Anonymous,
    /// As in `nats://user:password@host`.
    User { name: String, password: String },
    /// As in `nats://token@host`.
    Token(String),
}

impl Credentials {
    /// Returns those of the first address that has some: all servers of a cluster know the same users.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`] for what is not UTF-8 once it is decoded. What is no address is refused
    /// where it is connected to.
    pub(super) fn of(servers: &[String]) -> Result<Self, StoreError> {
        let mut addresses = servers.iter().filter_map(|server| server.parse::<ServerAddr>().ok());
        let Some(address) = addresses.find(ServerAddr::has_user_pass) else { return Ok(Self::Anonymous) };
        let name = decoded(address.username().unwrap_or_default())?;
        match address.password() {
            Some(password) => Ok(Self::User { name, password: decoded(password)? }),
            None => Ok(Self::Token(name)),
        }
    }

    /// Returns settings with them. The client does not read them from an address by itself.
    pub(super) fn within(self, settings: ConnectOptions) -> ConnectOptions {
        match self {
            Self::Anonymous => settings,
            Self::User { name, password } => settings.user_and_password(name, password),
            Self::Token(token) => settings.token(token),
        }
    }
}

fn decoded(text: &str) -> Result<String, StoreError> {
    let detail = "the user or the password in the address is not UTF-8: write it with `%` and the bytes of UTF-8";
    let failed = |_| StoreError::Failed { detail: detail.to_string() };
    percent_decode_str(text).decode_utf8().map(Cow::into_owned).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::Credentials;
    use crate::store::StoreError;

    fn of(servers: &str) -> Result<Credentials, StoreError> {
        let servers: Vec<String> = servers.split(',').map(ToString::to_string).collect();
        Credentials::of(&servers)
    }

    #[test]
    fn the_first_address_that_names_a_user_names_it_for_all() {
        for nobody in ["nats://one:4222", "one:4222,two", "no address"] {
            assert!(of(nobody) == Ok(Credentials::Anonymous), "{nobody}");
        }
        let user = || Credentials::User { name: "app".to_string(), password: "a,b/c".to_string() };
        assert!(of("nats://one,nats://app:a%2Cb%2Fc@two:4222,nats://other:x@three") == Ok(user()));
        assert!(of("nats://t%40ken@one") == Ok(Credentials::Token("t@ken".to_string())));
        assert!(matches!(of("nats://app:%ff@one"), Err(StoreError::Failed { .. })));
    }
}
