//! Pre-authentication encoding: the bytes that a PASETO signature covers. The length before each
//! piece prevents that pieces are split differently (PASETO, "Authentication Padding").

use alloc::vec::Vec;

/// Returns the number of pieces and each piece with its length before it. Numbers are little-endian
/// 64-bit.
pub(crate) fn encode(pieces: &[&[u8]]) -> Vec<u8> {
    let size = pieces.iter().fold(8_usize, |size, piece| size.saturating_add(8).saturating_add(piece.len()));
    let mut encoded = Vec::with_capacity(size);
    encoded.extend_from_slice(&number(pieces.len()));
    for piece in pieces {
        encoded.extend_from_slice(&number(piece.len()));
        encoded.extend_from_slice(piece);
    }
    encoded
}

/// Returns a number in 64 bits with the top bit clear, as the specification requires. No length in
/// memory sets it.
fn number(n: usize) -> [u8; 8] {
    (u64::try_from(n).unwrap_or(u64::MAX) & (u64::MAX >> 1)).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn x1_pae_examples_of_the_paseto_specification() {
        assert_eq!(encode(&[]), b"\x00\x00\x00\x00\x00\x00\x00\x00");
        assert_eq!(encode(&[b""]), b"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
        assert_eq!(encode(&[b"test"]), b"\x01\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00test");
    }

    #[test]
    fn x1_pieces_cannot_be_split_again() {
        assert_ne!(encode(&[b"a,pro"]), encode(&[b"a", b"pro"]));
        assert_ne!(encode(&[b"ab", b"c"]), encode(&[b"a", b"bc"]));
    }
}
