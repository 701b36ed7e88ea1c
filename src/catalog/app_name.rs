//! How texts for people name an app.

use crate::id::{AppId, Label};
use crate::message::Value;

/// Returns the display name of an app, or its id if it has none.
pub(crate) fn app_name_value(name: Option<&Label>, id: &AppId) -> Value {
    name.map_or_else(|| id.into(), Value::from)
}
