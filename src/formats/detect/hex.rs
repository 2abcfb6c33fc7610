//! Files that were printed as hexadecimal digits: plain, with colons, or as a dump with offsets (xxd, hexdump, od).

use zeroize::Zeroizing;

/// The fewest bytes that are taken for a file: a serial number or a fingerprint is shorter.
const LEAST: usize = 40;

/// What the digits of `text` stand for, and the command that turns the file FILE back into bytes (it lacks its `> OUT`).
pub fn decode(text: &str) -> Option<(Zeroizing<Vec<u8>>, &'static str)> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let (bytes, command) = match offset(first) {
        Some((zero, rest)) if zero.bytes().all(|b| b == b'0') => {
            // xxd puts a colon behind the offset, and reads its own dumps
            let is_xxd = first.trim_start().chars().find(|c| !c.is_ascii_hexdigit()) == Some(':');
            // od counts in octal digits unless it is told otherwise
            let bytes = [16, 8, 10].into_iter().find_map(|radix| dumped(text, is_xxd, radix))?;
            let rest_is_paired = rest.split(' ').next().is_some_and(|word| word.len() == 2);
            match (is_xxd, rest_is_paired) {
                (true, _) => (bytes, "xxd -r FILE"),
                // the last line may be an offset alone
                (false, true) => (bytes, "sed -E 's/^ *[0-9a-fA-F]+( +|$)//; s/[|>].*//' FILE | xxd -r -p"),
                // hexdump and od print words of two bytes, the second byte first
                (false, false) => (
                    Zeroizing::new(bytes.chunks(2).flat_map(|pair| pair.iter().rev().copied()).collect()),
                    "sed -E 's/^ *[0-9a-fA-F]+ *//; s/([0-9a-f]{2})([0-9a-f]{2})/\\2\\1/g' FILE | xxd -r -p",
                ),
            }
        }
        _ => (digits(text)?, "sed -E 's/0x|\\\\x|[^0-9a-fA-F]//g' FILE | xxd -r -p"),
    };
    (bytes.len() >= LEAST).then_some((bytes, command))
}

/// The digits of the offset that a line of a dump begins with, and what follows them.
fn offset(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_hexdigit())?;
    let (digits, rest) = line.split_at(end);
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let is_offset = (6..=16).contains(&digits.len()) && rest.starts_with([' ', '\t']);
    is_offset.then(|| (digits, rest.trim_start()))
}

/// The bytes of a dump whose offsets are in `radix`: sixteen or so in a line, then perhaps the same as text.
fn dumped(text: &str, is_xxd: bool, radix: u32) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let Some((at, rest)) = offset(line) else { continue }; // the last line of hexdump is an offset alone
        if usize::from_str_radix(at, radix).ok()? != bytes.len() {
            return None;
        }
        // the text column stands behind two blanks in xxd's dumps, behind | or > in others
        let columns = if is_xxd { rest.split("  ").next()? } else { rest.split(['|', '>']).next()? };
        let mut in_line = 0;
        for word in columns.split(' ').filter(|word| !word.is_empty()) {
            let Some(pair) = digits(word).filter(|pair| in_line + pair.len() <= 32) else { break };
            in_line += pair.len();
            bytes.extend_from_slice(&pair);
            if in_line >= 16 {
                break;
            }
        }
    }
    Some(bytes)
}

/// The bytes of hexadecimal digits with nothing else between them than blanks, colons, commas, `0x` and `\x`.
fn digits(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    for word in text.split(|c: char| c.is_whitespace() || ":,-;{}\"'\\".contains(c)) {
        let word = word.strip_prefix("0x").or(word.strip_prefix('x')).unwrap_or(word);
        if word.len() % 2 != 0 {
            return None;
        }
        for pair in word.as_bytes().chunks(2) {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            bytes.push((digit(pair[0])? * 16 + digit(pair[1])?) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fifty bytes that no text column can be taken for.
    fn bytes() -> Vec<u8> {
        (0..50u8).map(|i| i.wrapping_mul(37)).collect()
    }

    fn joined(separator: &str) -> String {
        bytes().iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(separator)
    }

    #[test]
    fn digits_are_read_however_they_are_set_apart() {
        for text in [joined(""), joined(":").to_uppercase(), joined(" "), format!("0x{}", joined(", 0x")), joined("\\x")] {
            assert_eq!(*decode(&text).unwrap().0, bytes(), "{text}");
        }
    }

    #[test]
    fn dumps_of_the_usual_programs_are_read() {
        let dump = |line: fn(usize, &[u8]) -> String| -> String {
            bytes().chunks(16).enumerate().map(|(i, part)| line(i * 16, part) + "\n").collect()
        };
        fn words(part: &[u8], at: usize) -> String {
            part.chunks(at).map(|w| w.iter().map(|b| format!("{b:02x}")).collect::<String>()).collect::<Vec<_>>().join(" ")
        }
        let xxd = dump(|at, part| format!("{at:08x}: {:<39}  abcdef dead be", words(part, 2)));
        let canonical = dump(|at, part| format!("{at:08x}  {:<48} |abc def|", words(part, 1))) + "00000032\n";
        let od = dump(|at, part| format!("{at:06x} {} >abc<", words(part, 1)));
        for (text, command) in [(xxd, "xxd -r FILE"), (canonical, "sed"), (od, "sed")] {
            let (read, with) = decode(&text).unwrap();
            assert_eq!(*read, bytes(), "{text}");
            assert!(with.starts_with(command), "{with}");
        }
        let swapped = dump(|at, part| {
            let pairs: Vec<u8> = part.chunks(2).flat_map(|p| p.iter().rev().copied()).collect();
            format!("{at:07x} {}", words(&pairs, 2))
        });
        assert_eq!(*decode(&swapped).unwrap().0, bytes());
    }

    #[test]
    fn offsets_of_od_are_octal() {
        let whole = bytes();
        let lines = whole.chunks(16).enumerate().map(|(i, part)| {
            let octets = part.iter().map(|b| format!(" {b:02x}")).collect::<String>();
            format!("{:07o}{octets}\n", i * 16)
        });
        let (read, command) = decode(&(lines.collect::<String>() + "0000062\n")).unwrap();
        assert_eq!(*read, bytes());
        assert!(command.contains("( +|$)"), "{command}");
    }

    #[test]
    fn what_is_no_dump_of_a_file_is_left_alone() {
        for text in ["", "1A2B3C", "changeit", "a text that is long enough to be one, and has words", &"ab".repeat(32)] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
