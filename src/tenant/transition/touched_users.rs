//! The users that an event touches: one for most events, all members of a group for some.

use smallvec::SmallVec;

use crate::collections::hashing::HashMap;
use crate::tenant::transition::touched_user::Touched;

/// Above this number of users an index finds them.
const FEW: usize = 8;

/// The users that an event touches, each once.
#[derive(Debug, Default)]
pub(crate) struct TouchedUsers<'a> {
    all: SmallVec<[Touched<'a>; 1]>,
    /// The index of each user in `all`, once there are more than [`FEW`].
    index: Option<HashMap<&'a str, usize>>,
}

impl<'a> TouchedUsers<'a> {
    fn find(&self, id: &str) -> Option<usize> {
        match &self.index {
            None => self.all.iter().position(|touched| touched.id() == id),
            Some(index) => index.get(id).copied(),
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Touched<'a>> {
        self.all.get(self.find(id)?)
    }

    /// Returns the user of an id; adds the user that `make` returns if there is none.
    pub(crate) fn get_or_add(&mut self, id: &str, make: impl FnOnce() -> Touched<'a>) -> Option<&mut Touched<'a>> {
        let at = self.find(id).unwrap_or_else(|| {
            let (at, touched) = (self.all.len(), make());
            if let Some(index) = &mut self.index {
                index.insert(touched.id(), at);
            }
            self.all.push(touched);
            if at == FEW {
                self.index = Some(self.all.iter().map(Touched::id).zip(0..).collect());
            }
            at
        });
        self.all.get_mut(at)
    }

    /// Returns all users by the bytes of their ids. `O(n log n)` in the users.
    pub(crate) fn by_id(mut self) -> SmallVec<[Touched<'a>; 1]> {
        self.all.sort_unstable_by_key(Touched::id);
        self.all
    }
}
