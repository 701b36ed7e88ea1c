//! A user in a preview.

use core::cell::OnceCell;

use crate::id::user::{UserId, UserRef};

/// A user whose owned id is made only if they have entries.
pub(super) struct Person<'a> {
    id: UserRef<'a>,
    made: OnceCell<UserId>,
}

impl<'a> Person<'a> {
    pub(super) fn new(id: UserRef<'a>) -> Self {
        Self { id, made: OnceCell::new() }
    }

    pub(super) fn id(&self) -> UserId {
        self.made.get_or_init(|| self.id.to_id()).clone()
    }
}
