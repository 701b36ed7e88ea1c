//! `entitle help man`: a man page for each command, from its arguments.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use clap_mangen::Man;
use serde_json::json;

use crate::answer::Answer;
use crate::exit::{self, Failure};
use crate::files;

/// Writes the man pages to a folder.
pub(super) fn write(mut program: clap::Command, folder: &Path) -> Result<Answer, Failure> {
    program.build();
    let name = crate::text::name(folder);
    let failed = |what: &str, error: &io::Error| {
        Failure::unwritten("cli.unwritten", format!("{what} cannot be written: {error}"))
    };
    fs::create_dir_all(folder).map_err(|error| failed(&name, &error))?;
    let mut pages = Vec::new();
    add_pages(&program, &program, &mut pages).map_err(|error| failed(&name, &error))?;
    for (page, text) in &pages {
        let file = folder.join(page);
        files::replace(&file, text).map_err(|error| failed(&crate::text::name(&file), &error))?;
    }
    let names: Vec<&String> = pages.iter().map(|(page, _)| page).collect();
    let json = json!({ "folder": folder.to_string_lossy(), "pages": names });
    let answer = Answer::new(json).escaped_line(format_args!("{name}: {} man pages", names.len()));
    Ok(answer
        .escaped_line(format_args!("  read the first with `man {}`", crate::text::name(&folder.join("entitle.1")))))
}

/// Adds the page of a command, and those of its subcommands.
fn add_pages(program: &clap::Command, command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        man.render_options_section(&mut page)?;
    }
    if command.get_subcommands().any(|each| !each.is_hide_set()) {
        man.render_subcommands_section(&mut page)?;
    }
    writeln!(page, ".SH \"EXIT STATUS\"")?;
    for (code, meaning) in exit::EXIT_CODES {
        writeln!(page, ".TP\n{}\n{meaning}", code as u8)?;
    }
    writeln!(page, ".PP\n{}", exit::OUTPUT)?;
    if let Some(version) = program.get_version() {
        writeln!(page, ".SH VERSION\n{version}")?;
    }
    pages.push((man.get_filename(), page));
    command.get_subcommands().filter(|each| !each.is_hide_set()).try_for_each(|each| add_pages(program, each, pages))
}
