//! The names of components that stand for apps in the plan mapping.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};

use entitle::catalog::Access;
use entitle::{AppId, Catalog};
use thiserror::Error;

use crate::text::excerpt;

/// The components of apps whose ids Microsoft's tool cannot take, or whose components are named
/// otherwise. An app without one here is a component of the same name.
///
/// The same names serve to write the files and to read them again, which gives the same apps.
///
/// ```
/// use entitle_microsoft::isv::{ComponentNames, Files, OfferDefaults};
///
/// let definition = "ServiceID,Display name,More info URL\nfabrikam.f365.gold,F365 Gold,\n";
/// let mapping = "Service ID,Component name\r\nfabrikam.f365.gold,fab_Audit\r\n";
/// let mut names = ComponentNames::new();
/// names.name("f365/audit".parse()?, "fab_Audit")?;
/// let defaults = OfferDefaults::default();
/// let catalog = Files::new(definition, mapping).catalog_named(&defaults, &names)?;
/// assert_eq!(catalog.app("f365/audit")?.to_string(), "f365/audit");
/// assert_eq!(Files::from_catalog_named(&catalog, &defaults, &names)?.mapping, mapping);
/// Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComponentNames {
    components: BTreeMap<AppId, String>,
    apps: BTreeMap<String, AppId>,
}

/// Why an app does not get the name of a component.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ComponentNameError {
    /// The text is not the name of a component: letters, digits and underscores.
    #[error("`{}` is not a component name: use letters, digits and underscores", text.escape_debug())]
    NotAComponent {
        /// The text, or the beginning of a long one.
        text: String,
    },
    /// The app has a component already.
    #[error("`{app}` has two components, `{first}` and `{second}`: give it one")]
    NamedTwice {
        /// The app.
        app: AppId,
        /// Its component.
        first: String,
        /// The second one.
        second: String,
    },
    /// Another app has this component, perhaps in other letter case.
    #[error("`{first}` and `{second}` have the component `{component}`: give each its own")]
    Shared {
        /// The component.
        component: String,
        /// The app that has it.
        first: AppId,
        /// The other app.
        second: AppId,
    },
}

impl ComponentNameError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAComponent { .. } => "isv.not-a-component-name",
            Self::NamedTwice { .. } => "isv.component-named-twice",
            Self::Shared { .. } => "isv.shared-component",
        }
    }
}

impl ComponentNames {
    /// Returns names of which each app is a component of the same name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a name for each licensed app of a catalog whose id Microsoft's tool cannot take: the
    /// id with underscores in place of other characters, and a number where several apps would
    /// have the same. `O(n log n)` in the apps.
    #[must_use]
    pub fn propose(catalog: &Catalog) -> Self {
        let licensed = || catalog.offer().apps.iter().filter(|app| app.access == Access::Licensed).map(|app| &app.id);
        let mut taken: BTreeSet<String> = licensed().map(|app| app.as_str().to_lowercase()).collect();
        let mut names = Self::new();
        for app in licensed().filter(|app| !is_component(app.as_str())) {
            let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
            let name: String = app.as_str().chars().map(allowed).collect();
            let numbered = (2_u64..).map(|number| alloc::format!("{name}_{number}"));
            // There are more numbers than apps.
            let free =
                core::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
            let Some(component) = free else { continue };
            taken.insert(component.to_lowercase());
            names.insert(app.clone(), component);
        }
        names
    }

    /// Gives an app the name of its component. `O(log n)` in the names.
    ///
    /// # Errors
    ///
    /// [`ComponentNameError`] if the text is not a component name, if the app has another one, or
    /// if another app has it, in whatever letter case.
    pub fn name(&mut self, app: AppId, component: &str) -> Result<(), ComponentNameError> {
        if !is_component(component) {
            return Err(ComponentNameError::NotAComponent { text: excerpt(component) });
        }
        if let Some(first) = self.components.get(&app) {
            let (first, second) = (first.clone(), component.to_string());
            return Err(ComponentNameError::NamedTwice { app, first, second });
        }
        if let Some(first) = self.apps.get(&component.to_lowercase()) {
            let (first, component) = (first.clone(), component.to_string());
            return Err(ComponentNameError::Shared { component, first, second: app });
        }
        self.insert(app, component.to_string());
        Ok(())
    }

    fn insert(&mut self, app: AppId, component: String) {
        self.apps.insert(component.to_lowercase(), app.clone());
        self.components.insert(app, component);
    }

    /// Returns the names, by app.
    pub fn iter(&self) -> impl Iterator<Item = (&AppId, &str)> {
        self.components.iter().map(|(app, component)| (app, component.as_str()))
    }

    /// Returns the component of an app: its name here, or the id of the app. `O(log n)` in the
    /// names.
    #[must_use]
    pub fn component<'a>(&'a self, app: &'a AppId) -> &'a str {
        self.components.get(app).map_or(app.as_str(), String::as_str)
    }

    /// Returns the name that an app has here.
    pub(crate) fn given(&self, app: &AppId) -> Option<&str> {
        self.components.get(app).map(String::as_str)
    }

    /// Returns the app that has this component here.
    pub(crate) fn app(&self, component: &str) -> Option<&AppId> {
        let app = self.apps.get(&component.to_lowercase())?;
        self.given(app).is_some_and(|name| name == component).then_some(app)
    }
}

/// Returns whether Microsoft's tool takes a text as the name of a component.
pub(crate) fn is_component(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
