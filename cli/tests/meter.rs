//! What `joulebook meter` signs and prints is what whoever builds a device is told to make: the test vectors.
#![cfg(unix)]

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const VECTORS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../clients/fixtures/meter-vectors.json"
);
/// The boundary of all vectors.
const BOUNDARY: &str = "2026-11-22T07:30:00Z";

fn joulebook(args: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_joulebook"))
        .arg("meter")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("runs")
}

/// Of a command that does not fail.
fn printed(args: &[String]) -> String {
    let output = joulebook(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    String::from_utf8(output.stdout).expect("is text")
}

fn vectors() -> Vec<Value> {
    let text = fs::read_to_string(VECTORS).expect("is there");
    let vectors: Vec<Value> = serde_json::from_str(&text).expect("a list");
    assert!(!vectors.is_empty());
    vectors
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().expect("is text")
}

/// A file that nobody else can read.
fn write(path: PathBuf, content: &str) -> String {
    let mut options = File::options();
    let file = options.write(true).create_new(true).mode(0o600).open(&path);
    let written = file.and_then(|mut file| file.write_all(content.as_bytes()));
    written.expect("written");
    path.display().to_string()
}

/// The key of a vector as the command takes it: a keypair, or the digits of a secret.
fn key(vector: &Value, folder: &Path) -> String {
    let secret = text(vector, "secretKey");
    let content = match text(vector, "curve") {
        "ed25519" => {
            let digits = format!("{secret}{}", text(vector, "publicKey"));
            let bytes = (0..digits.len()).step_by(2);
            let bytes: Vec<u8> = bytes
                .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("a byte"))
                .collect();
            serde_json::to_string(&bytes).expect("JSON")
        }
        _ => secret.to_owned(),
    };
    write(folder.join("key"), &content)
}

/// The arguments that say what a vector says.
fn sign(vector: &Value, folder: &Path) -> Vec<String> {
    let mut args = vec!["sign".to_owned(), "--key".to_owned(), key(vector, folder)];
    for (option, value) in [
        ("--binding", text(vector, "binding")),
        ("--meter", &vector["meter"].to_string()),
        ("--sequence", text(vector, "sequence")),
        ("--boundary", text(vector, "boundary")),
        ("--import", text(vector, "import")),
        ("--export", text(vector, "export")),
        ("--flags", &vector["flags"].to_string()),
    ] {
        args.extend([option.to_owned(), value.to_owned()]);
    }
    if let Some(values) = vector["values"].as_array() {
        let mut table = "import_wh,export_wh\n".to_owned();
        for value in values {
            table += &format!("{},{}\n", value[0], value[1]);
        }
        let path = write(folder.join("values.csv"), &table);
        args.extend(["--values".to_owned(), path]);
    }
    args
}

#[test]
fn given_the_key_and_registers_of_a_vector_when_they_are_signed_then_bytes_and_signature_are_its_own(
) {
    for vector in vectors() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = printed(&sign(&vector, folder.path()));
        let said: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said, vector["body"], "{}", vector["name"]);
    }
}

#[test]
fn given_a_boundary_as_people_write_it_when_it_is_signed_then_it_is_the_same_moment() {
    let vector = &vectors()[0];
    let folder = tempfile::tempdir().expect("a folder");
    let mut args = sign(vector, folder.path());
    let boundary = args.iter_mut().find(|arg| *arg == text(vector, "boundary"));
    *boundary.expect("is named") = BOUNDARY.to_owned();
    let said: Value = serde_json::from_str(&printed(&args)).expect("JSON");
    assert_eq!(said, vector["body"]);
}

#[test]
fn given_a_vector_when_it_is_explained_then_each_byte_has_its_place_and_each_interval_its_energy() {
    for vector in vectors() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut args = sign(&vector, folder.path());
        args.push("--explain".to_owned());
        let said = printed(&args);
        let lines: Vec<&str> = said.lines().collect();
        let (mut bytes, mut energies) = (String::new(), vec![]);
        // A line with place, bytes and name, then one with what they mean.
        for part in lines.chunks(2) {
            let words: Vec<&str> = part[0].split_whitespace().collect();
            let place: usize = words[0].parse().expect("a number");
            assert_eq!(place * 2, bytes.len(), "{}", part[0]);
            bytes += words[1];
            if words[2] == "interval" {
                energies.push(part[1]);
            }
        }
        assert_eq!(bytes, text(&vector, "message"), "{}", vector["name"]);
        let values = vector["values"].as_array().cloned().unwrap_or_default();
        assert_eq!(energies.len(), values.len(), "{}", vector["name"]);
        for (said, value) in energies.iter().zip(&values) {
            for (energy, way) in [(&value[0], "drawn"), (&value[1], "fed in")] {
                let is_told = match energy.as_u64() {
                    Some(0) => !said.contains(way),
                    _ => said.contains(&format!(" {energy} Wh {way}")),
                };
                assert!(is_told, "{value}: {said}");
            }
        }
    }
}

#[test]
fn given_vectors_when_they_are_printed_then_they_are_those_of_the_file() {
    let said: Vec<Value> = serde_json::from_str(&printed(&["vectors".to_owned()])).expect("JSON");
    assert_eq!(said, vectors());
}

#[test]
fn given_what_can_t_be_signed_when_it_is_to_be_then_it_says_what_is_wrong_and_prints_nothing() {
    let vector = vectors()
        .into_iter()
        .find(|vector| vector["values"].is_array());
    let vector = vector.expect("a load profile");
    let refused = |change: &dyn Fn(&mut Vec<String>, &Path)| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut args = sign(&vector, folder.path());
        change(&mut args, folder.path());
        let output = joulebook(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let said = refused(&|args, _| {
        let binding = args.iter_mut().find(|arg| *arg == text(&vector, "binding"));
        binding.expect("is named").pop();
    });
    assert!(said.contains("64 hexadecimal digits"), "{said}");
    let said = refused(&|_, folder| {
        let table = "import_wh,export_wh\n1,2\n3,four\n";
        fs::write(folder.join("values.csv"), table).expect("written");
    });
    assert!(said.contains("values.csv"), "{said}");
    assert!(said.contains("line: 3"), "{said}");
    let said = refused(&|_, folder| fs::write(folder.join("key"), "no key").expect("written"));
    assert!(said.contains("key"), "{said}");
}
