//! The line of a plan: its claims in the order of the events that made them (S10).
//!
//! A counted tree: how many claims stand before one is found on the way down to it, and a write copies one path, whatever
//! the length of the line.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::id::UserId;

/// When a claim came: the event that made it and, within the event, the rank of its user's id by bytes (S10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    pub(crate) event: u64,
    pub(crate) rank: usize,
}

/// The most children of a node.
const WIDTH: usize = 64;

#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    root: Node,
    len: usize,
}

#[derive(Debug, Clone)]
enum Node {
    Leaf(Arc<Vec<Claim>>),
    Branch(Arc<Vec<Child>>),
}

#[derive(Debug, Clone)]
struct Claim {
    turn: Turn,
    user: UserId,
}

#[derive(Debug, Clone)]
struct Child {
    /// No claim of the child is earlier.
    first: Turn,
    count: usize,
    node: Node,
}

impl Default for Node {
    fn default() -> Self {
        Self::Leaf(Arc::default())
    }
}

impl Line {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The place of a turn, counted from 1. Logarithmic in the length of the line.
    pub(crate) fn place(&self, turn: Turn) -> u64 {
        let before = self.root.before(turn);
        u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// Adds a claim. Logarithmic.
    pub(crate) fn insert(&mut self, turn: Turn, user: UserId) {
        if let Some(sibling) = self.root.insert(Claim { turn, user }) {
            let first = core::mem::take(&mut self.root);
            self.root = Node::Branch(Arc::new(alloc::vec![Child::new(first), sibling]));
        }
        self.len = self.root.count();
    }

    /// Takes a claim out. Logarithmic.
    pub(crate) fn remove(&mut self, turn: Turn) {
        self.root.remove(turn);
        while let Some(only) = self.root.only_child() {
            self.root = only;
        }
        self.len = self.root.count();
    }

    /// The users in the order of the line.
    pub(crate) fn users(&self) -> impl Iterator<Item = &UserId> {
        let mut stack = alloc::vec![self.root.parts()];
        core::iter::from_fn(move || {
            loop {
                match stack.last_mut()? {
                    Parts::Claims(claims) => match claims.next() {
                        Some(claim) => return Some(&claim.user),
                        None => drop(stack.pop()),
                    },
                    Parts::Children(children) => match children.next() {
                        Some(child) => stack.push(child.node.parts()),
                        None => drop(stack.pop()),
                    },
                }
            }
        })
    }
}

/// What is left to visit of a node.
enum Parts<'a> {
    Claims(core::slice::Iter<'a, Claim>),
    Children(core::slice::Iter<'a, Child>),
}

impl Child {
    fn new(node: Node) -> Self {
        let mut child = Self { first: Turn { event: 0, rank: 0 }, count: 0, node };
        child.recount();
        child
    }

    /// Once its node has changed.
    fn recount(&mut self) {
        self.count = self.node.count();
        let first = match &self.node {
            Node::Leaf(claims) => claims.first().map(|claim| claim.turn),
            Node::Branch(children) => children.first().map(|child| child.first),
        };
        if let Some(first) = first {
            self.first = first;
        }
    }
}

/// The child that a turn belongs to: the last that does not begin after it.
fn home(children: &[Child], turn: Turn) -> usize {
    children.partition_point(|child| child.first <= turn).saturating_sub(1)
}

/// Splits what has grown too wide. What was added at the end starts a new node, so that a growing line stays packed.
fn overflow<T>(list: &mut Vec<T>) -> Option<Vec<T>> {
    (list.len() > WIDTH).then(|| list.split_off(WIDTH))
}

impl Node {
    fn parts(&self) -> Parts<'_> {
        match self {
            Self::Leaf(claims) => Parts::Claims(claims.iter()),
            Self::Branch(children) => Parts::Children(children.iter()),
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Leaf(claims) => claims.len(),
            Self::Branch(children) => children.iter().fold(0, |sum, child| sum.saturating_add(child.count)),
        }
    }

    fn before(&self, turn: Turn) -> usize {
        match self {
            Self::Leaf(claims) => claims.partition_point(|claim| claim.turn < turn),
            Self::Branch(children) => {
                let home = home(children, turn);
                let (earlier, rest) = children.split_at_checked(home).unwrap_or_default();
                let inside = rest.first().map_or(0, |child| child.node.before(turn));
                earlier.iter().fold(inside, |sum, child| sum.saturating_add(child.count))
            }
        }
    }

    /// The new sibling, should the node have split.
    fn insert(&mut self, claim: Claim) -> Option<Child> {
        match self {
            Self::Leaf(claims) => {
                let claims = Arc::make_mut(claims);
                let at = claims.partition_point(|there| there.turn < claim.turn);
                claims.insert(at, claim);
                overflow(claims).map(|rest| Child::new(Self::Leaf(Arc::new(rest))))
            }
            Self::Branch(children) => {
                let children = Arc::make_mut(children);
                let at = home(children, claim.turn);
                let child = children.get_mut(at)?;
                let sibling = child.node.insert(claim);
                child.recount();
                if let Some(sibling) = sibling {
                    children.insert(at.saturating_add(1), sibling);
                }
                overflow(children).map(|rest| Child::new(Self::Branch(Arc::new(rest))))
            }
        }
    }

    fn remove(&mut self, turn: Turn) {
        match self {
            Self::Leaf(claims) => Arc::make_mut(claims).retain(|claim| claim.turn != turn),
            Self::Branch(children) => {
                let children = Arc::make_mut(children);
                let at = home(children, turn);
                let Some(child) = children.get_mut(at) else { return };
                child.node.remove(turn);
                if child.node.count() == 0 {
                    children.remove(at);
                } else {
                    child.recount();
                }
            }
        }
    }

    fn only_child(&self) -> Option<Self> {
        match self {
            Self::Branch(children) => match children.as_slice() {
                [only] => Some(only.node.clone()),
                _ => None,
            },
            Self::Leaf(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{Line, Node, Turn, WIDTH};
    use crate::id::UserId;

    fn user(n: u64) -> UserId {
        alloc::format!("u{n}").parse().expect("an id")
    }

    /// No node is wider than a write may copy.
    fn is_narrow(node: &Node) -> bool {
        match node {
            Node::Leaf(claims) => claims.len() <= WIDTH,
            Node::Branch(children) => children.len() <= WIDTH && children.iter().all(|child| is_narrow(&child.node)),
        }
    }

    proptest! {
        /// A line against a sorted list, over thousands of claims that come and go.
        #[test]
        fn s10_line_is_a_sorted_list(steps in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 1..6000)) {
            let mut line = Line::default();
            let mut list: Vec<u64> = Vec::new();
            for (event, (removes, which)) in (1..).zip(steps) {
                if removes && !list.is_empty() {
                    let gone = list.remove(which.index(list.len()));
                    line.remove(Turn { event: gone, rank: 0 });
                } else {
                    list.push(event);
                    line.insert(Turn { event, rank: 0 }, user(event));
                }
            }
            prop_assert_eq!(line.len(), list.len());
            prop_assert!(is_narrow(&line.root));
            for (place, &event) in (1..).zip(&list) {
                prop_assert_eq!(line.place(Turn { event, rank: 0 }), place);
            }
            prop_assert!(line.users().cloned().eq(list.into_iter().map(user)));
        }
    }
}
