//! A leaf of the table of users: some users by their keys, their ids in one text.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::tenant::room;
use crate::tenant::user::Held;
use crate::user_id::UserRef;

/// A user of a table: the hash of their id or, where another user has that, the next number that is free.
///
/// It is the user's for as long as they are in the table, in this process. There are fewer users than numbers of 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(pub(crate) u32);

impl Key {
    /// The key to look for first.
    #[inline]
    pub(crate) fn of(hash: u64) -> Self {
        Self(u32::try_from(hash.wrapping_shr(32)).unwrap_or(0))
    }

    pub(crate) fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }

    pub(crate) fn previous(self) -> Self {
        Self(self.0.wrapping_sub(1))
    }

    #[inline]
    pub(crate) fn number(self) -> usize {
        index(self.0)
    }

    #[inline]
    fn first_bits(self) -> usize {
        Self(self.0.wrapping_shr(u32::BITS.saturating_sub(FIRST_BITS))).number()
    }
}

/// A number of 32 bits, of which there are more than users, as a place in a list.
#[inline]
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// By key.
    pub(crate) slots: Vec<Slot>,
    /// The ids in the order of the slots.
    pub(crate) ids: String,
    /// How many slots come before the keys that begin with these bits; no more than fit in a byte.
    before: [u8; 1 << FIRST_BITS],
}

/// By so many first bits of a key its place in a leaf is guessed: more would fit in no cache line, and few keys share them.
const FIRST_BITS: u32 = 6;

/// A user; or nobody, where someone is gone past whom others are looked for.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) key: Key,
    /// Where the id ends; it begins where that of the slot before ends.
    pub(crate) end: u32,
    pub(crate) held: Held,
}

/// A user in the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Key,
    pub(crate) id: UserRef<'a>,
    pub(crate) held: &'a Held,
}

impl Leaf {
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), ids: String::new(), before: [0; 1 << FIRST_BITS] }
    }

    pub(crate) fn with_capacity(slots: usize, bytes: usize) -> Self {
        Self { slots: Vec::with_capacity(slots), ids: String::with_capacity(bytes), ..Self::new() }
    }

    /// Where a key stands or would stand.
    #[inline]
    pub(crate) fn find(&self, key: Key) -> Result<usize, usize> {
        let mut at: usize = self.before.get(key.first_bits()).copied().unwrap_or(0).into();
        while let Some(slot) = self.slots.get(at) {
            if slot.key >= key {
                return if slot.key == key { Ok(at) } else { Err(at) };
            }
            at = at.wrapping_add(1);
        }
        Err(at)
    }

    /// Once a key has come.
    fn count(&mut self, key: Key) {
        let first = u8::try_from(key.first_bits()).unwrap_or(u8::MAX);
        for (bits, before) in (0_u8..).zip(&mut self.before) {
            *before = before.saturating_add(u8::from(bits > first));
        }
    }

    /// Once many have come or gone.
    pub(crate) fn count_all(&mut self) {
        let mut begin = [0_u8; 1 << FIRST_BITS];
        for slot in &self.slots {
            begin.get_mut(slot.key.first_bits()).into_iter().for_each(|count| *count = count.saturating_add(1));
        }
        let mut count = 0_u8;
        for (before, begin) in self.before.iter_mut().zip(begin) {
            *before = count;
            count = count.saturating_add(begin);
        }
    }

    /// Where the id of a slot stands; empty for nobody.
    #[inline]
    fn range(&self, at: usize) -> Range<usize> {
        let end = |at: usize| self.slots.get(at).map_or(0, |slot| usize::try_from(slot.end).unwrap_or(0));
        at.checked_sub(1).map_or(0, end)..end(at)
    }

    #[inline]
    pub(crate) fn has(&self, at: usize, id: &str) -> bool {
        self.ids.as_bytes().get(self.range(at)) == Some(id.as_bytes())
    }

    pub(crate) fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let slot = self.slots.get(at)?;
        let id = self.ids.get(self.range(at)).filter(|id| !id.is_empty())?;
        Some(Entry { key: slot.key, id: UserRef::new(id), held: &slot.held })
    }

    /// Puts a user in at a key that nobody has.
    pub(crate) fn put(&mut self, key: Key, id: &str, held: Held) {
        let found = self.find(key);
        let (Ok(at) | Err(at)) = found;
        let start = at.checked_sub(1).map_or(0, |before| self.range(before).end);
        let slot = Slot { key, end: u32::try_from(start).unwrap_or(u32::MAX), held };
        if found.is_ok() {
            // Where somebody was.
            self.slots.get_mut(at).into_iter().for_each(|there| *there = slot.clone());
        } else {
            room::insert(&mut self.slots, at, slot);
            self.count(key);
        }
        self.insert_id(at, start, id);
    }

    /// Gives the slot, which has no id, its id.
    fn insert_id(&mut self, at: usize, start: usize, id: &str) {
        if let Some(more) = room::wanted(self.ids.capacity(), self.ids.len(), id.len()) {
            self.ids.reserve_exact(more);
        }
        self.ids.insert_str(start, id);
        let by = u32::try_from(id.len()).unwrap_or(0);
        for slot in self.slots.get_mut(at..).unwrap_or_default() {
            slot.end = slot.end.wrapping_add(by);
        }
    }

    /// Leaves nobody at a key.
    pub(crate) fn forget(&mut self, key: Key) {
        let Ok(at) = self.find(key) else { return };
        let range = self.range(at);
        let by = u32::try_from(range.len()).unwrap_or(0);
        self.ids.replace_range(range, "");
        for slot in self.slots.get_mut(at..).unwrap_or_default() {
            slot.end = slot.end.saturating_sub(by);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            slot.held = Held::Nothing;
        }
    }

    /// Takes out a key at which nobody is.
    pub(crate) fn take_out(&mut self, key: Key) {
        if let Ok(at) = self.find(key) {
            self.slots.remove(at);
            self.count_all();
        }
    }

    /// The slots that belong to a part, with their ids.
    pub(crate) fn part(&self, belongs: impl Fn(&Slot) -> bool) -> Self {
        let chosen = || (0..).zip(&self.slots).filter(|(_, slot)| belongs(slot)).map(|(at, _)| at);
        let bytes = chosen().map(|at| self.range(at).len()).sum();
        let mut part = Self::with_capacity(chosen().count(), bytes);
        chosen().for_each(|at| part.push(self, at));
        part.count_all();
        part
    }

    pub(crate) fn of_both(one: &Self, other: &Self) -> Self {
        let mut both = Self::new();
        let (mut ones, mut others) = ((0..one.slots.len()).peekable(), (0..other.slots.len()).peekable());
        let key = |leaf: &Self, at: Option<&usize>| at.and_then(|&at| leaf.slots.get(at)).map(|slot| slot.key);
        loop {
            match (key(one, ones.peek()), key(other, others.peek())) {
                (None, None) => {
                    both.count_all();
                    return both;
                }
                (first, second) if second.is_none_or(|second| first.is_some_and(|first| first < second)) => {
                    ones.next().into_iter().for_each(|at| both.push(one, at));
                }
                _ => others.next().into_iter().for_each(|at| both.push(other, at)),
            }
        }
    }

    /// Appends a slot of another leaf, not yet counted.
    fn push(&mut self, from: &Self, at: usize) {
        if let Some(slot) = from.slots.get(at) {
            self.append(slot.key, from.ids.get(from.range(at)).unwrap_or_default(), slot.held.clone());
        }
    }

    /// Appends a slot, not yet counted.
    #[inline]
    pub(crate) fn append(&mut self, key: Key, id: &str, held: Held) {
        self.ids.push_str(id);
        self.slots.push(Slot { key, end: u32::try_from(self.ids.len()).unwrap_or(u32::MAX), held });
    }
}
