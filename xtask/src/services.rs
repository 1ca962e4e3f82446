//! Whether each daemon can be started as the files beside it say.
//!
//! A daemon's folder in `services` has an example of its configuration. Beside that lies a unit of systemd, which starts a command
//! that there is with that configuration, and a page leads to the unit. The image is built with the Rust that the workspace asks
//! for. Nobody starts a unit or builds the image here: these are texts.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};

use crate::files;

const SERVICES: &str = "services";
const PAGES: &str = "docs";
const COMMANDS: &str = "cli/src/commands/mod.rs";
const IMAGE: &str = "services/Containerfile";
const WORKSPACE: &str = "Cargo.toml";

/// Files of `services` that configure no daemon. What reads `operations.toml` ends by itself.
const NO_DAEMONS: [&str; 2] = ["Cargo", "operations"];

pub fn check(root: &Path) -> Result<()> {
    let read = |name: &str| fs::read_to_string(root.join(name)).with_context(|| name.to_owned());
    let commands = commands(&read(COMMANDS)?);
    let mut pages = String::new();
    for page in files::find(&root.join(PAGES), ".md")? {
        pages += &fs::read_to_string(page)?;
    }
    let (mut daemons, mut wrong) = (0, Vec::new());
    for example in files::find(&root.join(SERVICES), ".toml")? {
        let name = example.file_stem().unwrap_or_default().to_string_lossy();
        if NO_DAEMONS.contains(&&*name) {
            continue;
        }
        daemons += 1;
        let unit = example.with_extension("service");
        let place = unit.strip_prefix(root)?.display();
        match fs::read_to_string(&unit) {
            Ok(text) => {
                let said = said_of_unit(&name, &text, &commands).into_iter();
                wrong.extend(said.map(|said| format!("{place}: {said}")));
            }
            Err(_) => wrong.push(format!("{place} is not there, and {name}.toml is")),
        }
        if !pages.contains(&format!("(../{place})")) {
            wrong.push(format!("no page in {PAGES} leads to {place}"));
        }
    }
    let said = said_of_image(&read(IMAGE)?, &read(WORKSPACE)?, &commands).into_iter();
    wrong.extend(said.map(|said| format!("{IMAGE}: {said}")));
    if !wrong.is_empty() {
        bail!(
            "daemons that can't be started so:\n  {}",
            wrong.join("\n  ")
        );
    }
    println!("{daemons} daemons have a unit");
    Ok(())
}

/// The commands of the command line, by the variants of the enum that it parses.
fn commands(source: &str) -> Vec<String> {
    let lines = source
        .lines()
        .skip_while(|line| !line.starts_with("enum Command"));
    let variants = lines.take_while(|line| *line != "}").filter_map(|line| {
        let (name, _) = line.trim().split_once('(')?;
        name.starts_with(|letter: char| letter.is_ascii_uppercase())
            .then(|| kebab(name))
    });
    variants.collect()
}

/// `ProveBill` is the command `prove-bill`.
fn kebab(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn said_of_unit(name: &str, unit: &str, commands: &[String]) -> Vec<String> {
    let mut starts = unit
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart="));
    let (Some(start), None) = (starts.next(), starts.next()) else {
        return vec!["one ExecStart is expected".to_owned()];
    };
    let mut wrong = Vec::from_iter(said_of_call(start, commands));
    if !start.ends_with(&format!(" --config /etc/joulebook/{name}.toml")) {
        wrong.push(format!("'{start}' does not take {name}.toml"));
    }
    wrong
}

fn said_of_image(image: &str, workspace: &str, commands: &[String]) -> Vec<String> {
    let mut wrong: Vec<String> = image
        .lines()
        .filter(|line| line.contains(" --config "))
        .flat_map(|line| said_of_call(line, commands))
        .collect();
    let version = workspace.lines().find_map(|line| {
        let version = line.strip_prefix("rust-version = \"")?;
        version.strip_suffix('"')
    });
    let version = version.unwrap_or("a version");
    if !image.contains(&format!("/rust:{version}-")) {
        wrong.push(format!("{WORKSPACE} asks for Rust {version}"));
    }
    wrong
}

/// What is wrong with a line that calls `joulebook`.
fn said_of_call(line: &str, commands: &[String]) -> Option<String> {
    let (_, arguments) = line.rsplit_once("joulebook ")?;
    let command = arguments.split(' ').next().unwrap_or_default();
    let is_known = commands.iter().any(|known| known == command);
    (!is_known).then(|| format!("there is no command '{command}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
struct Cli {
    Baker(u8),
}

#[derive(Debug, Subcommand)]
enum Command {
    Keeper(keeper::KeeperArgs),
    ProveBill(prove_bill::ProveBillArgs),
}

fn run() {
    Command::Miller(1)
}
";

    #[test]
    fn given_the_command_line_s_source_when_read_then_its_commands_are_named_as_they_are_called() {
        assert_eq!(commands(SOURCE), ["keeper", "prove-bill"]);
    }

    #[test]
    fn given_a_unit_when_it_starts_what_there_is_with_its_own_example_then_nothing_is_said() {
        let unit = "[Service]\nExecStart=/usr/local/bin/joulebook keeper --config /etc/joulebook/keeper.toml\n";
        assert_eq!(said_of_unit("keeper", unit, &commands(SOURCE)), [""; 0]);
    }

    #[test]
    fn given_a_unit_when_its_start_is_of_something_else_then_it_is_said() {
        let said = |start: &str| said_of_unit("keeper", start, &commands(SOURCE));
        let start = "ExecStart=/usr/local/bin/joulebook keepr --config /etc/joulebook/keeper.toml";
        assert_eq!(said(start), ["there is no command 'keepr'"]);
        let start = "joulebook keeper --config /etc/joulebook/home.toml";
        let expected = [format!("'{start}' does not take keeper.toml")];
        assert_eq!(said(&format!("ExecStart={start}")), expected);
        for unit in [
            String::new(),
            format!("ExecStart={start}\nExecStart={start}"),
        ] {
            assert_eq!(said(&unit), ["one ExecStart is expected"], "{unit}");
        }
    }

    #[test]
    fn given_an_image_when_its_rust_or_its_example_is_another_then_it_is_said() {
        let said = |image: &str| {
            let workspace = "[workspace.package]\nrust-version = \"1.95\"\n";
            said_of_image(image, workspace, &commands(SOURCE))
        };
        let image = |version: &str, command: &str| {
            format!(
                "#   podman run joulebook {command} --config FILE\n\
                 FROM docker.io/library/rust:{version}-bookworm AS build\n"
            )
        };
        assert_eq!(said(&image("1.95", "keeper")), [""; 0]);
        let expected = ["Cargo.toml asks for Rust 1.95"];
        assert_eq!(said(&image("1.9", "keeper")), expected);
        let expected = ["there is no command 'baker'"];
        assert_eq!(said(&image("1.95", "baker")), expected);
    }
}
