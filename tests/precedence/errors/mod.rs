//! Every error of a word, a catalog, a key, a deal or a token.

mod catalogs;
mod deals;
mod tokens;
mod values;

use crate::Row;

pub(crate) fn rows() -> Vec<Row> {
    [values::words(), catalogs::catalogs(), tokens::keys(), deals::deals(), tokens::tokens()]
        .into_iter()
        .flatten()
        .collect()
}
