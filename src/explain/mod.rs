//! Decisions in words: why access is allowed, and the text of an allow or a denial for the people
//! who read it. It asks what was decided, and decides nothing.

pub(crate) mod allow_explanation;

pub(crate) mod text;
