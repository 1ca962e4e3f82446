//! The tables of `docs/message-format.md`: every account, its rows, and what the bytes of a code stand for, as
//! crates/layout has them.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use anyhow::{bail, Context, Result};
use joulebook_layout::{
    describe::{Code, Constant, Interface, Layout, Struct, Type},
    DISCRIMINATOR_LEN, INTERFACES,
};

use crate::comments::one_line;

/// What the oracle says of each reading: in its source, as no account holds it.
const ANSWERS: &str = "programs/oracle/src/reading/signed.rs";
const ANSWER: &str = "ReadingResult";
const PAGE: &str = "docs/message-format.md";
const BEGIN: &str = "<!-- Generated from crates/layout by `cargo xtask formats`: change that. -->";
const END: &str = "<!-- End of what is generated. -->";

pub fn write(root: &Path) -> Result<()> {
    let path = root.join(PAGE);
    let page = fs::read_to_string(&path).context(PAGE)?;
    fs::write(&path, with_tables(&page, &tables(root)?)?)?;
    println!("{PAGE} has the tables of crates/layout");
    Ok(())
}

pub fn check(root: &Path) -> Result<()> {
    let page = fs::read_to_string(root.join(PAGE)).context(PAGE)?;
    if with_tables(&page, &tables(root)?)? != page {
        bail!("stale: {PAGE}. `make generate` renews its tables");
    }
    println!("{PAGE} has the tables of crates/layout");
    Ok(())
}

fn with_tables(page: &str, tables: &str) -> Result<String> {
    let (before, rest) = page
        .split_once(BEGIN)
        .with_context(|| format!("{PAGE} has no line {BEGIN}"))?;
    let (_, after) = rest
        .split_once(END)
        .with_context(|| format!("{PAGE} has no line {END}"))?;
    Ok(format!("{before}{BEGIN}\n\n{tables}{END}{after}"))
}

fn tables(root: &Path) -> Result<String> {
    let mut text = String::new();
    for interface in INTERFACES {
        program(&mut text, interface)?;
    }
    let source = fs::read_to_string(root.join(ANSWERS)).context(ANSWERS)?;
    answers(&mut text, &source)?;
    Ok(text)
}

/// The values of the enum `ANSWER`, with their comments.
fn answers(text: &mut String, source: &str) -> Result<()> {
    let items = syn::parse_file(source)?.items;
    let found = items.into_iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == ANSWER => Some(item),
        _ => None,
    });
    let found = found.with_context(|| format!("{ANSWERS} has no enum {ANSWER}"))?;
    writeln!(text, "### {ANSWER}\n\n{}\n", comment(&found.attrs))?;
    writeln!(text, "| value | name | meaning |\n| --- | --- | --- |")?;
    for (number, variant) in found.variants.iter().enumerate() {
        let meaning = comment(&variant.attrs);
        writeln!(text, "| {number} | {} | {meaning} |", variant.ident)?;
    }
    writeln!(text)?;
    Ok(())
}

fn comment(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let syn::Meta::NameValue(said) = &attribute.meta else {
            return None;
        };
        match &said.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(line),
                ..
            }) if said.path.is_ident("doc") => Some(line.value()),
            _ => None,
        }
    });
    let lines: Vec<_> = lines.collect();
    one_line(&lines.iter().map(String::as_str).collect::<Vec<_>>())
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
        let once = with_tables(&page, "| fresh |\n").unwrap();
        assert!(once.starts_with("before\n") && once.ends_with("\nafter\n"));
        assert!(!once.contains("| stale |") && once.contains("| fresh |"));
        assert_eq!(with_tables(&once, "| fresh |\n").unwrap(), once);
    }

    #[test]
    fn given_a_page_without_its_marks_when_written_then_it_says_so() {
        assert!(with_tables("no marks", "")
            .unwrap_err()
            .to_string()
            .contains(PAGE));
    }
}
