//! Commands in lists, each short enough for one event.

use alloc::vec::Vec;

use crate::tenant::command::{Command, MAX_COMMANDS};

/// Lists of commands. The commands of one user are in one list, because a claim keeps its place
/// only if it has a source after each list (S6).
#[derive(Debug, Default)]
pub(super) struct CommandLists(Vec<Vec<Command>>);

impl CommandLists {
    /// Adds the commands of one user, of which there are at most [`MAX_COMMANDS`].
    pub(super) fn push(&mut self, commands: Vec<Command>) {
        match self.0.last_mut() {
            Some(last) if last.len().saturating_add(commands.len()) <= MAX_COMMANDS => last.extend(commands),
            _ if commands.is_empty() => {}
            _ => self.0.push(commands),
        }
    }

    pub(super) fn into_lists(self) -> Vec<Vec<Command>> {
        self.0
    }
}
