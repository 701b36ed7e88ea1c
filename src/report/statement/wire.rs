//! How the fields of a statement are written.

use serde::{Deserialize, Deserializer};

use crate::strict_serde::OneReading;

/// The longest text of a statement in bytes: twenty years of a catalog of a hundred plans (X8).
pub const MAX_STATEMENT_BYTES: usize = 4 * 1024 * 1024;

/// The name of the format.
pub(super) const FORMAT: &str = "entitle.usage.v1";

/// Deserializes a choice that has one reading.
pub(super) fn strict<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(OneReading(deserializer))
}

/// The hash of a catalog, as text.
pub(super) mod catalog_hash {
    use serde::{Deserializer, Serializer};

    use crate::catalog::CatalogHash;
    use crate::strict_serde::Text;

    pub(crate) fn serialize<S: Serializer>(hash: &CatalogHash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(hash)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CatalogHash, D::Error> {
        let parse = |text: &str| CatalogHash::parse(text).ok_or("a hash of a catalog is 43 characters of base64url");
        deserializer.deserialize_str(Text(parse))
    }
}

/// A head, as an object of its number and its hash.
pub(super) mod head {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::license::head::{EntryHash, Head};
    use crate::strict_serde::one_reading;

    #[derive(Serialize, Deserialize)]
    #[serde(remote = "Self", deny_unknown_fields)]
    struct Fields {
        number: u64,
        hash: EntryHash,
    }
    one_reading!(Fields);

    pub(crate) fn serialize<S: Serializer>(head: &Head, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&Fields { number: head.number(), hash: head.hash() }, serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Head, D::Error> {
        let fields: Fields = Deserialize::deserialize(deserializer)?;
        Ok(Head::new(fields.number, fields.hash))
    }
}

/// A customer, or the word `unknown`.
pub(super) mod customer {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::report::statement::StatementCustomer;
    use crate::strict_serde::one_reading;

    #[derive(Serialize, Deserialize)]
    #[serde(remote = "Self", rename_all = "snake_case")]
    enum Customer {
        Unknown,
        Known(StatementCustomer),
    }
    one_reading!(Customer);

    #[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(
        customer: &Option<StatementCustomer>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let customer = customer.clone().map_or(Customer::Unknown, Customer::Known);
        Serialize::serialize(&customer, serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<StatementCustomer>, D::Error> {
        match Deserialize::deserialize(deserializer)? {
            Customer::Unknown => Ok(None),
            Customer::Known(customer) => Ok(Some(customer)),
        }
    }
}

/// An instant, or the word `never`.
pub(super) mod known_instant {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::time::End;

    #[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(known: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        known.map_or(End::Never, End::At).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        End::deserialize(deserializer).map(End::instant)
    }
}
