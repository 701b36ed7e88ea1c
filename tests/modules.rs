//! The modules of the library, held to two rules: a module imports only from modules declared above
//! it, in `lib.rs` and in each folder, and no files import each other in a circle.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{Visit, visit_item_mod, visit_path};
use syn::{Attribute, ItemMod, ItemUse, UseTree, Visibility};

/// The path of a module or an item from the root of the crate; the root itself is empty.
type ModulePath = Vec<String>;

/// What a file of the library declares and names.
#[derive(Default)]
struct SourceFile {
    /// The modules that the file declares as files of their own, in order.
    children: Vec<String>,
    /// The paths that the file names, as they stand there.
    named: Vec<ModulePath>,
    /// The paths that the file makes visible as its own.
    reexported: Vec<ModulePath>,
}

impl<'ast> Visit<'ast> for SourceFile {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if is_test(&module.attrs) {
            return;
        }
        if module.content.is_none() {
            self.children.push(module.ident.to_string());
        }
        visit_item_mod(self, module);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_private = matches!(item.vis, Visibility::Inherited);
        let paths = if is_private { &mut self.named } else { &mut self.reexported };
        flatten(&item.tree, &mut Vec::new(), paths);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: ModulePath = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.first().is_some_and(|first| first == "crate") {
            self.named.push(segments);
        }
        visit_path(self, path);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    };
    attributes.iter().any(is_test)
}

/// Lists the paths of a `use` item.
fn flatten(tree: &UseTree, prefix: &mut ModulePath, paths: &mut Vec<ModulePath>) {
    let mut push = |last: String| paths.push(prefix.iter().cloned().chain([last]).collect());
    match tree {
        UseTree::Name(name) => push(name.ident.to_string()),
        UseTree::Rename(rename) => push(rename.ident.to_string()),
        UseTree::Glob(_) => push("*".to_string()),
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, paths);
            prefix.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix, paths)),
    }
}

/// The files of the library by their module paths.
struct Library(BTreeMap<ModulePath, SourceFile>);

impl Library {
    fn read() -> Self {
        let mut library = Self(BTreeMap::new());
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        library.read_module(&src.join("lib.rs"), &src, Vec::new());
        library
    }

    /// Reads a module and the modules that it declares, whose files are in `folder`.
    fn read_module(&mut self, file: &Path, folder: &Path, module: ModulePath) {
        let syntax = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
        let mut source = SourceFile::default();
        source.visit_file(&syntax);
        for child in &source.children {
            let path = module.iter().cloned().chain([child.clone()]).collect();
            let inner = folder.join(child);
            let files = [inner.join("mod.rs"), folder.join(format!("{child}.rs"))];
            self.read_module(files.iter().find(|file| file.exists()).unwrap(), &inner, path);
        }
        self.0.insert(module, source);
    }

    /// The path from the root that a path in a file means; `None` for one of another crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<ModulePath> {
        let (first, rest) = path.split_first()?;
        let from = |module: &[String], rest: &[String]| Some([module, rest].concat());
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => from(module, rest),
            "super" => self.absolute(module.split_last()?.1, &[&["self".to_string()], rest].concat()),
            _ if self.0.get(module)?.children.contains(first) => from(module, path),
            _ => None,
        }
    }

    /// The module whose file defines what a path means, behind what other modules show as theirs.
    fn defining(&self, path: &[String]) -> ModulePath {
        let module =
            (0..=path.len()).rev().map(|len| &path[..len]).find(|&prefix| self.0.contains_key(prefix)).unwrap();
        let Some(name) = path.get(module.len()) else { return module.to_vec() };
        let shown = self.0[module].reexported.iter().find(|shown| shown.last() == Some(name));
        match shown.and_then(|shown| self.absolute(module, shown)) {
            Some(shown) => self.defining(&shown),
            None => module.to_vec(),
        }
    }

    /// The modules from whose files a module imports, each once and without itself.
    fn imports(&self, module: &ModulePath) -> BTreeSet<ModulePath> {
        let named = self.0[module].named.iter().filter_map(|path| self.absolute(module, path));
        named.map(|path| self.defining(&path)).filter(|other| other != module && !other.is_empty()).collect()
    }
}

#[test]
fn a_module_imports_only_from_modules_above_it() {
    let library = Library::read();
    let mut downward = Vec::new();
    let mut compared = 0_usize;
    for (module, _) in library.0.iter().filter(|(module, _)| !module.is_empty()) {
        for other in library.imports(module) {
            // The folder that holds both, and the modules in it that lead to each.
            let shared = module.iter().zip(&other).take_while(|(one, two)| one == two).count();
            let (Some(here), Some(there)) = (module.get(shared), other.get(shared)) else { continue };
            let order = &library.0[&module[..shared]].children;
            let place = |name: &String| order.iter().position(|child| child == name).unwrap();
            compared += 1;
            if place(there) > place(here) {
                downward.push(format!("{} imports from {}", module.join("::"), other.join("::")));
            }
        }
    }
    assert!(compared > 500, "few imports were read: {compared}");
    assert!(downward.is_empty(), "imports from modules further down: {downward:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let library = Library::read();
    let mut left: BTreeMap<ModulePath, BTreeSet<ModulePath>> = library
        .0
        .keys()
        .filter(|module| !module.is_empty())
        .map(|module| (module.clone(), library.imports(module)))
        .collect();
    assert!(left.len() > 100, "the library was not read: {left:?}");
    // A file that imports only from files without circles is in none.
    loop {
        let done: BTreeSet<ModulePath> = left
            .iter()
            .filter(|(_, imports)| !imports.iter().any(|it| left.contains_key(it)))
            .map(|(it, _)| it.clone())
            .collect();
        if done.is_empty() {
            break;
        }
        left.retain(|module, _| !done.contains(module));
    }
    let left: Vec<String> = left.keys().map(|module| module.join("::")).collect();
    assert!(left.is_empty(), "files in circles, or that import from one: {left:#?}");
}
