//! Where ids stand in a list.

use alloc::vec::Vec;

use crate::sorted::sorted;

/// Ids of a list with their places in it, found by binary search.
#[derive(Debug)]
pub(crate) struct IdIndex<'a>(Vec<(&'a str, usize)>);

impl<'a> IdIndex<'a> {
    pub(crate) fn of(ids: impl Iterator<Item = &'a str>) -> Self {
        Self(sorted(ids.zip(0..)))
    }

    /// The place of an id; the last, should it stand there several times.
    #[inline(never)]
    pub(crate) fn last(&self, id: &str) -> Option<usize> {
        let behind = self.0.partition_point(|&(each, _)| each <= id);
        self.0.get(..behind)?.last().filter(|&&(each, _)| each == id).map(|&(_, place)| place)
    }

    /// The first place of an id.
    pub(crate) fn first(&self, id: &str) -> Option<usize> {
        let at = self.0.partition_point(|&(each, _)| each < id);
        self.0.get(at).filter(|&&(each, _)| each == id).map(|&(_, place)| place)
    }

    /// The places at which stands what stood before; sorted.
    pub(crate) fn again(&self) -> Vec<usize> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        sorted(pairs.filter(|(one, other)| one.0 == other.0).map(|(_, &(_, place))| place))
    }

    /// All places, in the order of the ids.
    pub(crate) fn by_id(self) -> Vec<usize> {
        self.0.into_iter().map(|(_, place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::IdIndex;

    #[test]
    fn c8_of_an_id_that_stands_there_several_times_the_first_and_the_last_place_are_known() {
        let places = IdIndex::of(["b", "a", "b", "c", "b", "a"].into_iter());
        assert_eq!([places.first("a"), places.first("b"), places.first("c")], [Some(1), Some(0), Some(3)]);
        assert_eq!([places.last("a"), places.last("b"), places.last("c")], [Some(5), Some(4), Some(3)]);
        assert_eq!([places.first("aa"), places.last("aa"), places.first(""), places.last("d")], [None; 4]);
        assert_eq!(places.again(), [2, 4, 5]);
        assert_eq!(places.by_id(), [1, 5, 0, 2, 4, 3]);
        let none = IdIndex::of(core::iter::empty());
        assert_eq!((none.first("a"), none.last("a"), none.again().len()), (None, None, 0));
    }
}
