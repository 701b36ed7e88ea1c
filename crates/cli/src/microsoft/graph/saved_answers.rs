//! Reads saved answers of Graph, sorted by kind.

use std::collections::BTreeMap;
use std::path::PathBuf;

use entitle_microsoft::graph::{
    Details, GraphError, MAX_LIST_BYTES, ServicePlanInfo, Skus, Subscriptions, User, Users, View,
};

use super::names::Names;
use crate::exit::Failure;
use crate::microsoft::catalogue::edition;
use crate::microsoft::file_kind::{FileKind, SourceFile};

const WANTED: &str = "a saved answer of Graph";
const HELP: &str = "what `GET /subscribedSkus`, `/directory/subscriptions`, `/users?$select=id,userPrincipalName,\
                    usageLocation,licenseAssignmentStates` and `/users/{id}/licenseDetails` answer can be read, and an \
                    edition of the Microsoft 365 catalogue for names";

/// An empty and incomplete list: what is not read is not known.
const NOT_READ: &str = r#"{ "value": [], "@odata.nextLink": "" }"#;

/// The answers that were read.
#[derive(Debug)]
pub(super) struct SavedAnswers {
    pub(super) view: View,
    pub(super) skus: Option<Skus>,
    pub(super) users: Option<Users>,
    /// The users whose license details were read.
    pub(super) details: Vec<String>,
    pub(super) names: Names,
}

/// The files of one list.
#[derive(Default)]
struct Pages(Vec<SourceFile>);

impl Pages {
    /// Returns the texts in a valid order: the page without a next page comes last.
    fn texts(&mut self) -> Option<Vec<&str>> {
        self.0.sort_by_key(|page| !page.has_next_page);
        (!self.0.is_empty()).then(|| self.0.iter().map(|page| page.text.as_str()).collect())
    }

    fn read<T>(&mut self, read: impl Fn(&[&str]) -> Result<T, GraphError>) -> Result<Option<T>, Failure> {
        let Some(texts) = self.texts() else { return Ok(None) };
        let list = read(&texts);
        list.map(Some).map_err(|error| self.wrong(&error))
    }

    fn wrong(&self, error: &GraphError) -> Failure {
        let page = match error {
            GraphError::NotJson { page, .. } | GraphError::NotAContinuation { page, .. } => {
                Some(page.saturating_sub(1))
            }
            _ => None,
        };
        let paths: Vec<String> = match page.and_then(|page| self.0.get(page)) {
            Some(page) => vec![crate::text::name(&page.path)],
            None => self.0.iter().map(|page| crate::text::name(&page.path)).collect(),
        };
        let failure = Failure::unreadable(error.code(), format!("{}: {error}", paths.join(", ")));
        match error {
            GraphError::NotAContinuation { .. } => {
                failure.help("the files are pages of two answers: give the pages of one, each once")
            }
            _ => failure.help("save the complete answer of Graph, unchanged"),
        }
    }
}

impl SavedAnswers {
    /// Reads files, and license details with their users.
    pub(super) fn read(files: &[PathBuf], owners: &[(String, PathBuf)]) -> Result<Self, Failure> {
        let (mut skus, mut subscriptions, mut users) = (Pages::default(), Pages::default(), Pages::default());
        let (mut one, mut details, mut names) = (Pages::default(), Vec::new(), Names::default());
        for path in files {
            let read = SourceFile::open(path, MAX_LIST_BYTES)?;
            match read.kind {
                FileKind::Skus => skus.0.push(read),
                FileKind::Subscriptions => subscriptions.0.push(read),
                FileKind::Users => users.0.push(read),
                FileKind::User => one.0.push(read),
                FileKind::Details => {
                    let user = user_of(&read).ok_or_else(|| unknown_owner(&read))?;
                    details.push((user, read));
                }
                FileKind::Catalogue => names.add_edition(&edition(&read)?.map_err(|_| faulty_edition(&read))?),
                _ => return Err(read.wrong_kind(WANTED, HELP)),
            }
        }
        for (user, path) in owners {
            let read = SourceFile::open(path, MAX_LIST_BYTES)?;
            if read.kind != FileKind::Details {
                return Err(read.wrong_kind(&FileKind::Details.to_string(), HELP));
            }
            details.push((user.clone(), read));
        }
        let skus = skus.read(Skus::read)?;
        let subscriptions = subscriptions.read(Subscriptions::read)?;
        let users = match (users.read(Users::read)?, one.0.as_slice()) {
            (users, []) => users,
            (None, [only]) => Some(Users::read_one(&only.text).map_err(|error| one.wrong(&error))?),
            _ => {
                let message = "more than one answer about users: give a list of users, or one user";
                return Err(Failure::usage("cli.two-answers", message).help("give the list, which contains all users"));
            }
        };
        Self::build(skus, subscriptions, users, details, names)
    }

    fn build(
        skus: Option<Skus>,
        subscriptions: Option<Subscriptions>,
        users: Option<Users>,
        details: Vec<(String, SourceFile)>,
        mut names: Names,
    ) -> Result<Self, Failure> {
        let known = match &skus {
            Some(skus) => skus.clone(),
            None => Skus::read(&[NOT_READ]).map_err(|error| Failure::unreadable(error.code(), error))?,
        };
        let plans = |all: Option<&Vec<ServicePlanInfo>>, names: &mut Names| {
            all.into_iter().flatten().for_each(|plan| names.add(plan.service_plan_id, plan.service_plan_name.as_ref()));
        };
        for sku in known.all() {
            names.add(sku.sku_id, sku.sku_part_number.as_ref());
            plans(sku.service_plans.as_ref(), &mut names);
        }
        let mut view = View::new(known);
        if let Some(subscriptions) = subscriptions {
            subscriptions.all().iter().for_each(|each| names.add(each.sku_id, each.sku_part_number.as_ref()));
            view = view.with_subscriptions(subscriptions);
        }
        if let Some(users) = &users {
            view = view.with_users(users.clone());
        }
        let mut by_user: BTreeMap<String, Pages> = BTreeMap::new();
        for (user, read) in details {
            let id = find_user(users.as_ref(), &user).map_or(user, |user| user.id.clone());
            by_user.entry(id).or_default().0.push(read);
        }
        let mut owners = Vec::new();
        for (user, mut pages) in by_user {
            if let Some(details) = pages.read(Details::read)? {
                view = view.with_details(&user, details);
                owners.push(user);
            }
        }
        Ok(Self { view, skus, users, details: owners, names })
    }

    /// The error for a list that is required.
    pub(super) fn needs(list: &str, call: &str) -> Failure {
        let message = format!("{list} are required, but no file contains them");
        Failure::usage("cli.missing-answer", message).help(format_args!("save all pages of the answer to `GET {call}`"))
    }

    /// Returns the user of an id or a user principal name.
    pub(super) fn user(&self, named: &str) -> Option<&User> {
        find_user(self.users.as_ref(), named)
    }
}

fn find_user<'a>(users: Option<&'a Users>, named: &str) -> Option<&'a User> {
    let users = users?;
    let signs_in =
        |user: &&User| user.user_principal_name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(named));
    users.user(named).or_else(|| users.all().iter().find(signs_in))
}

/// Returns the user in the context of license details, if there is one:
/// `…#users('ada')/licenseDetails`.
fn user_of(read: &SourceFile) -> Option<String> {
    let (_, rest) = read.context.as_ref()?.split_once("users('")?;
    let (user, _) = rest.split_once("')")?;
    Some(user.replace("%40", "@"))
}

fn unknown_owner(read: &SourceFile) -> Failure {
    let path = crate::text::name(&read.path);
    let message = format!("{path} does not name the user of these licenseDetails");
    Failure::usage("cli.whose-details", message)
        .help(format_args!("name the user: `graph user USER --details {path} …`"))
}

fn faulty_edition(read: &SourceFile) -> Failure {
    let path = crate::text::name(&read.path);
    Failure::unreadable("edition.faults", format!("{path} is an edition of the catalogue with faults"))
        .help(format_args!("`entitle microsoft catalogue read {path}` shows them"))
}
