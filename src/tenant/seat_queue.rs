//! The line of a plan: its claims in the order of the events that made them (S10).
//!
//! Claims are numbered as they come and a number is never given twice, so a line only grows at its end. It is a tree that
//! branches by the digits of the number and counts what lives below each branch: where a claim stands, and which claim
//! stands at a place, is found on the way down, and a write copies one path, whatever the length of the line.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::tenant::bucket::Key;

/// A digit of a claim's number has this many bits.
const BITS: u32 = 6;
const WIDTH: usize = 1 << BITS;

#[derive(Debug, Clone, Default)]
pub(crate) struct SeatQueue {
    root: Node,
    /// How many digits there are above the last.
    height: u32,
    /// The number of the next claim.
    next: u64,
    len: u64,
}

#[derive(Debug, Clone, Default)]
enum Node {
    #[default]
    Empty,
    Leaf(Arc<Leaf>),
    Branch(Arc<Vec<Child>>),
}

/// Claims that differ in the last digit alone.
#[derive(Debug, Clone, Default)]
struct Leaf {
    /// A bit for each last digit that has a claim.
    live: u64,
    /// Who claims, in their order.
    users: Vec<Key>,
}

#[derive(Debug, Clone, Default)]
struct Child {
    len: u64,
    node: Node,
}

impl Child {
    fn of(users: &[Key]) -> Self {
        let len = u32::try_from(users.len()).unwrap_or(u32::MAX);
        let live = u64::MAX.wrapping_shr(u64::BITS.saturating_sub(len));
        Self { len: len.into(), node: Node::Leaf(Arc::new(Leaf { live, users: users.to_vec() })) }
    }

    fn above(children: &[Self]) -> Self {
        let len = children.iter().fold(0_u64, |sum, child| sum.saturating_add(child.len));
        Self { len, node: Node::Branch(Arc::new(children.to_vec())) }
    }
}

/// The digit at a height.
fn digit(number: u64, height: u32) -> usize {
    usize::try_from(number.checked_shr(height.saturating_mul(BITS)).unwrap_or(0) % (1 << BITS)).unwrap_or(0)
}

/// The bit of a last digit, and the bits below it.
fn bits(number: u64) -> (u64, u64) {
    let bit = 1_u64.rotate_left(u32::try_from(digit(number, 0)).unwrap_or(0));
    (bit, bit.wrapping_sub(1))
}

fn count(bits: u64) -> usize {
    usize::try_from(bits.count_ones()).unwrap_or(0)
}

impl SeatQueue {
    /// How many claims there are.
    #[inline]
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The number that the next claim gets.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// How many claims come before a number. Logarithmic.
    pub(crate) fn before(&self, number: u64) -> u64 {
        if number >= self.next { self.len } else { self.root.before(number, self.height) }
    }

    /// The number of the claim that so many come before. Logarithmic.
    pub(crate) fn nth(&self, before: u64) -> Option<u64> {
        if before < self.len { self.root.nth(before, self.height) } else { None }
    }

    /// A line of claims that have never been others. Linear.
    pub(crate) fn of(users: &[Key]) -> Self {
        let mut level: Vec<Child> = users.chunks(WIDTH).map(Child::of).collect();
        let mut height: u32 = 0;
        while level.len() > 1 {
            level = level.chunks(WIDTH).map(Child::above).collect();
            height = height.saturating_add(1);
        }
        let Child { len, node } = level.pop().unwrap_or_default();
        Self { root: node, height, next: len, len }
    }

    /// Adds a claim at the end. Logarithmic.
    pub(crate) fn push(&mut self, user: Key) {
        let room = 1_u64.checked_shl(self.height.saturating_add(1).saturating_mul(BITS));
        if room.is_some_and(|room| self.next >= room) {
            let node = core::mem::take(&mut self.root);
            self.root = Node::Branch(Arc::new(alloc::vec![Child { len: self.len, node }]));
            self.height = self.height.saturating_add(1);
        }
        self.root.push(self.next, self.height, user);
        self.next = self.next.saturating_add(1);
        self.len = self.len.saturating_add(1);
    }

    /// Takes a claim out, if it is there. Logarithmic.
    pub(crate) fn remove(&mut self, number: u64) {
        if number < self.next && self.root.remove(number, self.height) == Found::Yes {
            self.len = self.len.saturating_sub(1);
        }
    }

    /// The users in the order of the line.
    pub(crate) fn users(&self) -> impl Iterator<Item = Key> {
        let mut open = alloc::vec![&self.root];
        let mut leaf = [].iter();
        core::iter::from_fn(move || {
            loop {
                if let Some(&user) = leaf.next() {
                    return Some(user);
                }
                match open.pop()? {
                    Node::Empty => {}
                    Node::Leaf(claims) => leaf = claims.users.iter(),
                    Node::Branch(children) => open.extend(children.iter().rev().map(|child| &child.node)),
                }
            }
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Yes,
    No,
}

impl Node {
    fn before(&self, number: u64, height: u32) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Leaf(claims) => u64::from((claims.live & bits(number).1).count_ones()),
            Self::Branch(children) => {
                let (earlier, rest) = children.split_at_checked(digit(number, height)).unwrap_or((children, &[]));
                let inside = rest.first().map_or(0, |child| child.node.before(number, height.saturating_sub(1)));
                earlier.iter().fold(inside, |sum, child| sum.saturating_add(child.len))
            }
        }
    }

    fn nth(&self, before: u64, height: u32) -> Option<u64> {
        let found = |digit: usize, below: u64| {
            let digit = u64::try_from(digit).ok()?;
            Some(digit.checked_shl(height.saturating_mul(BITS))? | below)
        };
        match self {
            Self::Empty => None,
            Self::Leaf(claims) => {
                let nth = |live: u64, _| live & live.wrapping_sub(1);
                let rest = (0..before).fold(claims.live, nth);
                found(usize::try_from(rest.trailing_zeros()).ok()?, 0)
            }
            Self::Branch(children) => {
                let mut before = before;
                for (digit, child) in children.iter().enumerate() {
                    if before < child.len {
                        return found(digit, child.node.nth(before, height.saturating_sub(1))?);
                    }
                    before = before.saturating_sub(child.len);
                }
                None
            }
        }
    }

    /// The number is beyond all that are there.
    fn push(&mut self, number: u64, height: u32, user: Key) {
        if let (Self::Empty, 0) = (&self, height) {
            *self = Self::Leaf(Arc::default());
        } else if let Self::Empty = self {
            *self = Self::Branch(Arc::default());
        }
        match self {
            Self::Empty => {}
            Self::Leaf(claims) => {
                let claims = Arc::make_mut(claims);
                claims.live |= bits(number).0;
                claims.users.push(user);
            }
            Self::Branch(children) => {
                let (children, digit) = (Arc::make_mut(children), digit(number, height));
                if children.len() <= digit {
                    children.resize(digit.saturating_add(1), Child::default());
                }
                if let Some(child) = children.get_mut(digit) {
                    child.node.push(number, height.saturating_sub(1), user);
                    child.len = child.len.saturating_add(1);
                }
            }
        }
    }

    fn remove(&mut self, number: u64, height: u32) -> Found {
        match self {
            Self::Empty => Found::No,
            Self::Leaf(claims) => {
                let (bit, below) = bits(number);
                if claims.live & bit == 0 {
                    return Found::No;
                }
                let claims = Arc::make_mut(claims);
                let at = count(claims.live & below);
                if at < claims.users.len() {
                    claims.users.remove(at);
                }
                claims.live &= !bit;
                if claims.live == 0 {
                    *self = Self::Empty;
                }
                Found::Yes
            }
            Self::Branch(children) => {
                let Some(child) = Arc::make_mut(children).get_mut(digit(number, height)) else { return Found::No };
                let found = child.node.remove(number, height.saturating_sub(1));
                if found == Found::Yes {
                    child.len = child.len.saturating_sub(1);
                    if children.iter().all(|child| child.len == 0) {
                        *self = Self::Empty;
                    }
                }
                found
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{Node, SeatQueue, WIDTH};
    use crate::tenant::bucket::Key;

    /// No node is wider than a write may copy, none is empty without saying so, and each branch counts what is below it.
    fn sound(node: &Node) -> Option<u64> {
        match node {
            Node::Empty => Some(0),
            Node::Leaf(claims) => {
                let len = u64::try_from(claims.users.len()).ok()?;
                (len > 0 && u64::from(claims.live.count_ones()) == len).then_some(len)
            }
            Node::Branch(children) => {
                let counted = |child: &super::Child| sound(&child.node).filter(|&len| len == child.len);
                let sum: u64 = children.iter().map(counted).sum::<Option<u64>>()?;
                (children.len() <= WIDTH && sum > 0).then_some(sum)
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// A line against a list, over thousands of claims that come and go, and against a clone that stays.
        #[test]
        fn s10_line_is_a_list(
            steps in prop::collection::vec((0..100_u8, any::<prop::sample::Index>()), 1..9000),
            removes in 0..100_u8,
            cut in 0..9000_usize,
        ) {
            let (mut line, mut list) = (SeatQueue::default(), Vec::new());
            let mut kept = (line.clone(), list.clone());
            for (step, (dice, which)) in steps.into_iter().enumerate() {
                if step == cut {
                    kept = (line.clone(), list.clone());
                }
                if dice < removes && !list.is_empty() {
                    let (gone, _) = list.remove(which.index(list.len()));
                    line.remove(gone);
                    // Once more changes nothing.
                    line.remove(gone);
                } else {
                    let user = Key::of(u64::try_from(step).expect("small").rotate_left(32));
                    list.push((line.next(), user));
                    line.push(user);
                }
            }
            for (line, list) in [(line, list), (kept.0, kept.1)] {
                prop_assert_eq!(line.len(), u64::try_from(list.len()).expect("small"));
                prop_assert_eq!(sound(&line.root), Some(line.len()));
                for (before, &(number, _)) in (0..).zip(&list) {
                    prop_assert_eq!(line.before(number), before);
                    prop_assert_eq!(line.nth(before), Some(number));
                }
                prop_assert_eq!((line.nth(line.len()), line.before(line.next())), (None, line.len()));
                let users: Vec<Key> = list.into_iter().map(|(_, user)| user).collect();
                prop_assert!(line.users().eq(users.iter().copied()));
                // Made at once, it is the line of those who came one after the other.
                let (mut at_once, mut one_by_one) = (SeatQueue::of(&users), SeatQueue::default());
                for &user in &users {
                    one_by_one.push(user);
                }
                for _ in 0..2 {
                    prop_assert_eq!((at_once.next(), at_once.height), (one_by_one.next(), one_by_one.height));
                    prop_assert_eq!(sound(&at_once.root), Some(one_by_one.len()));
                    prop_assert!(at_once.users().eq(one_by_one.users()));
                    at_once.push(Key::of(0));
                    one_by_one.push(Key::of(0));
                }
            }
        }
    }
}
