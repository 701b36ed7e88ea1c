//! Which character separates the cells of a CSV text.

use core::fmt;

/// The character that separates the cells of a CSV text.
///
/// Microsoft writes commas. A spreadsheet in a country with a decimal comma saves the same file
/// with semicolons, and text for a clipboard has tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Separator {
    /// A comma.
    Comma,
    /// A semicolon.
    Semicolon,
    /// A tab.
    Tab,
}

impl Separator {
    /// Returns the separator that the heading line of a text has most often outside of quotes; the
    /// comma where it has none. `O(n)` in the heading line.
    #[must_use]
    pub fn detect(text: &str) -> Self {
        let text = text.trim_start_matches(['\u{feff}', '\r', '\n']);
        let (mut quoted, mut counts) = (false, [(Self::Comma, 0_u32), (Self::Semicolon, 0), (Self::Tab, 0)]);
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                '\r' | '\n' if !quoted => break,
                _ if quoted => {}
                _ => {
                    if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator.as_char() == c) {
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
        let most = |most: (Self, u32), next: (Self, u32)| if next.1 > most.1 { next } else { most };
        counts.into_iter().fold((Self::Comma, 0), most).0
    }

    /// Returns the character.
    #[must_use]
    pub fn as_char(self) -> char {
        char::from(self.as_byte())
    }

    pub(crate) fn as_byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

impl fmt::Display for Separator {
    /// Formats the separator as a word in the plural.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Separator;

    #[test]
    fn the_heading_line_shows_the_separator() {
        for (text, expected) in [
            ("a,b;c,d\n;;;;", Separator::Comma),
            ("\u{feff}a;b,c;d\r,,,,", Separator::Semicolon),
            ("\r\na\tb\n,", Separator::Tab),
            ("\"a;b;c\",d", Separator::Comma),
            ("\"a,b\nc,d\";e", Separator::Semicolon),
            ("a;b,c", Separator::Comma),
            ("alone", Separator::Comma),
            ("", Separator::Comma),
        ] {
            assert_eq!(Separator::detect(text), expected, "{text:?}");
        }
    }
}
