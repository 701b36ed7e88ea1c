//! How texts for people name an app.

use core::fmt;

use crate::id::{AppId, Label};

/// The display name of an app, or its id in backticks if it has none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AppName<'a> {
    name: Option<&'a Label>,
    id: &'a AppId,
}

impl<'a> AppName<'a> {
    pub(crate) fn new(name: Option<&'a Label>, id: &'a AppId) -> Self {
        Self { name, id }
    }
}

impl fmt::Display for AppName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => name.fmt(f),
            None => write!(f, "`{}`", self.id),
        }
    }
}
