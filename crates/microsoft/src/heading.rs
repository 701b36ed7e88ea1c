//! Which column is which: by its heading, in any order.

use alloc::vec::Vec;

use crate::fault::{FaultKind, Faults, File};
use crate::table::{Row, rows};
use crate::text::excerpt;

/// A column that a file must have: what it is headed, the usual spelling first.
pub(crate) type Heading = &'static [&'static str];

/// What becomes of a column that nothing is known of.
#[derive(Clone, Copy)]
pub(crate) enum Unknown {
    /// It is a fault: what it says would be lost.
    Refused,
    /// It is left out, and told of.
    Told,
}

/// The rows of a file below its heading line, and where its columns are.
pub(crate) struct Sheet<const N: usize> {
    /// The place of each column that was asked for, counted from 0.
    pub(crate) columns: [usize; N],
    /// The rows with as many cells as the heading line.
    pub(crate) rows: Vec<Row>,
    /// The places of columns that nothing is known of.
    pub(crate) unknown: Vec<usize>,
}

impl<const N: usize> Sheet<N> {
    /// Reads a file; what is wrong with it goes to the faults. Nothing, if its heading line is of no use.
    pub(crate) fn read(
        text: &str,
        file: File,
        headings: [Heading; N],
        beyond: Unknown,
        faults: &mut Faults,
    ) -> Option<Self> {
        let (rows, open) = rows(text);
        let mut rows = rows.into_iter();
        let found = rows.next();
        let sheet = found.as_ref().and_then(|head| Self::head(head, file, headings, beyond, faults));
        if found.is_none() {
            for names in headings {
                faults.push(file, 1, 0, missing(names));
            }
        }
        let expected = found.map_or(0, |head| head.cells.len());
        let mut fits = Vec::new();
        for row in rows {
            let found = row.cells.len();
            if found == expected {
                fits.push(row);
            } else {
                // The first cell that is missing, or the first that is too many.
                faults.push(file, row.line, expected.min(found), FaultKind::CellCount { expected, found });
            }
        }
        if let Some(open) = open {
            let column = usize::try_from(open.column).unwrap_or(usize::MAX).saturating_sub(1);
            faults.push(file, open.line, column, FaultKind::OpenQuote);
        }
        sheet.map(|sheet| Self { rows: fits, ..sheet })
    }

    fn head(head: &Row, file: File, headings: [Heading; N], beyond: Unknown, faults: &mut Faults) -> Option<Self> {
        let mut places = [None; N];
        let mut unknown = Vec::new();
        for (at, cell) in head.cells.iter().enumerate() {
            let is = |name: &&str| name.eq_ignore_ascii_case(cell.trim());
            match headings.iter().position(|names| names.iter().any(is)) {
                Some(column) => match places.get_mut(column) {
                    Some(place @ None) => *place = Some(at),
                    _ => faults.push(
                        file,
                        head.line,
                        at,
                        FaultKind::RepeatedColumn { name: usual(headings.get(column)) },
                    ),
                },
                None => match beyond {
                    Unknown::Refused => {
                        faults.push(file, head.line, at, FaultKind::UnknownColumn { heading: excerpt(cell) });
                    }
                    Unknown::Told => unknown.push(at),
                },
            }
        }
        for (names, _) in headings.iter().zip(&places).filter(|(_, place)| place.is_none()) {
            faults.push(file, head.line, head.cells.len(), missing(names));
        }
        let all: Vec<usize> = places.iter().flatten().copied().collect();
        Some(Self { columns: all.try_into().ok()?, rows: Vec::new(), unknown })
    }
}

fn missing(names: Heading) -> FaultKind {
    FaultKind::MissingColumn { name: usual(Some(&names)) }
}

fn usual(names: Option<&Heading>) -> &'static str {
    names.and_then(|names| names.first()).copied().unwrap_or_default()
}
