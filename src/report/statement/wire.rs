//! How the fields of a statement are written.

/// The longest text of a statement in bytes: twenty years of a catalog of a hundred plans (X8).
pub const MAX_STATEMENT_BYTES: usize = 4 * 1024 * 1024;

/// The name of the format.
pub(super) const FORMAT: &str = "entitle.usage.v1";

/// The hash of a catalog, as text.
pub(super) mod catalog_hash {
    use serde::Serializer;

    use crate::catalog::CatalogHash;
    use crate::document::{FromDocument, ReadError, ValueReader, read_text};

    pub(crate) fn serialize<S: Serializer>(hash: &CatalogHash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(hash)
    }

    pub(crate) struct Written(CatalogHash);

    impl FromDocument for Written {
        fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
            let parse =
                |text: &str| CatalogHash::parse(text).ok_or("a hash of a catalog is 43 characters of base64url");
            read_text(value, parse).map(Self)
        }
    }

    impl From<Written> for CatalogHash {
        fn from(Written(hash): Written) -> Self {
            hash
        }
    }
}

/// A head, as an object of its number and its hash.
pub(super) mod head {
    use serde::{Serialize, Serializer};

    use crate::document::object;
    use crate::license::head::{EntryHash, Head};

    #[derive(Serialize)]
    pub(crate) struct Written {
        number: u64,
        hash: EntryHash,
    }
    object! { Written { number, hash } }

    pub(crate) fn serialize<S: Serializer>(head: &Head, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&Written { number: head.number(), hash: head.hash() }, serializer)
    }

    impl From<Written> for Head {
        fn from(head: Written) -> Self {
            Self::new(head.number, head.hash)
        }
    }
}

/// A customer, or the word `unknown`.
pub(super) mod customer {
    use serde::{Serialize, Serializer};

    use crate::document::choice;
    use crate::report::statement::StatementCustomer;

    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    pub(crate) enum Written {
        Unknown,
        Known(StatementCustomer),
    }
    choice! { Written { "unknown" => Unknown, "known" => Known(StatementCustomer) } }

    #[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(
        customer: &Option<StatementCustomer>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let customer = customer.clone().map_or(Written::Unknown, Written::Known);
        Serialize::serialize(&customer, serializer)
    }

    impl From<Written> for Option<StatementCustomer> {
        fn from(customer: Written) -> Self {
            match customer {
                Written::Unknown => None,
                Written::Known(customer) => Some(customer),
            }
        }
    }
}

/// An instant, or the word `never`.
pub(super) mod known_instant {
    use chrono::{DateTime, Utc};
    use serde::{Serialize, Serializer};

    use crate::document::{FromDocument, ReadError, ValueReader};
    use crate::time::End;

    #[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(known: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        known.map_or(End::Never, End::At).serialize(serializer)
    }

    pub(crate) struct Written(End);

    impl FromDocument for Written {
        fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
            End::read(value).map(Self)
        }
    }

    impl From<Written> for Option<DateTime<Utc>> {
        fn from(Written(end): Written) -> Self {
            end.instant()
        }
    }
}
