//! The preview of commands: the tenant without and with them, compared.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::release::Release;
use crate::id::user::UserRef;
use crate::preview::Preview;
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::{Compared, settled};
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event};
use crate::tenant::refusal::Refusal;
use crate::tenant::role::Actor;

impl Tenant {
    /// Returns what these commands would change, at `now` and at every later instant at which time
    /// alone changes anything that they affect. The tenant does not change.
    ///
    /// All commands are compared in the same way: the tenant as it is, and as it would be after
    /// [`apply`](Tenant::apply), each at its own [reading](Tenant::reading) of the same clock.
    /// Consumption and the setting for sign-ups do not affect access, so a list of these alone
    /// changes nothing.
    ///
    /// It costs [`decide`](Tenant::decide) and [`apply`](Tenant::apply) twice, and `O(u · c · t)`
    /// in the users who claim a plan that the commands affect, that requires or excludes such a
    /// plan, or that lists an app that everyone loses or gains, in their claims, and in at most
    /// [`MAX_PREVIEW_INSTANTS`](crate::limits::MAX_PREVIEW_INSTANTS) instants. It keeps at most
    /// [`MAX_PREVIEW_ENTRIES`](crate::limits::MAX_PREVIEW_ENTRIES) entries of a list, whatever the
    /// size of the tenant. A renewal of all plans with 100,000 users and 40 apps takes about 0.15 s
    /// in a release build, and 3 s with 200 instants.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] of [`decide`](Tenant::decide).
    pub fn preview(&self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Preview, Refusal> {
        self.preview_lists(actor, [commands], now)
    }

    /// Returns what lists of commands would change together, each list decided on what those before it
    /// lead to, as their entries would be: more commands than one entry holds, or documents of which
    /// each has an entry of its own. The tenant does not change; no list changes nothing.
    ///
    /// It compares as [`preview`](Tenant::preview) does, and costs [`decide`](Tenant::decide) and
    /// [`apply`](Tenant::apply) twice for each list in its place.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] of [`decide`](Tenant::decide); its index counts the commands of all lists.
    pub fn preview_lists<'a>(
        &self,
        actor: &Actor,
        lists: impl IntoIterator<Item = &'a [Command]>,
        now: DateTime<Utc>,
    ) -> Result<Preview, Refusal> {
        let lists: Vec<&[Command]> = lists.into_iter().collect();
        let (mut after, mut commands) = (self.clone(), Vec::new());
        for list in &lists {
            let event = after.judge(actor, list, now).map_err(|refusal| match lists.len() {
                1 => refusal,
                _ => refusal.after(commands.len()),
            })?;
            after.perform(&event);
            commands.extend(event.commands);
        }
        let event = Event::new(after.position(), self.reading(now), actor.clone(), commands);
        let mut settled = settled(self, &event);
        // Several events may lead to other claims than one of all commands.
        for user in &mut settled {
            user.after = after.state().users.held(&UserRef::new(user.id).to_id()).cloned().unwrap_or_default();
        }
        Ok(preview(&Compared::new(self, &after, &settled, now)))
    }

    /// Returns what an upgrade of the application to another release with the same apps and plans
    /// would change: who loses access or has less of a quota because no fallback of their licenses
    /// covers it, and when (V3). The tenant does not change. Costs what [`preview`](Tenant::preview)
    /// does.
    #[must_use]
    pub fn preview_release(&self, release: Release, now: DateTime<Utc>) -> Preview {
        let after = self.in_release(release);
        preview(&Compared::new(self, &after, &[], now))
    }
}

fn preview(compared: &Compared<'_>) -> Preview {
    let mut builder = PreviewBuilder::default();
    compared.access(&mut builder);
    compared.pools(&mut builder);
    compared.dropped(&mut builder);
    builder.build(compared)
}
