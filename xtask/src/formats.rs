//! The tables of `docs/message-format.md`: every account, its rows, and what the bytes of a code stand for, as
//! crates/layout has them.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use anyhow::{bail, Context, Result};
use joulebook_layout::{
    describe::{Code, Constant, Interface, Layout, Struct, Type},
    DISCRIMINATOR_LEN, INTERFACES,
};

use crate::comments::one_line;

const PAGE: &str = "docs/message-format.md";
const BEGIN: &str = "<!-- Generated from crates/layout by `cargo xtask formats`: change that. -->";
const END: &str = "<!-- End of what is generated. -->";

pub fn write(root: &Path) -> Result<()> {
    let path = root.join(PAGE);
    let page = fs::read_to_string(&path).context(PAGE)?;
    fs::write(&path, with_tables(&page)?)?;
    println!("{PAGE} has the tables of crates/layout");
    Ok(())
}

pub fn check(root: &Path) -> Result<()> {
    let page = fs::read_to_string(root.join(PAGE)).context(PAGE)?;
    if with_tables(&page)? != page {
        bail!("stale: {PAGE}. `make generate` renews its tables");
    }
    println!("{PAGE} has the tables of crates/layout");
    Ok(())
}

fn with_tables(page: &str) -> Result<String> {
    let (before, rest) = page
        .split_once(BEGIN)
        .with_context(|| format!("{PAGE} has no line {BEGIN}"))?;
    let (_, after) = rest
        .split_once(END)
        .with_context(|| format!("{PAGE} has no line {END}"))?;
    Ok(format!("{before}{BEGIN}\n\n{}{END}{after}", tables()?))
}

fn tables() -> Result<String> {
    let mut text = String::new();
    for interface in INTERFACES {
        program(&mut text, interface)?;
    }
    Ok(text)
}

fn program(text: &mut String, interface: &Interface) -> Result<()> {
    writeln!(text, "### Addresses of the {}\n", interface.program)?;
    writeln!(text, "| account | seeds |\n| --- | --- |")?;
    for seeds in interface.seeds {
        let account = seeds.name.to_lowercase().replace('_', " ");
        writeln!(text, "| {account} | {} |", one_line(seeds.docs))?;
    }
    writeln!(text)?;
    let mut seen = BTreeSet::new();
    for layout in interface.accounts {
        account(text, layout, &mut seen)?;
    }
    for message in interface.messages {
        structure(text, message, 0, &mut seen)?;
    }
    for code in interface.codes {
        values(text, code)?;
    }
    writeln!(text, "### Numbers of the {}\n", interface.program)?;
    writeln!(text, "| name | value | meaning |\n| --- | --- | --- |")?;
    for constants in interface.constants {
        for constant in *constants {
            number(text, constant)?;
        }
    }
    writeln!(text)?;
    Ok(())
}

fn account(text: &mut String, layout: &Layout, seen: &mut BTreeSet<&str>) -> Result<()> {
    structure(text, layout.header, DISCRIMINATOR_LEN, seen)?;
    if layout.rows.is_empty() {
        return Ok(());
    }
    writeln!(text, "The header is followed by rows:\n")?;
    writeln!(
        text,
        "| rows | how many | of | bytes each |\n| --- | --- | --- | --- |"
    )?;
    for rows in layout.rows {
        let bytes: usize = rows.structure.fields.iter().map(|field| field.size).sum();
        let (name, count, of) = (rows.name, rows.count, rows.structure.name);
        writeln!(text, "| `{name}` | {count} | `{of}` | {bytes} |")?;
    }
    writeln!(text)?;
    for rows in layout.rows {
        structure(text, rows.structure, 0, seen)?;
    }
    Ok(())
}

/// A structure's fields, and the structures inside it, each once.
fn structure(
    text: &mut String,
    structure: &'static Struct,
    start: usize,
    seen: &mut BTreeSet<&str>,
) -> Result<()> {
    if !seen.insert(structure.name) {
        return Ok(());
    }
    writeln!(
        text,
        "### {}\n\n{}\n",
        structure.name,
        one_line(structure.docs)
    )?;
    writeln!(
        text,
        "| offset | bytes | field | type | meaning |\n| --- | --- | --- | --- | --- |"
    )?;
    for field in structure.fields {
        writeln!(
            text,
            "| {} | {} | `{}` | {} | {} |",
            start + field.offset,
            field.size,
            field.name,
            type_name(field.ty),
            one_line(field.docs)
        )?;
    }
    writeln!(text)?;
    for field in structure.fields {
        if let Some(inner) = field.ty.element().structure() {
            self::structure(text, inner, 0, seen)?;
        }
    }
    Ok(())
}

fn type_name(ty: Type) -> String {
    match ty {
        Type::U8 => "u8".into(),
        Type::U16 => "u16".into(),
        Type::U32 => "u32".into(),
        Type::U64 => "u64".into(),
        Type::I32 => "i32".into(),
        Type::I64 => "i64".into(),
        Type::Address => "address".into(),
        Type::Array(inner, len) => format!("{len} × {}", type_name(*inner)),
        Type::Struct(structure) => format!("`{}`", structure.name),
    }
}

fn values(text: &mut String, code: &Code) -> Result<()> {
    writeln!(text, "### {}\n\n{}\n", code.name, one_line(code.docs))?;
    writeln!(text, "| value | name | meaning |\n| --- | --- | --- |")?;
    for (number, value) in code.values.iter().enumerate() {
        writeln!(
            text,
            "| {number} | {} | {} |",
            value.name,
            one_line(value.docs)
        )?;
    }
    writeln!(text)?;
    Ok(())
}

fn number(text: &mut String, constant: &Constant) -> Result<()> {
    let (name, value) = (constant.name, constant.value);
    writeln!(text, "| `{name}` | {value} | {} |", one_line(constant.docs))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_page_when_written_twice_then_it_stays_and_what_is_around_is_kept() {
        let page = format!("before\n{BEGIN}\n| stale |\n{END}\nafter\n");
        let once = with_tables(&page).unwrap();
        assert!(once.starts_with("before\n") && once.ends_with("\nafter\n"));
        assert!(!once.contains("| stale |") && once.contains("### Seat"));
        assert_eq!(with_tables(&once).unwrap(), once);
    }

    #[test]
    fn given_a_page_without_its_marks_when_written_then_it_says_so() {
        assert!(with_tables("no marks")
            .unwrap_err()
            .to_string()
            .contains(PAGE));
    }
}
