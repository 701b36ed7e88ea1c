//! Locates the columns of a CSV file by their headings, in any order.

use alloc::vec::Vec;

use crate::csv_rows::{Row, rows};
use crate::csv_separator::Separator;
use crate::fault::{FaultKind, Faults, File};
use crate::text::excerpt;

/// The accepted headings of a required column, the canonical one first.
pub(crate) type Heading = &'static [&'static str];

/// What to do with an unknown column.
#[derive(Clone, Copy)]
pub(crate) enum UnknownColumns {
    /// Report a fault: its data would be lost.
    Reject,
    /// Ignore it, and list it.
    Ignore,
}

/// The rows of a file below its heading line, and the positions of its columns.
pub(crate) struct CsvTable<const N: usize> {
    /// The index of each required column.
    pub(crate) columns: [usize; N],
    /// The heading of each, as it is listed among the accepted ones.
    pub(crate) headings: [&'static str; N],
    /// The rows that have as many cells as the heading line.
    pub(crate) rows: Vec<Row>,
    /// The indexes of unknown columns.
    pub(crate) unknown: Vec<usize>,
}

impl<const N: usize> CsvTable<N> {
    /// Returns the table in a text, and adds what is wrong to `faults`. Returns `None` if the
    /// heading line lacks or repeats a column.
    pub(crate) fn read(
        text: &str,
        separator: Separator,
        file: File,
        headings: [Heading; N],
        unknown_columns: UnknownColumns,
        faults: &mut Faults,
    ) -> Option<Self> {
        let (rows, open) = rows(text, separator);
        let mut rows = rows.into_iter();
        let found = rows.next();
        let table = found.as_ref().and_then(|head| Self::locate_columns(head, file, headings, unknown_columns, faults));
        if found.is_none() {
            for names in headings {
                faults.push(file, 1, 0, missing_column(names));
            }
        }
        let expected = found.map_or(0, |head| head.cells.len());
        let mut complete_rows = Vec::new();
        for row in rows {
            let found = row.cells.len();
            if found == expected {
                complete_rows.push(row);
            } else {
                // The first cell that is missing or superfluous.
                faults.push(file, row.line, expected.min(found), FaultKind::CellCount { expected, found });
            }
        }
        if let Some(open) = open {
            let column = usize::try_from(open.column).unwrap_or(usize::MAX).saturating_sub(1);
            faults.push(file, open.line, column, FaultKind::OpenQuote);
        }
        table.map(|table| Self { rows: complete_rows, ..table })
    }

    fn locate_columns(
        head: &Row,
        file: File,
        headings: [Heading; N],
        unknown_columns: UnknownColumns,
        faults: &mut Faults,
    ) -> Option<Self> {
        let mut places = [None; N];
        let mut unknown = Vec::new();
        for (at, cell) in head.cells.iter().enumerate() {
            let is = |name: &&&'static str| name.eq_ignore_ascii_case(cell.trim());
            let named = headings.iter().map(|names| names.iter().find(is).copied());
            match named.enumerate().find_map(|(column, name)| Some((column, name?))) {
                Some((column, name)) => match places.get_mut(column) {
                    Some(place @ None) => *place = Some((at, name)),
                    _ => faults.push(
                        file,
                        head.line,
                        at,
                        FaultKind::RepeatedColumn { name: canonical_name(headings.get(column)) },
                    ),
                },
                None => match unknown_columns {
                    UnknownColumns::Reject => {
                        faults.push(file, head.line, at, FaultKind::UnknownColumn { heading: excerpt(cell) });
                    }
                    UnknownColumns::Ignore => unknown.push(at),
                },
            }
        }
        for (names, _) in headings.iter().zip(&places).filter(|(_, place)| place.is_none()) {
            faults.push(file, head.line, head.cells.len(), missing_column(names));
        }
        let (columns, headings): (Vec<usize>, Vec<&'static str>) = places.iter().flatten().copied().unzip();
        let (columns, headings) = (columns.try_into().ok()?, headings.try_into().ok()?);
        Some(Self { columns, headings, rows: Vec::new(), unknown })
    }
}

fn missing_column(names: Heading) -> FaultKind {
    FaultKind::MissingColumn { name: canonical_name(Some(&names)) }
}

fn canonical_name(names: Option<&Heading>) -> &'static str {
    names.and_then(|names| names.first()).copied().unwrap_or_default()
}
