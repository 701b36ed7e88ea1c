//! Questions at the terminal, or on standard input for programs that answer them.

use core::time::Duration;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::sync::mpsc;
use std::thread;

use crate::answer::print_to_stderr;
use crate::exit::Failure;
use crate::text::one_line;

/// The maximum length of an answer with its line end, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// How long standard input is waited for after the last question: a program may keep it open.
const REST: Duration = Duration::from_millis(100);

/// Returns the answer to a question, as `parse` reads it. A person is asked again until it does;
/// an answer of a program that it does not read is a failure.
pub(crate) fn ask<T>(question: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    loop {
        let answer = read_answer(question)?;
        match parse(&answer) {
            Ok(answer) => return Ok(answer),
            Err(error) if io::stdin().is_terminal() => print_to_stderr(&format!("  {}", one_line(&error))),
            Err(error) => {
                let message = format!("the answer `{answer}` does not fit: {}: {error}", question.trim());
                return Err(Failure::usage("cli.answer", message));
            }
        }
    }
}

/// Returns the answer to a question, without blanks around it.
pub(crate) fn read_answer(question: &str) -> Result<String, Failure> {
    let unreadable = |error: io::Error| Failure::unreadable("cli.unreadable", format!("the terminal: {error}"));
    _ = write!(io::stderr(), "{question}: ").and_then(|()| io::stderr().flush());
    let mut line = String::new();
    let mut limited = io::stdin().lock().take(MAX_ANSWER.saturating_add(1));
    let length = limited.read_line(&mut line).map_err(unreadable)?;
    if limited.limit() == 0 {
        let message = format!("the answer has more than {MAX_ANSWER} bytes: {}", question.trim());
        return Err(Failure::unreadable("cli.too-long", message).help("give each answer in a line of its own"));
    }
    if !io::stdin().is_terminal() {
        // No terminal echoes it: a transcript shows which answer was taken for which question.
        print_to_stderr(&one_line(line.trim()));
    }
    match length {
        0 => Err(Failure::usage("cli.missing", format!("the answer is missing to: {}", question.trim()))),
        _ => Ok(line.trim().to_string()),
    }
}

/// Returns a note about answers that a program gave after the last question: some of those before may have
/// gone to another question than it meant.
pub(crate) fn left_over() -> Option<String> {
    if io::stdin().is_terminal() {
        return None;
    }
    let (sender, lines) = mpsc::channel();
    // It ends with the program where standard input does not end.
    thread::spawn(move || {
        let rest = io::stdin().lock().take(MAX_ANSWER).lines().map_while(Result::ok);
        for line in rest {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let rest = core::iter::from_fn(|| lines.recv_timeout(REST).ok());
    let first = rest.map(|line| line.trim().to_string()).find(|line| !line.is_empty())?;
    Some(format!(
        "standard input goes on after the last question, with `{first}`: see above which answer was taken for which question"
    ))
}
