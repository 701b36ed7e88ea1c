//! An index of the ids in a list.

use alloc::vec::Vec;

use crate::collections::sorted::sorted;

/// The ids of a list with their positions, as a sorted vector. A lookup is `O(log n)`.
#[derive(Debug)]
pub(crate) struct IdIndex<'a>(Vec<(&'a str, usize)>);

impl<'a> IdIndex<'a> {
    pub(crate) fn of(ids: impl Iterator<Item = &'a str>) -> Self {
        Self(sorted(ids.zip(0..)))
    }

    /// Returns the position of an id; the last one if it is repeated.
    #[inline(never)]
    pub(crate) fn last(&self, id: &str) -> Option<usize> {
        let end = self.0.partition_point(|&(each, _)| each <= id);
        self.0.get(..end)?.last().filter(|&&(each, _)| each == id).map(|&(_, place)| place)
    }

    /// Returns the first position of an id.
    pub(crate) fn first(&self, id: &str) -> Option<usize> {
        let at = self.0.partition_point(|&(each, _)| each < id);
        self.0.get(at).filter(|&&(each, _)| each == id).map(|&(_, place)| place)
    }

    /// Returns the positions of ids that occur at an earlier position, sorted.
    pub(crate) fn repeated(&self) -> Vec<usize> {
        sorted(self.later())
    }

    /// Returns the first position of an id that occurs at an earlier position.
    pub(crate) fn first_repeated(&self) -> Option<usize> {
        self.later().min()
    }

    /// Returns the positions of ids that occur at an earlier position, by the ids.
    fn later(&self) -> impl Iterator<Item = usize> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.filter(|(one, other)| one.0 == other.0).map(|(_, &(_, place))| place)
    }

    /// Returns all positions in the order of the ids.
    pub(crate) fn by_id(self) -> Vec<usize> {
        self.0.into_iter().map(|(_, place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::IdIndex;

    #[test]
    fn c8_the_first_and_the_last_position_of_a_repeated_id_are_known() {
        let places = IdIndex::of(["b", "a", "b", "c", "b", "a"].into_iter());
        assert_eq!([places.first("a"), places.first("b"), places.first("c")], [Some(1), Some(0), Some(3)]);
        assert_eq!([places.last("a"), places.last("b"), places.last("c")], [Some(5), Some(4), Some(3)]);
        assert_eq!([places.first("aa"), places.last("aa"), places.first(""), places.last("d")], [None; 4]);
        assert_eq!((places.repeated(), places.first_repeated()), (alloc::vec![2, 4, 5], Some(2)));
        assert_eq!(places.by_id(), [1, 5, 0, 2, 4, 3]);
        let none = IdIndex::of(core::iter::empty());
        assert_eq!((none.first("a"), none.last("a"), none.repeated().len()), (None, None, 0));
    }
}
