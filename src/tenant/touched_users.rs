//! The users that an event touches: one for most events, all members of a group for some.

use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::hashing::HashMap;
use crate::tenant::settle::Touched;

/// More than so many are looked up in an index.
const FEW: usize = 8;

/// The users that an event touches, each once.
#[derive(Debug, Default)]
pub(crate) struct TouchedUsers<'a> {
    all: SmallVec<[Touched<'a>; 1]>,
    /// Where each is, once they are more than a few.
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

    /// The user of an id, who is made should they not be there.
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

    /// All of them by the bytes of their ids. Linear, but for sorting.
    pub(crate) fn by_id(&self) -> impl Iterator<Item = &Touched<'a>> {
        // One is in order.
        let several = Some(&self.all).filter(|all| all.len() > 1);
        let mut order: Vec<_> = several.into_iter().flat_map(|all| all.iter().map(Touched::id).zip(0..)).collect();
        order.sort_unstable();
        let place = move |nth| order.get(nth).map_or(nth, |(_, at)| *at);
        (0..self.all.len()).filter_map(move |nth| self.all.get(place(nth)))
    }
}
