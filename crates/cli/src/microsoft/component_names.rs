//! The components of apps whose ids Microsoft's tool cannot take: options, a file and a proposal.

use core::fmt;
use core::str::FromStr;
use std::path::{Path, PathBuf};

use clap::Args;
use entitle::{AppId, Catalog};
use entitle_microsoft::isv::{ComponentNameError, ComponentNames};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::timeless::Timeless;

/// Propose a component for each app whose id Microsoft's tool cannot take.
///
/// `entitle microsoft isv names f365.json -o names.json`
#[derive(Debug, Args)]
pub(crate) struct ProposeNames {
    /// The catalog, in JSON.
    catalog: PathBuf,
    /// The file for the names, to be edited and given to --map-apps [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    time: Timeless,
}

/// The names of components, for both directions.
#[derive(Debug, Args)]
pub(super) struct NameOptions {
    /// A file with components of apps, of `isv names`.
    ///
    /// Of each app that has another name there: `{"f365/audit": "fab_Audit"}`.
    #[arg(long, value_name = "FILE")]
    map_apps: Option<PathBuf>,
    /// The component of one app: `f365/audit=fab_Audit`.
    ///
    /// Can be repeated.
    #[arg(long = "rename", value_name = "APP=COMPONENT")]
    renames: Vec<AppComponent>,
}

/// An app and its component.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AppComponent(AppId, String);

impl FromStr for AppComponent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The name of a component has no `=`, the id of an app may have one.
        let (app, component) =
            text.rsplit_once('=').ok_or("write it as `f365/audit=fab_Audit`: an app and its component")?;
        let app = app.parse().map_err(|error: entitle::id::TextError| error.to_string())?;
        Ok(Self(app, component.to_string()))
    }
}

/// The pairs of a JSON object, in order, repeated ones included.
struct Pairs(Vec<(AppId, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of apps and their components")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

impl NameOptions {
    /// Returns the names of the file and of the options.
    pub(super) fn names(&self) -> Result<ComponentNames, Failure> {
        let mut names = ComponentNames::new();
        if let Some(path) = &self.map_apps {
            let Pairs(pairs) = serde_json::from_str(&files::read(path)?).map_err(|error| {
                let message = format!(
                    "{} has no names of components: {}",
                    crate::text::name(path),
                    crate::text::json_error(&error)
                );
                Failure::unreadable("cli.not-component-names", message)
                    .help(r#"it is written as {"f365/audit": "fab_Audit"}; `entitle microsoft isv names` makes one"#)
            })?;
            let wrong = |error: ComponentNameError| {
                Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(path)))
            };
            pairs.into_iter().try_for_each(|(app, component)| names.name(app, &component)).map_err(wrong)?;
        }
        for AppComponent(app, component) in &self.renames {
            let wrong = |error: ComponentNameError| Failure::usage(error.code(), format!("--rename: {error}"));
            names.name(app.clone(), component).map_err(wrong)?;
        }
        Ok(names)
    }

    /// Returns these options as they are written.
    pub(super) fn written(&self) -> String {
        let file = self.map_apps.iter().map(|path| format!("--map-apps {}", crate::text::name(path)));
        let renames = self.renames.iter().map(|AppComponent(app, component)| format!("--rename {app}={component}"));
        file.chain(renames).collect::<Vec<_>>().join(" ")
    }
}

/// Returns a note for each name of an app that a catalog of files does not have.
pub(super) fn unused(names: &ComponentNames, catalog: &Catalog) -> Vec<String> {
    let apps: Vec<_> = catalog.offer().apps.iter().map(|app| &app.id).collect();
    let unused = names.iter().filter(|(app, _)| !apps.contains(app));
    unused.map(|(app, component)| format!("the plan mapping has no component `{component}` for `{app}`")).collect()
}

/// Returns names as a JSON object.
pub(super) fn json(names: &ComponentNames) -> Value {
    names
        .iter()
        .map(|(app, component)| (app.to_string(), Value::from(component)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

impl ProposeNames {
    pub(super) fn run(&self) -> Result<Answer, Failure> {
        let names = ComponentNames::propose(&crate::catalog::load(&self.catalog)?);
        let (number, components) = (names.iter().count(), json(&names));
        let text = format!("{components:#}\n");
        let mut answer = json!({ "components": components });
        let Some(path) = &self.out else { return Ok(Answer::new(answer).raw(&text)) };
        files::write_new(path, &text, Secrecy::Public)?;
        super::merge(&mut answer, json!({ "file": path.to_string_lossy() }));
        Ok(summary(Answer::new(answer), path, &self.catalog, number))
    }
}

fn summary(answer: Answer, path: &Path, catalog: &Path, number: usize) -> Answer {
    let (file, catalog) = (crate::text::name(path), crate::text::name(catalog));
    let plural = if number == 1 { "" } else { "s" };
    let answer = answer.escaped_line(format_args!("{file}: {number} component{plural} proposed"));
    answer.escaped_line(format_args!(
        "  correct them to the names in your solution, then: `isv write {catalog} --map-apps {file} …`"
    ))
}
