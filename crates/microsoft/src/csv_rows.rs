//! Splits CSV text into rows of cells, with line numbers.

use alloc::string::String;
use alloc::vec::Vec;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::csv_separator::Separator;

/// A row, and the line on which it begins, counted from 1.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

impl Row {
    /// Returns the cell of a column, counted from 0.
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// An unclosed quote, in the row that begins on this line.
#[derive(Debug)]
pub(crate) struct OpenQuote {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// Returns the rows of a text without blank lines: quoted cells, any line ends, with or without a
/// byte order mark. `O(n)` in the text.
///
/// Where a quote is never closed, returns the rows before it and its position.
pub(crate) fn rows(text: &str, separator: Separator) -> (Vec<Row>, Option<OpenQuote>) {
    let bytes = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
    let mut reader =
        RowReader { bytes, at: 0, line: 1, csv: ReaderBuilder::new().delimiter(separator.as_byte()).build() };
    // The cells of a row are never longer than the text, nor more than its characters.
    let (mut cells, mut ends) = (alloc::vec![0; bytes.len()], alloc::vec![0; 16]);
    let mut rows = Vec::new();
    while let Some(line) = reader.next_line() {
        match reader.row(&mut cells, &mut ends) {
            Ok((written, columns)) => rows.push(Row { line, cells: split_cells(&cells, &ends, written, columns) }),
            Err(column) => return (rows, Some(OpenQuote { line, column })),
        }
    }
    (rows, None)
}

struct RowReader<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
    csv: Reader,
}

impl<'a> RowReader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Returns the line of the next row, if there is one.
    fn next_line(&mut self) -> Option<u64> {
        let blank = self.rest().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.advance(blank);
        (!self.rest().is_empty()).then_some(self.line)
    }

    /// Consumes `bytes` bytes and counts their line ends: line feeds, and carriage returns without
    /// one.
    fn advance(&mut self, bytes: usize) {
        let rest = self.rest();
        let taken = rest.get(..bytes).unwrap_or(rest);
        let after = rest.iter().copied().skip(1).map(Some).chain([None]);
        let ends =
            taken.iter().zip(after).filter(|&(&byte, next)| byte == b'\n' || byte == b'\r' && next != Some(b'\n'));
        self.line = self.line.saturating_add(u64::try_from(ends.count()).unwrap_or(u64::MAX));
        self.at = self.at.saturating_add(taken.len());
    }

    /// Reads a row. Returns the number of bytes and of cells written, or the column, counted from
    /// 1, of an unclosed quote.
    fn row(&mut self, cells: &mut [u8], ends: &mut Vec<usize>) -> Result<(usize, usize), u64> {
        let (mut written, mut columns) = (0_usize, 0_usize);
        let mut closed = false;
        loop {
            // A line end appended to the text shows whether the last cell is closed.
            let input = if closed { b"\n" } else { self.rest() };
            let (cell, end) = (cells.get_mut(written..), ends.get_mut(columns..));
            let (result, read, bytes_written, cells_written) =
                self.csv.read_record(input, cell.unwrap_or_default(), end.unwrap_or_default());
            if !closed {
                self.advance(read);
            }
            (written, columns) = (written.saturating_add(bytes_written), columns.saturating_add(cells_written));
            match result {
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len().saturating_mul(2), 0),
                ReadRecordResult::Record => return Ok((written, columns)),
                ReadRecordResult::InputEmpty if !closed => closed = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::End => {
                    return Err(u64::try_from(columns).unwrap_or(u64::MAX).saturating_add(1));
                }
            }
        }
    }
}

/// Returns the cells of a row.
fn split_cells(cells: &[u8], ends: &[usize], written: usize, columns: usize) -> Vec<String> {
    let mut from = 0;
    let ends = ends.iter().take(columns).map(|&end| end.min(written));
    let cell = |end| {
        String::from_utf8_lossy(cells.get(core::mem::replace(&mut from, end)..end).unwrap_or_default()).into_owned()
    };
    ends.map(cell).collect()
}
